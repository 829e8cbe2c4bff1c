package org.penstock.concurrency.globallock.internal;

import java.util.Arrays;
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
import org.penstock.api.concurrency.support.DeadlineThread;
import org.penstock.api.concurrency.support.Tally;
import org.penstock.api.runtime.Parker;
import org.penstock.api.runtime.StackRuntime;
import org.penstock.api.sync.Gate;
import org.penstock.api.sync.MpscQueue;
import org.penstock.api.sync.Mutex;

/**
 * The exclusion: a mutex, and a queue of posted sections.
 *
 * <p>Who posts offers to the queue and then tries the mutex. If it is free the poster runs the
 * queue; if not, the holder does, because every holder looks at the queue once more <em>after</em>
 * it has unlocked. One of the two sees the other: no section is left behind.
 *
 * <p>An occupation runs {@value #SECTIONS} posted sections at most. Nobody runs more than {@value
 * #TURNS} occupations for others; what is left then is the {@link DeadlineThread}'s.
 */
final class LockExclusion implements Exclusion {

  private static final int SECTIONS = 64;
  private static final int TURNS = 4;

  private final StrategyHost host;
  private final String strategy;
  private final StackRuntime runtime;
  private final Partition partition;
  private final Mutex mutex;
  private final Gate gate;
  private final MpscQueue<Section> queue = new MpscQueue<>();
  private final DeadlineThread keeper;
  private final Tally tally;
  private volatile boolean closed;

  /** How deep the thread is in calls that {@link #make} makes; a JDK type, which pins no bundle. */
  private final ThreadLocal<int[]> making = ThreadLocal.withInitial(() -> new int[1]);

  /** True if sections that were taken out of the queue wait; written by the holder. */
  private volatile boolean backlog;

  // From here on: touched by the holder of the mutex only.
  private @Nullable Section pending;
  private long chainsFinished;
  private @Nullable Sleeper asleep;
  private Parker[] woken = new Parker[4];
  private int wokenCount;

  LockExclusion(StrategyHost host, String strategy) {
    this.host = host;
    this.strategy = strategy;
    this.runtime = host.runtime();
    this.partition = host.partition(0);
    this.mutex = new Mutex(runtime);
    this.gate = new Gate(runtime);
    this.tally = new Tally(runtime);
    this.keeper =
        new DeadlineThread(host, "penstock-" + host.stack() + "-timers", this::serveDeadline);
  }

  void start() {
    keeper.start();
  }

  void open() {
    gate.open();
    // Enters even if nothing was posted: the partition may come with timers that run.
    serve();
  }

  StrategyStatistics statistics() {
    return tally.statistics();
  }

  // ---- the ways in

  @Override
  public void post(Section section) {
    tally.posted();
    queue.offer(section);
    if (closed) {
      passOn();
    } else if (gate.isOpen()) {
      help();
    }
  }

  @Override
  public boolean call(Section section) {
    if (mutex.isHeldByCaller()) {
      return partition.run(section);
    }
    refuseInsideAnother("call");
    gate.pass();
    if (closed) {
      return false;
    }
    lock();
    begin();
    // What the caller posted before stands in the chain taken already or in the next one.
    long ahead = chainsFinished + (pending == null ? 1 : 2);
    drain();
    while (chainsFinished < ahead && (pending != null || !queue.isEmpty())) {
      finish();
      lock();
      begin();
      drain();
    }
    return runAndFinish(section);
  }

  @Override
  public boolean deliver(Section section) {
    // A driver that pushes from inside another stack must not wait here with that one's exclusion.
    if (closed || !gate.isOpen() || ExecutionLevel.current() == ExecutionLevel.CORE) {
      return false;
    }
    lock();
    begin();
    return runAndFinish(section);
  }

  private boolean runAndFinish(Section section) {
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
    gate.pass();
    if (closed) {
      return Awaited.MOVED;
    }
    Sleeper sleeper = new Sleeper(this, runtime);
    Awaited end = null;
    while (true) {
      lock();
      begin();
      Awaited result;
      try {
        result = attempt(attempt, sleeper, end);
      } finally {
        drain();
        finish();
      }
      if (result != null) {
        return result;
      }
      tally.waited();
      end = sleeper.sleep(deadlineNanos);
      if (end == Awaited.MOVED) {
        return end;
      }
    }
  }

