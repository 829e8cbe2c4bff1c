package org.penstock.concurrency.mailbox.internal;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;
import org.penstock.api.concurrency.Attempt;
import org.penstock.api.concurrency.Awaited;
import org.penstock.api.concurrency.Exclusion;
import org.penstock.api.concurrency.ExecutionLevel;
import org.penstock.api.concurrency.Indication;
import org.penstock.api.concurrency.Partition;
import org.penstock.api.concurrency.Section;
import org.penstock.api.concurrency.StrategyHost;
import org.penstock.api.concurrency.StrategyStatistics;
import org.penstock.api.concurrency.support.Tally;
import org.penstock.api.runtime.StackRuntime;
import org.penstock.api.sync.Gate;
import org.penstock.api.sync.MpscQueue;
import org.penstock.api.sync.Mutex;

/**
 * The queue in front of the partition, and the occupations that the stack thread makes of it. One
 * occupation serves {@value #SECTIONS} entries of the queue at most.
 */
final class Mailbox implements Exclusion {

  private static final int SECTIONS = 64;

  private final StrategyHost host;
  private final String strategy;
  private final StackRuntime runtime;
  private final Partition partition;
  private final Gate gate;
  private final MpscQueue<Section> queue = new MpscQueue<>();
  private final Tally tally;

  /** For those who empty the queue when no stack thread is left: one at a time, in order. */
  private final Mutex undertaker;

  private StackThread thread;
  private volatile boolean closed;
  private volatile boolean ended;

  // From here on: the stack thread's.
  private @Nullable Section pending;
  private final ArrayDeque<Wait> signalled = new ArrayDeque<>();
  private @Nullable Wait asleep;
  private boolean inside;
  private long deadline = StackRuntime.NEVER;

  @SuppressWarnings("NullAway.Init") // servedBy completes it
  Mailbox(StrategyHost host, String strategy) {
    this.host = host;
    this.strategy = strategy;
    this.runtime = host.runtime();
    this.partition = host.partition(0);
    this.gate = new Gate(runtime);
    this.tally = new Tally(runtime);
    this.undertaker = new Mutex(runtime);
  }

  /** Before anything else. */
  void servedBy(StackThread stackThread) {
    this.thread = stackThread;
  }

  void open() {
    gate.open();
  }

  boolean isOpen() {
    return gate.isOpen();
  }

  Partition partition() {
    return partition;
  }

  StrategyStatistics statistics() {
    return tally.statistics();
  }

  // ---- the ways in

  @Override
  public void post(Section section) {
    tally.posted();
    offer(section);
  }

  /** Puts an entry into the queue and sees to it that somebody takes it. */
  void offer(Section entry) {
    queue.offer(entry);
    if (ended) {
      passOn();
    } else {
      thread.wake();
    }
  }

  @Override
  public boolean call(Section section) {
    boolean own = thread.isCaller();
    if (own && inside) {
      return partition.run(section);
    }
    if (ExecutionLevel.current() == ExecutionLevel.CORE) {
      throw new IllegalStateException(
          "call into stack "
              + host.stack()
              + " from inside another partition under strategy "
              + strategy
              + ": post a section instead");
    }
    gate.pass();
    if (closed) {
      return false;
    }
    Call call = new Call(this, runtime, section, !own && thread.isBusy());
    offer(call);
    if (own) {
      // In a handler, or in the driver's own code: nobody else would serve it.
      while (!call.isEnded()) {
        serve();
      }
    } else {
      call.spin();
      call.sleep();
    }
    return call.result();
  }

  @Override
  public boolean deliver(Section section) {
    if (!thread.isCaller() || inside || closed) {
      return false;
    }
    if (ExecutionLevel.current() == ExecutionLevel.CORE) {
      return false;
    }
    begin();
    try {
      return partition.run(section);
    } finally {
      drain();
      finish();
    }
  }

  @Override
  public Awaited await(Attempt attempt, long deadlineNanos) {
    ExecutionLevel.requirePassive("await", strategy);
    if (thread.isCaller()) {
      throw new IllegalStateException(
          "await on the thread of stack " + host.stack() + " under strategy " + strategy);
    }
    gate.pass();
    if (closed) {
      return Awaited.MOVED;
    }
    Wait wait = new Wait(this, runtime, attempt, thread.isBusy());
    offer(wait);
    try {
      return wait.await(deadlineNanos);
    } finally {
      // The stack thread is through with it, however it ended.
      attempt.sleeper(null);
    }
  }

