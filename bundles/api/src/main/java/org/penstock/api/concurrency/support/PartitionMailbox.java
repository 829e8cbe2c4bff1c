package org.penstock.api.concurrency.support;

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
import org.penstock.api.runtime.Parker;
import org.penstock.api.runtime.StackRuntime;
import org.penstock.api.sync.MpscQueue;
import org.penstock.api.sync.Mutex;

/**
 * The queue in front of a partition, and the occupations that the partition's thread makes of it.
 * One occupation serves {@value #SECTIONS} entries of the queue at most. Before the instance opens
 * whatever comes waits in the queue.
 */
final class PartitionMailbox implements Exclusion {

  private static final int SECTIONS = 64;

  private final StrategyHost host;
  private final String strategy;
  private final StackRuntime runtime;
  private final Partition partition;
  private final MpscQueue<Section> queue = new MpscQueue<>();
  private final Tally tally;

  /**
   * For those who empty the queue when no thread of the partition is left: one at a time, in order.
   */
  private final Mutex undertaker;

  private PartitionThread thread;
  private volatile boolean open;
  private volatile boolean closed;
  private volatile boolean ended;

  // From here on: the partition's thread's.
  private @Nullable Section pending;
  private final ArrayDeque<MailboxWait> signalled = new ArrayDeque<>();
  private @Nullable MailboxWait asleep;
  private boolean inside;
  private long deadline = StackRuntime.NEVER;

  @SuppressWarnings("NullAway.Init") // servedBy completes it
  PartitionMailbox(StrategyHost host, String strategy, Partition partition) {
    this.host = host;
    this.strategy = strategy;
    this.runtime = host.runtime();
    this.partition = partition;
    this.tally = new Tally(runtime);
    this.undertaker = new Mutex(runtime);
  }

  /** Before anything else. */
  void servedBy(PartitionThread stackThread) {
    this.thread = stackThread;
  }

  void open() {
    open = true;
  }

  boolean isOpen() {
    return open;
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
    PartitionThread caller = PartitionThread.caller();
    if (caller == thread && inside) {
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
    if (closed) {
      return false;
    }
    boolean busy = caller != thread && thread.isBusy();
    Parker parker = caller == null ? runtime.parker() : caller.parker();
    MailboxCall call = new MailboxCall(this, runtime, parker, section, busy);
    offer(call);
    if (caller == null) {
      call.spin();
      call.sleep();
    } else {
      // In a handler, or in a driver's own code. Its own partition must be served meanwhile: the
      // call may be into that, or the thread that is called may be calling into it.
      caller.serveUntilEnded(call);
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
    if (PartitionThread.caller() != null) {
      throw new IllegalStateException(
          "await of stack " + host.stack() + " on a partition's thread under strategy " + strategy);
    }
    if (closed) {
      return Awaited.MOVED;
    }
    MailboxWait wait = new MailboxWait(this, runtime, attempt, thread.isBusy());
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
    if (attempt.sleeper() instanceof MailboxWait wait && wait.isOf(this) && !wait.signalled) {
      wait.signalled = true;
      signalled.add(wait);
    }
  }

  // ---- occupations, on the partition's thread

  /** True if the queue holds something that the thread must look at before it idles. */
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
        case MailboxRequest<?> request -> serve(request);
        case MailboxWait.GiveUp end -> end.serve();
        default -> runPosted(entry);
      }
    }
    // Not those that are signalled meanwhile: theirs is the next occupation.
    for (int i = signalled.size(); i > 0; i--) {
      MailboxWait wait = signalled.remove();
      wait.signalled = false;
      serve(wait);
    }
  }

  private static void serve(MailboxRequest<?> request) {
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

  void list(MailboxWait wait) {
    tally.waited();
    wait.listed = true;
    wait.next = asleep;
    if (asleep != null) {
      asleep.previous = wait;
    }
    asleep = wait;
  }

  void unlist(MailboxWait wait) {
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

  /** Lets nobody in any more; the thread is told to end by itself. */
  void close() {
    closed = true;
  }

  /** The thread's last act: nothing is run any more, everything is passed on. */
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
        case MailboxRequest<?> request -> request.refuse();
        case MailboxWait.GiveUp end -> end.refuse();
        default -> {
          tally.taken();
          host.forward(entry);
        }
      }
    }
  }
}
