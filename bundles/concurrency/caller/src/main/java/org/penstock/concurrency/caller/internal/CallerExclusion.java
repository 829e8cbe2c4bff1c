package org.penstock.concurrency.caller.internal;

import org.jspecify.annotations.Nullable;
import org.penstock.api.concurrency.Attempt;
import org.penstock.api.concurrency.Awaited;
import org.penstock.api.concurrency.Exclusion;
import org.penstock.api.concurrency.ExecutionLevel;
import org.penstock.api.concurrency.Indication;
import org.penstock.api.concurrency.Partition;
import org.penstock.api.concurrency.Partition.Attempted;
import org.penstock.api.concurrency.Section;
import org.penstock.api.concurrency.StrategyHost;
import org.penstock.api.concurrency.StrategyStatistics;
import org.penstock.api.concurrency.support.Tally;
import org.penstock.api.runtime.StackRuntime;
import org.penstock.api.sync.Gate;
import org.penstock.api.sync.MpscQueue;
import org.penstock.api.sync.Mutex;
import org.penstock.concurrency.caller.CallerStrategy;
import org.penstock.concurrency.caller.WouldSleepException;

/**
 * The exclusion: one thread, and a queue for what comes from others. The mutex is there for the
 * thread that closes the instance, and is free whenever the driving thread wants it.
 */
final class CallerExclusion implements Exclusion {

  private static final int SECTIONS = 64;
  private static final int TURNS = 1_000;

  private final StrategyHost host;
  private final StackRuntime runtime;
  private final Rounds rounds;
  private final Partition partition;
  private final Mutex mutex;
  private final Gate gate;
  private final MpscQueue<Section> queue = new MpscQueue<>();
  private final Tally tally;
  private volatile boolean closed;

  /** The driving thread by the runtime's number, 0 as long as there is none. */
  private volatile long driver;

  /** What the partition announced last; the driving thread's. */
  private volatile long deadline = StackRuntime.NEVER;

  /** Sections taken out of the queue that wait; the holder's. */
  private @Nullable Section pending;

  CallerExclusion(StrategyHost host, Rounds rounds) {
    this.host = host;
    this.runtime = host.runtime();
    this.rounds = rounds;
    this.partition = host.partition(0);
    this.mutex = new Mutex(runtime);
    this.gate = new Gate(runtime);
    this.tally = new Tally(runtime);
  }

  // ---- who drives

  boolean isOpen() {
    return gate.isOpen() && !closed;
  }

  void open() {
    // The partition may come with timers that run: the first poll enters and finds out.
    deadline = 0;
    gate.open();
  }

  boolean isDriver() {
    return driver == runtime.threadId();
  }

  void takeOver() {
    driver = runtime.threadId();
  }

  /** The first who asks becomes the driving thread. */
  void requireDriver(String call) {
    long caller = runtime.threadId();
    long known = driver;
    if (known == 0) {
      driver = caller;
    } else if (known != caller) {
      throw new IllegalStateException(
          call
              + " on stack "
              + host.stack()
              + " by thread "
              + caller
              + ", which is driven by thread "
              + known
              + " under strategy caller: post a section, or take over first");
    }
  }

  StrategyStatistics statistics() {
    return tally.statistics();
  }

  long nextDeadline() {
    return isOpen() && isWaiting() ? Math.min(deadline, runtime.nanoTime()) : deadline;
  }

  // ---- the ways in

  @Override
  public void post(Section section) {
    tally.posted();
    queue.offer(section);
    if (closed) {
      passOn();
    } else if (gate.isOpen()
        && isDriver()
        && ExecutionLevel.current() == ExecutionLevel.PASSIVE
        && !mutex.isHeldByCaller()) {
      settle();
    }
  }

  @Override
  public boolean call(Section section) {
    if (mutex.isHeldByCaller()) {
      return partition.run(section);
    }
    refuseInsideAnother();
    gate.pass();
    if (closed) {
      return false;
    }
    requireDriver("call");
    settle();
    return runAlone(section);
  }

  @Override
  public boolean deliver(Section section) {
    if (!isOpen() || ExecutionLevel.current() == ExecutionLevel.CORE) {
      return false;
    }
    if (driver != 0 && !isDriver()) {
      return false;
    }
    requireDriver("deliver");
    return runAlone(section);
  }

  private boolean runAlone(Section section) {
    begin();
    try {
      return partition.run(section);
    } finally {
      finish();
      settle();
    }
  }