  /** One attempt, inside; null if the thread is to sleep. */
  private @Nullable Awaited attempt(Attempt attempt, Sleeper sleeper, @Nullable Awaited end) {
    // Taken off the list first, so that an attempt that throws leaves nothing behind.
    unlist(sleeper);
    sleeper.arm();
    attempt.sleeper(sleeper);
    Attempted attempted = partition.attempt(attempt);
    if (attempted == Attempted.MOVED) {
      // The attempt belongs to the strategy that followed; the sleeper on it is stale there.
      return Awaited.MOVED;
    }
    if (attempted == Attempted.DONE) {
      attempt.sleeper(null);
      return Awaited.DONE;
    }
    if (end == null) {
      list(sleeper);
      return null;
    }
    partition.abandon(attempt);
    attempt.sleeper(null);
    return end;
  }

  @Override
  public void signal(Attempt attempt) {
    // A sleeper of another instance finds out by MOVED and tries again by this one.
    if (attempt.sleeper() instanceof Sleeper sleeper && sleeper.home == this && sleeper.signal()) {
      if (wokenCount == woken.length) {
        woken = Arrays.copyOf(woken, 2 * wokenCount);
      }
      woken[wokenCount++] = sleeper.parker;
    }
  }

  // ---- an occupation; between begin and finish the mutex is held

  private void lock() {
    if (!mutex.tryLock()) {
      long asked = runtime.nanoTime();
      mutex.lock();
      tally.contended();
      tally.delayed(runtime.nanoTime() - asked);
    }
  }

  private void begin() {
    try {
      tally.enter();
      partition.enter();
    } catch (Throwable e) {
      mutex.unlock();
      throw e;
    }
  }

  /** Runs posted sections, as many as one occupation may. */
  private void drain() {
    for (int i = 0; i < SECTIONS; i++) {
      if (pending == null) {
        pending = queue.takeAll();
        if (pending == null) {
          return;
        }
      }
      Section section = pending;
      pending = section.unlink();
      if (pending == null) {
        chainsFinished++;
      }
      tally.taken();
      runPosted(section);
    }
  }

  private void runPosted(Section section) {
    try {
      if (!partition.run(section)) {
        host.forward(section);
      }
    } catch (Throwable e) {
      // Whoever drains must get as far as giving the mutex back.
      host.failed("a section of stack " + host.stack(), e);
    }
  }

  /**
   * Leaves, serves others who found the mutex taken, and makes the calls that were left behind;
   * then serves what those posted. All of that in bounds: what is left is the deadline thread's.
   */
  private void finish() {
    for (int round = 0; ; round++) {
      Indication calls = leaveAndServe();
      if (calls != null && !make(calls)) {
        // We are in a handler's call ourselves; who called the handler looks at the queue.
        return;
      }
      if (!isWaiting()) {
        return;
      }
      if (round == TURNS) {
        urge();
        return;
      }
      if (!mutex.tryLock()) {
        return;
      }
      begin();
      drain();
    }
  }

  private @Nullable Indication leaveAndServe() {
    Indication first = leave();
    Indication last = last(first);
    for (int turn = 0; turn < TURNS && isWaiting() && mutex.tryLock(); turn++) {
      begin();
      drain();
      Indication more = leave();
      if (last == null) {
        first = more;
      } else {
        last.next(more);
      }
      last = more == null ? last : last(more);
    }
    return first;
  }

  /** Makes calls; false if this thread is making calls of this partition already. */
  private boolean make(Indication calls) {
    int[] depth = making.get();
    depth[0]++;
    try {
      partition.indicate(calls);
    } finally {
      depth[0]--;
    }
    return depth[0] == 0;
  }

