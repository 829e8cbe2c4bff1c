package org.penstock.api.concurrency.support;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.penstock.api.concurrency.StrategyHost;
import org.penstock.api.netif.QueueAgent;
import org.penstock.api.runtime.Parker;
import org.penstock.api.runtime.RuntimeThread;
import org.penstock.api.runtime.StackRuntime;

/**
 * The one thread that enters a partition. Each round it serves the mailbox, runs timers that are
 * due, and works the driver queue it was given; a round that found nothing to do ends idling in
 * that queue, or in a parker if there is none. A thread has one queue at most: it can sleep in one
 * place only.
 *
 * <p>It says where it sleeps before it looks at the mailbox for the last time, and who posts offers
 * before looking whether it sleeps: one sees the other. Whoever takes the {@link #sleepsIn} mark
 * away wakes it, so that it is woken once, and never while it works.
 *
 * <p><b>Calls between partitions.</b> An event handler runs on this thread, outside of the
 * partition, and may call into another one. Two handlers that call into each other's partition at
 * the same moment would wait for ever if their threads only waited. The rule: <em>whoever waits for
 * a partition's thread sleeps outside of every partition, and if it is a partition's thread itself,
 * it serves its own mailbox meanwhile</em> ({@link #serveUntilEnded}), whichever stack and instance
 * the other belongs to. So every partition's thread that waits can still be called, and a circle of
 * waiting threads undoes itself. What it serves meanwhile are posts, calls and waits; calls out of
 * the stack that these leave behind are made when the handler has returned, in order, so handlers
 * do not nest.
 */
final class PartitionThread {

  private static final int BUDGET = 64;

  /** How long a queue is left alone after an exception of its driver. */
  private static final long BACK_OFF_NANOS = 100_000_000L;

  /** How often a release looks whether the last of those who wake is gone. */
  private static final long LOOK_NANOS = 50_000L;

  /** {@link #sleepsIn} for a thread that sleeps in its parker, in no queue. */
  private static final Object PARKER = new Object();

  /** The calling thread, if it is a partition's; of whatever stack and instance. */
  private static final ThreadLocal<@Nullable PartitionThread> CURRENT = new ThreadLocal<>();

  private record Driven(QueueAgent agent, String name) {}

  private final StrategyHost host;
  private final StackRuntime runtime;
  private final PartitionMailbox mailbox;
  private final AtomicInteger wakers = new AtomicInteger();

  /** The queue that the thread sleeps in, {@link #PARKER}, or null while it works. */
  private final AtomicReference<@Nullable Object> sleepsIn = new AtomicReference<>();

  /** The queue to drive; set from outside. */
  private volatile @Nullable Driven driven;

  /** The queue that the thread is in, or about to enter; set by the thread. */
  private volatile @Nullable Driven inUse;

  /** Who waits for {@link #inUse} to change. */
  private volatile @Nullable Parker releaser;

  private volatile boolean stopped;
  private volatile @Nullable Parker parker;
  private @Nullable RuntimeThread thread;
  private long quietUntil;

  PartitionThread(StrategyHost host, PartitionMailbox mailbox) {
    this.host = host;
    this.runtime = host.runtime();
    this.mailbox = mailbox;
  }

  void start(String name) {
    thread = runtime.start(name, this::run);
  }

  // ---- from any thread

  /** The calling thread, if it is a partition's of any instance. */
  static @Nullable PartitionThread caller() {
    return CURRENT.get();
  }

  boolean isCaller() {
    return CURRENT.get() == this;
  }

  /** True unless the thread sleeps at this moment. */
  boolean isBusy() {
    return sleepsIn.get() == null;
  }

  /** Ends the thread's sleep, if it sleeps. */
  void wake() {
    if (sleepsIn.get() == null) {
      return;
    }
    // Counted, so that a release can wait for who is about to wake the queue it takes away.
    wakers.incrementAndGet();
    Object where = sleepsIn.getAndSet(null);
    if (where instanceof Driven queue) {
      wake(queue);
    } else if (where != null) {
      nudge();
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

  /** True if it was given a queue. */
  boolean drives() {
    return driven != null;
  }

  /** True if it was given that queue. */
  boolean drives(QueueAgent agent) {
    Driven queue = driven;
    return queue != null && queue.agent == agent;
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
    if (driven != null) {
      return false;
    }
    driven = new Driven(agent, name);
    wake();
    return true;
  }

  /** True if no thread is in this queue on our behalf, and none will enter it again. */
  boolean release(QueueAgent agent, long deadlineNanos) {
    if (drives(agent)) {
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
    // Who wakes takes the mark of where the thread sleeps after it was counted: from here on that
    // is not this queue.
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

  /** The parker of the calling thread, which is this one. */
  Parker parker() {
    return Objects.requireNonNull(parker);
  }

  /** Waits for another thread to serve a request; the calling thread, which is this one. */
  void serveUntilEnded(MailboxRequest<?> request) {
    Parker own = parker();
    if (!mailbox.isWaiting()) {
      request.spin();
    }
    request.willSleep();
    while (!request.isEnded()) {
      if (mailbox.isWaiting()) {
        mailbox.serve();
        continue;
      }
      sleepsIn.set(PARKER);
      if (!mailbox.isWaiting() && !request.isEnded()) {
        own.parkUninterruptibly(StackRuntime.NEVER);
      }
      sleepsIn.set(null);
    }
  }

  private void run() {
    Parker own = runtime.parker();
    parker = own;
    CURRENT.set(this);
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
        host.failed("a partition's thread of stack " + host.stack(), e);
      }
    }
    use(null);
    mailbox.end();
    CURRENT.remove();
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
    sleepsIn.set(queue == null ? PARKER : queue);
    if (mailbox.isWaiting() || stopped || (quietUntil == 0 && driven != queue)) {
      sleepsIn.set(null);
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
      sleepsIn.set(null);
    }
  }
}
