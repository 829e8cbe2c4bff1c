package org.penstock.api.concurrency.support;

import org.jspecify.annotations.Nullable;
import org.penstock.api.concurrency.Attempt;
import org.penstock.api.concurrency.Awaited;
import org.penstock.api.concurrency.Exclusion;
import org.penstock.api.concurrency.ExecutionLevel;
import org.penstock.api.concurrency.Indication;
import org.penstock.api.concurrency.Partition;
import org.penstock.api.concurrency.Section;
import org.penstock.api.concurrency.StrategyHost;
import org.penstock.api.runtime.StackRuntime;
import org.penstock.api.sync.Gate;
import org.penstock.api.sync.Lock;

/**
 * The exclusion of one partition: a lock, and a queue of posted sections. Whoever wants in comes in
 * on the own thread.
 *
 * <p>Who posts offers to the queue and then tries the lock. If it is free the poster runs the
 * queue; if not, the holder does, because every holder looks at the queue once more <em>after</em>
 * it has unlocked. One of the two sees the other: no section is left behind. Timers that are due
 * are left to the holder by the {@link DeadlineThread} in the same way, so that the thread never
 * waits for a partition.
 *
 * <p>An occupation runs {@value SectionQueue#BUDGET} posted sections at most. Nobody runs more than
 * {@value #TURNS} occupations for others; what is left then is the deadline thread's.
 */
final class LockExclusion implements Exclusion {

  private static final int TURNS = 4;

  private final StrategyHost host;
  private final String strategy;
  private final Partition partition;
  private final Lock lock;
  private final Gate gate;
  private final DeadlineThread.Seat seat;
  private final Tally tally;
  private final SectionQueue queue;
  private final Occupancy occupancy;
  private final Sleepers sleepers;
  private volatile boolean closed;

  /** How deep the thread is in calls that {@link #make} makes; a JDK type, which pins no bundle. */
  private final ThreadLocal<int[]> making = ThreadLocal.withInitial(() -> new int[1]);

  LockExclusion(StrategyHost host, String strategy, int index, Lock lock, DeadlineThread keeper) {
    StackRuntime runtime = host.runtime();
    this.host = host;
    this.strategy = strategy;
    this.partition = host.partition(index);
    this.lock = lock;
    this.gate = new Gate(runtime);
    this.seat = keeper.seat(this::help);
    this.tally = new Tally(runtime);
    this.queue = new SectionQueue(host, tally);
    this.occupancy = new Occupancy(host, partition, lock, queue, keeper, seat, tally);
    this.sleepers = new Sleepers(runtime, partition, occupancy);
  }

  void open() {
    gate.open();
    // Enters even if nothing was posted: the partition may come with timers that run.
    occupancy.enter();
    occupancy.serve();
    finish();
  }

  Tally tally() {
    return tally;
  }

  // ---- the ways in

  @Override
  public void post(Section section) {
    queue.offer(section);
    if (closed) {
      passOn();
    } else if (gate.isOpen()) {
      seeTo();
    }
  }

  @Override
  public boolean call(Section section) {
    if (lock.isHeldByCaller()) {
      return partition.run(section);
    }
    refuseInsideAnother("call");
    gate.pass();
    if (closed) {
      return false;
    }
    occupancy.enter();
    long ahead = queue.mark();
    occupancy.serve();
    while (!queue.isPast(ahead)) {
      finish();
      occupancy.enter();
      occupancy.serve();
    }
    return runAndFinish(section);
  }

  @Override
  public boolean deliver(Section section) {
    // A driver that pushes from inside another stack must not wait here with that one's exclusion.
    if (closed || !gate.isOpen() || ExecutionLevel.current() == ExecutionLevel.CORE) {
      return false;
    }
    occupancy.enter();
    return runAndFinish(section);
  }

  private boolean runAndFinish(Section section) {
    try {
      return partition.run(section);
    } finally {
      occupancy.serve();
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
    Sleeper sleeper = sleepers.sleeper();
    try {
      Awaited end = null;
      while (end != Awaited.MOVED) {
        Awaited result = attempt(attempt, sleeper, end);
        if (result != null) {
          return result;
        }
        tally.waited();
        end = sleeper.sleep(deadlineNanos);
      }
      return end;
    } finally {
      attempt.sleeper(null);
    }
  }

  private @Nullable Awaited attempt(Attempt attempt, Sleeper sleeper, @Nullable Awaited end) {
    occupancy.enter();
    try {
      return sleepers.attempt(attempt, sleeper, end);
    } finally {
      occupancy.serve();
      finish();
    }
  }

  @Override
  public void signal(Attempt attempt) {
    sleepers.signal(attempt);
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

  // ---- serving others

  /**
   * Leaves, serves others who found the lock taken, and makes the calls that were left behind; then
   * serves what those posted. All of that in bounds: what is left is the deadline thread's.
   */
  private void finish() {
    for (int round = 0; ; round++) {
      Indication calls = leaveAndServe();
      if (calls != null && !make(calls)) {
        // We are in a handler's call ourselves; who called the handler looks at the queue.
        return;
      }
      if (!occupancy.isWanted()) {
        return;
      }
      if (round == TURNS) {
        urge();
        return;
      }
      if (!occupancy.tryEnter()) {
        return;
      }
      occupancy.serve();
    }
  }

  private @Nullable Indication leaveAndServe() {
    Indication first = occupancy.leave();
    Indication last = last(first);
    for (int turn = 0; turn < TURNS && occupancy.isWanted() && occupancy.tryEnter(); turn++) {
      occupancy.serve();
      Indication more = occupancy.leave();
      if (last == null) {
        first = more;
      } else {
        last.next(more);
      }
      last = more == null ? last : last(more);
    }
    return first;
  }

  private static @Nullable Indication last(@Nullable Indication chain) {
    Indication last = chain;
    while (last != null && last.next() != null) {
      last = last.next();
    }
    return last;
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

  /** Sees to it that the queue is run: by this thread if it may, and nobody is inside. */
  private void seeTo() {
    ExecutionLevel level = ExecutionLevel.current();
    if (level == ExecutionLevel.PASSIVE) {
      help();
    } else if (!lock.isHeldByCaller() && making.get()[0] == 0) {
      // Inside another stack neither sections nor handlers of ours may run; and a handler of
      // another stack or strategy that ran ours might never come to its end.
      urge();
    }
    // A handler of ours only leaves its section: finish() looks at the queue after it. Ran here,
    // handlers that post again without end would keep this thread for ever.
  }

  /** Does what waits if nobody is inside; who is inside will look on leaving. */
  private void help() {
    if (occupancy.isWanted() && occupancy.tryEnter()) {
      occupancy.serve();
      finish();
    }
  }

  private void urge() {
    seat.urge();
    if (closed) {
      // The thread may have ended before it saw this.
      passOn();
    }
  }

  // ---- the end

  /** Lets nobody in any more who is not in yet. */
  void shut() {
    closed = true;
    gate.open();
  }

  /** Ends the waits and passes everything on; false if somebody is still inside. */
  boolean clear(long deadlineNanos) {
    if (!lock.lock(deadlineNanos)) {
      return false;
    }
    queue.forwardAll();
    sleepers.moveAll();
    lock.unlock();
    passOn();
    return true;
  }

  /** As {@link #help} for a closed instance: nothing is entered, so that any level may do it. */
  private void passOn() {
    while (queue.isWaiting() && lock.tryLock()) {
      queue.forwardAll();
      lock.unlock();
    }
  }
}