  private @Nullable Indication leave() {
    Indication chain = null;
    boolean earlier = false;
    try {
      earlier =
          keeper.announce(partition.isRetired() ? StackRuntime.NEVER : partition.nextDeadline());
      chain = partition.leave();
    } catch (Throwable e) {
      // A poster must not see it, and the mutex must not stay taken.
      host.failed("leaving a partition of stack " + host.stack(), e);
    }
    backlog = pending != null;
    int count = wokenCount;
    wokenCount = 0;
    Parker one = count == 1 ? woken[0] : null;
    Parker[] several = count > 1 ? Arrays.copyOf(woken, count) : null;
    tally.leave();
    mutex.unlock();
    // Woken threads want the mutex, so they are woken after it was given back.
    if (one != null) {
      one.unpark();
    } else if (several != null) {
      for (Parker parker : several) {
        parker.unpark();
      }
    }
    if (earlier) {
      keeper.wake();
    }
    return chain;
  }

  private static @Nullable Indication last(@Nullable Indication chain) {
    Indication last = chain;
    while (last != null && last.next() != null) {
      last = last.next();
    }
    return last;
  }

  private boolean isWaiting() {
    return backlog || !queue.isEmpty();
  }

  /** Runs posted sections if nobody is inside; who is inside will look at the queue on leaving. */
  private void help() {
    ExecutionLevel level = ExecutionLevel.current();
    if (level == ExecutionLevel.PASSIVE) {
      if (isWaiting() && mutex.tryLock()) {
        begin();
        drain();
        finish();
      }
    } else if (!mutex.isHeldByCaller() && making.get()[0] == 0) {
      // Inside another stack neither sections nor handlers of ours may run; and a handler of
      // another stack or strategy that ran ours might never come to its end.
      urge();
    }
    // A handler of ours only leaves its section: finish() looks at the queue after it. Ran here,
    // handlers that post again without end would keep this thread for ever.
  }

  private void serve() {
    lock();
    begin();
    drain();
    finish();
  }

  private void urge() {
    keeper.urge();
    if (closed) {
      // The thread may have ended before it saw this.
      passOn();
    }
  }

  private void serveDeadline() {
    lock();
    begin();
    try {
      partition.runTimers();
    } finally {
      drain();
      finish();
    }
  }

  private void refuseInsideAnother(String call) {
    if (ExecutionLevel.current() == ExecutionLevel.CORE) {
      throw new IllegalStateException(
          call
              + " into stack "
              + host.stack()
              + " from inside another partition under strategy "
              + strategy
              + ": post a section instead");
    }
  }

  // ---- the end

  /** Ends the waits and passes everything on; the partition is retired. */
  boolean close(long deadlineNanos) {
    closed = true;
    gate.open();
    keeper.stop();
    boolean got = mutex.lock(deadlineNanos);
    if (got) {
      forwardAll();
      for (Sleeper sleeper = asleep; sleeper != null; sleeper = asleep) {
        unlist(sleeper);
        sleeper.move();
      }
      mutex.unlock();
      passOn();
    }
    return keeper.join(deadlineNanos) && got;
  }

  /** As {@link #help} for a closed instance: nothing is entered, so that any level may do it. */
  private void passOn() {
    while (isWaiting() && mutex.tryLock()) {
      forwardAll();
      mutex.unlock();
    }
  }

  private void forwardAll() {
    while (true) {
      if (pending == null) {
        pending = queue.takeAll();
        if (pending == null) {
          break;
        }
      }
      Section section = pending;
      pending = section.unlink();
      tally.taken();
      host.forward(section);
    }
    backlog = false;
  }

  private void list(Sleeper sleeper) {
    sleeper.listed = true;
    sleeper.next = asleep;
    if (asleep != null) {
      asleep.previous = sleeper;
    }
    asleep = sleeper;
  }

  private void unlist(Sleeper sleeper) {
    if (sleeper.listed) {
      sleeper.listed = false;
      if (sleeper.previous == null) {
        asleep = sleeper.next;
      } else {
        sleeper.previous.next = sleeper.next;
      }
      if (sleeper.next != null) {
        sleeper.next.previous = sleeper.previous;
      }
      sleeper.next = null;
      sleeper.previous = null;
    }
  }
}
