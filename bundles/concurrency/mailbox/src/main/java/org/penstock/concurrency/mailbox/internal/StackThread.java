package org.penstock.concurrency.mailbox.internal;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.penstock.api.concurrency.StrategyHost;
import org.penstock.api.netif.QueueAgent;
import org.penstock.api.runtime.Parker;
import org.penstock.api.runtime.RuntimeThread;
import org.penstock.api.runtime.StackRuntime;

/**
 * The one thread that enters the partition. Each round it serves the mailbox, runs timers that are
 * due, and works the driver queue it was given; a round that found nothing to do ends idling in
 * that queue, or in a parker if there is none.
 *
 * <p>It says that it idles before it looks at the mailbox for the last time, and who posts offers
 * before looking whether it idles: one sees the other. Whoever takes the {@link #idles} mark away
 * wakes it, so that it is woken once, and never while it works.
 */
final class StackThread {

  private static final int BUDGET = 64;

  /** How long a queue is left alone after an exception of its driver. */
  private static final long BACK_OFF_NANOS = 100_000_000L;

  /** How often a release looks whether the last of those who wake is gone. */
  private static final long LOOK_NANOS = 50_000L;

  private record Driven(QueueAgent agent, String name) {}

  private final StrategyHost host;
  private final StackRuntime runtime;
  private final Mailbox mailbox;
  private final AtomicBoolean idles = new AtomicBoolean();
  private final AtomicInteger wakers = new AtomicInteger();

  /** The queue to drive; set from outside. */
  private volatile @Nullable Driven driven;

  /** The queue that the thread is in, or about to enter; set by the thread. */
  private volatile @Nullable Driven inUse;

  /** Who waits for {@link #inUse} to change. */
  private volatile @Nullable Parker releaser;

  private volatile boolean stopped;
  private volatile long id;
  private volatile @Nullable Parker parker;
  private @Nullable RuntimeThread thread;
  private long quietUntil;

  StackThread(StrategyHost host, Mailbox mailbox) {
    this.host = host;
    this.runtime = host.runtime();
    this.mailbox = mailbox;
  }

  void start() {
    thread = runtime.start("penstock-" + host.stack() + "-stack", this::run);
  }

  // ---- from any thread

  boolean isCaller() {
    return id == runtime.threadId();
  }

  /** True unless the thread idles at this moment. */
  boolean isBusy() {
    return !idles.get();
  }

  /** Ends the thread's idling, if it does. */
  void wake() {
    if (!idles.get()) {
      return;
    }
    // Counted, so that a release can wait for who is about to wake the queue it takes away.
    wakers.incrementAndGet();
    if (idles.compareAndSet(true, false)) {
      Driven where = inUse;
      if (where == null) {
        nudge();
      } else {
        wake(where);
      }
    }
    wakers.decrementAndGet();
  }

  private void wake(Driven where) {
    try {
      where.agent.wake();
    } catch (Throwable e) {
      host.failed("waking the queue " + where.name, e);
    }
  }

  /** Unparks the thread where it waits outside of a queue. */
  void nudge() {
    Parker own = parker;
    if (own != null) {
      own.unpark();
    }
  }

  // ---- from the thread that holds the instance

  /** False if it drives another queue already. */
  boolean drive(QueueAgent agent, String name) {
    Driven before = driven;
    if (before != null) {
      if (before.agent == agent) {
        throw new IllegalStateException("the queue " + name + " is driven already");
      }
      return false;
    }
    driven = new Driven(agent, name);
    wake();
    return true;
  }

  /** True if no thread is in this queue on our behalf, and none will enter it again. */
  boolean release(QueueAgent agent, long deadlineNanos) {
    Driven wanted = driven;
    if (wanted != null && wanted.agent == agent) {
      driven = null;
      wake();
    }
    Parker own = runtime.parker();
    releaser = own;
    while (isIn(agent)) {
      if (isCaller() || runtime.nanoTime() >= deadlineNanos) {
        return false;
      }
      own.parkUninterruptibly(deadlineNanos);
    }
    releaser = null;
    // Who wakes reads which queue we are in after it was counted: from here on not this one.
    while (wakers.get() != 0) {
      long now = runtime.nanoTime();
      if (now >= deadlineNanos) {
        return false;
      }
      own.parkUninterruptibly(Math.min(deadlineNanos, now + LOOK_NANOS));
    }
    return true;
  }

  private boolean isIn(QueueAgent agent) {
    Driven where = inUse;
    return where != null && where.agent == agent;
  }

  /** Tells the thread to end. */
  void stop() {
    stopped = true;
    driven = null;
    wake();
    nudge();
  }

  /** Waits for the thread's end; false if it does not come in time. */
  boolean join(long deadlineNanos) {
    return thread == null || thread.join(deadlineNanos);
  }

  // ---- the thread

  private void run() {
    id = runtime.threadId();
    Parker own = runtime.parker();
    parker = own;
    while (!mailbox.isOpen() && !stopped) {
      own.park(StackRuntime.NEVER);
    }
    if (!stopped) {
      // Even if nothing was posted: the partition may come with timers that run.
      mailbox.serve();
    }
    while (!stopped) {
      try {
        if (!round()) {
          idle(own);
        }
      } catch (Throwable e) {
        host.failed("the thread of stack " + host.stack(), e);
      }
    }
    use(null);
    mailbox.end();
  }

  /** One round; false if there was nothing to do. */
  private boolean round() {
    boolean did = false;
    long deadline = mailbox.deadline();
    if (deadline != StackRuntime.NEVER && deadline <= runtime.nanoTime()) {
      mailbox.serveTimers();
      did = true;
    } else if (mailbox.isWaiting()) {
      mailbox.serve();
      did = true;
    }
    Driven queue = choose();
    if (queue != null) {
      try {
        did |= queue.agent.work(BUDGET) > 0;
      } catch (Throwable e) {
        backOff(queue, e);
      }
    }
    return did;
  }

  /** The queue to be in from now on. */
  private @Nullable Driven choose() {
    while (true) {
      Driven queue = isQuiet() ? null : driven;
      use(queue);
      // Said before looked again: a release that did not see us in it is seen here.
      if (queue == null || driven == queue) {
        return queue;
      }
    }
  }

  private void use(@Nullable Driven queue) {
    if (inUse != queue) {
      inUse = queue;
      Parker waiting = releaser;
      if (waiting != null) {
        waiting.unpark();
      }
    }
  }

  private void backOff(Driven queue, Throwable e) {
    host.failed("driving the queue " + queue.name, e);
    quietUntil = runtime.nanoTime() + BACK_OFF_NANOS;
    use(null);
  }

  private boolean isQuiet() {
    if (quietUntil != 0 && quietUntil <= runtime.nanoTime()) {
      quietUntil = 0;
    }
    return quietUntil != 0;
  }

  private void idle(Parker own) {
    Driven queue = inUse;
    idles.set(true);
    if (mailbox.isWaiting() || stopped || (quietUntil == 0 && driven != queue)) {
      idles.set(false);
      return;
    }
    long deadline = mailbox.deadline();
    try {
      if (queue != null) {
        queue.agent.idle(deadline);
      } else {
        own.park(quietUntil == 0 ? deadline : Math.min(deadline, quietUntil));
      }
    } catch (Throwable e) {
      if (queue != null) {
        backOff(queue, e);
      }
    } finally {
      idles.set(false);
    }
  }
}