  @Override
  public void signal(Attempt attempt) {
    // A sleeper of another instance finds out by MOVED and tries again by this one.
    if (attempt.sleeper() instanceof Wait wait && wait.isOf(this) && !wait.signalled) {
      wait.signalled = true;
      signalled.add(wait);
    }
  }

  // ---- occupations, on the stack thread

  /** True if the queue holds something that the stack thread must look at before it idles. */
  boolean isWaiting() {
    return pending != null || !signalled.isEmpty() || !queue.isEmpty();
  }

  long deadline() {
    return deadline;
  }

  /** Serves the queue once. */
  void serve() {
    begin();
    drain();
    finish();
  }

  /** Runs due timers once, and the queue. */
  void serveTimers() {
    begin();
    try {
      partition.runTimers();
    } finally {
      drain();
      finish();
    }
  }

  private void begin() {
    tally.enter();
    partition.enter();
    inside = true;
  }

  private void drain() {
    for (int i = 0; i < SECTIONS; i++) {
      Section entry = take();
      if (entry == null) {
        break;
      }
      switch (entry) {
        case Request<?> request -> serve(request);
        case Wait.GiveUp end -> end.serve();
        default -> runPosted(entry);
      }
    }
    // Not those that are signalled meanwhile: theirs is the next occupation.
    for (int i = signalled.size(); i > 0; i--) {
      Wait wait = signalled.remove();
      wait.signalled = false;
      serve(wait);
    }
  }

  private static void serve(Request<?> request) {
    try {
      request.serve();
    } catch (Throwable e) {
      // Thrown to who waits for it; the occupation goes on.
      request.fail(e);
    }
  }

  private void runPosted(Section section) {
    tally.taken();
    try {
      if (!partition.run(section)) {
        host.forward(section);
      }
    } catch (Throwable e) {
      host.failed("a section of stack " + host.stack(), e);
    }
  }

  private @Nullable Section take() {
    if (pending == null) {
      pending = queue.takeAll();
      if (pending == null) {
        return null;
      }
    }
    Section entry = pending;
    pending = entry.unlink();
    return entry;
  }

  private void finish() {
    Indication chain = null;
    try {
      deadline = partition.isRetired() ? StackRuntime.NEVER : partition.nextDeadline();
      chain = partition.leave();
    } catch (Throwable e) {
      host.failed("leaving a partition of stack " + host.stack(), e);
    }
    inside = false;
    tally.leave();
    if (chain != null) {
      partition.indicate(chain);
    }
  }

  /** A caller got in; inside. */
  void entered(boolean busy, long askedNanos) {
    if (busy) {
      tally.contended();
    }
    tally.delayed(runtime.nanoTime() - askedNanos);
  }

  void list(Wait wait) {
    tally.waited();
    wait.listed = true;
    wait.next = asleep;
    if (asleep != null) {
      asleep.previous = wait;
    }
    asleep = wait;
  }

  void unlist(Wait wait) {
    if (wait.listed) {
      wait.listed = false;
      if (wait.previous == null) {
        asleep = wait.next;
      } else {
        wait.previous.next = wait.next;
      }
      if (wait.next != null) {
        wait.next.previous = wait.previous;
      }
      wait.next = null;
      wait.previous = null;
    }
  }

  // ---- the end

  /** Lets nobody in any more; the stack thread is told to end by itself. */
  void close() {
    closed = true;
    gate.open();
  }

  /** The stack thread's last act: nothing is run any more, everything is passed on. */
  void end() {
    undertaker.lock();
    ended = true;
    while (asleep != null) {
      asleep.refuse();
    }
    bury();
    undertaker.unlock();
    passOn();
  }

  private void passOn() {
    while (!queue.isEmpty() && undertaker.tryLock()) {
      bury();
      undertaker.unlock();
    }
  }

  private void bury() {
    for (Section entry = take(); entry != null; entry = take()) {
      switch (entry) {
        case Request<?> request -> request.refuse();
        case Wait.GiveUp end -> end.refuse();
        default -> {
          tally.taken();
          host.forward(entry);
        }
      }
    }
  }
}