  @Override
  public Awaited await(Attempt attempt, long deadlineNanos) {
    ExecutionLevel.requirePassive("await", CallerStrategy.STRATEGY);
    gate.pass();
    if (closed) {
      return Awaited.MOVED;
    }
    requireDriver("await");
    while (true) {
      settle();
      Attempted attempted = attempt(attempt);
      if (attempted == Attempted.DONE) {
        return Awaited.DONE;
      }
      if (attempted == Attempted.MOVED) {
        return Awaited.MOVED;
      }
      if (rounds.poll() > 0) {
        continue;
      }
      // A deadline that is past makes this a look at the interrupt status.
      if (!runtime.parker().park(0)) {
        return giveUp(attempt, Awaited.INTERRUPTED);
      }
      if (deadlineNanos != StackRuntime.NEVER && runtime.nanoTime() >= deadlineNanos) {
        return giveUp(attempt, Awaited.TIMED_OUT);
      }
      tally.waited();
      long next = rounds.nextDeadline();
      if (!rounds.waiting().await(Math.min(next, deadlineNanos))) {
        Awaited last = giveUp(attempt, Awaited.TIMED_OUT);
        if (last == Awaited.TIMED_OUT) {
          throw new WouldSleepException(host.stack(), next);
        }
        return last;
      }
    }
  }

  private Attempted attempt(Attempt attempt) {
    begin();
    try {
      return partition.attempt(attempt);
    } finally {
      finish();
    }
  }

  /** A last attempt, and if that fails too the registration is taken back. */
  private Awaited giveUp(Attempt attempt, Awaited end) {
    begin();
    try {
      Attempted attempted = partition.attempt(attempt);
      if (attempted == Attempted.NOT_YET) {
        partition.abandon(attempt);
        return end;
      }
      return attempted == Attempted.DONE ? Awaited.DONE : Awaited.MOVED;
    } finally {
      finish();
    }
  }

  @Override
  public void signal(Attempt attempt) {
    // Nobody sleeps: a wait tries again after every poll.
  }

  // ---- an occupation

  /** Posted sections and due timers once; the number of things done. */
  int step() {
    int done = 0;
    if (isWaiting()) {
      begin();
      done += drain();
      finish();
    }
    if (deadline != StackRuntime.NEVER && deadline <= runtime.nanoTime()) {
      begin();
      try {
        done += partition.runTimers();
      } finally {
        finish();
      }
    }
    return done;
  }

  /** Runs all that is posted, but does not run for ever where sections post themselves again. */
  private void settle() {
    for (int turn = 0; turn < TURNS && isWaiting(); turn++) {
      begin();
      drain();
      finish();
    }
  }

  private boolean isWaiting() {
    return pending != null || !queue.isEmpty();
  }

  private void begin() {
    mutex.lock();
    try {
      tally.enter();
      partition.enter();
    } catch (Throwable e) {
      mutex.unlock();
      throw e;
    }
  }

  private int drain() {
    int done = 0;
    while (done < SECTIONS) {
      if (pending == null) {
        pending = queue.takeAll();
        if (pending == null) {
          break;
        }
      }
      Section section = pending;
      pending = section.unlink();
      tally.taken();
      runPosted(section);
      done++;
    }
    return done;
  }

  private void runPosted(Section section) {
    try {
      if (!partition.run(section)) {
        host.forward(section);
      }
    } catch (Throwable e) {
      host.failed("a section of stack " + host.stack(), e);
    }
  }

  private void finish() {
    Indication chain = null;
    try {
      deadline = partition.isRetired() ? StackRuntime.NEVER : partition.nextDeadline();
      chain = partition.leave();
    } catch (Throwable e) {
      host.failed("leaving a partition of stack " + host.stack(), e);
    }
    tally.leave();
    mutex.unlock();
    if (chain != null) {
      partition.indicate(chain);
    }
  }

  private void refuseInsideAnother() {
    if (ExecutionLevel.current() == ExecutionLevel.CORE) {
      throw new IllegalStateException(
          "call into stack "
              + host.stack()
              + " from inside another partition under strategy caller: post a section instead");
    }
  }

  // ---- the end

  boolean close(long deadlineNanos) {
    closed = true;
    gate.open();
    if (!mutex.lock(deadlineNanos)) {
      return false;
    }
    forwardAll();
    mutex.unlock();
    passOn();
    return true;
  }

  private void passOn() {
    while (!queue.isEmpty() && mutex.tryLock()) {
      forwardAll();
      mutex.unlock();
    }
  }

  private void forwardAll() {
    while (true) {
      if (pending == null) {
        pending = queue.takeAll();
        if (pending == null) {
          return;
        }
      }
      Section section = pending;
      pending = section.unlink();
      tally.taken();
      host.forward(section);
    }
  }
}
