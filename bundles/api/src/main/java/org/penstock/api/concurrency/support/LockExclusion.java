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
class LockExclusion implements Exclusion {

  private static final int TURNS = 4;

  private final StrategyHost host;
  private final String strategy;
  private final int index;
  final Partition partition;
  final Lock lock;
  final Gate gate;
  final DeadlineThread keeper;
  private final DeadlineThread.Seat seat;
  private final Tally tally;
  final SectionQueue queue;
  final Occupancy occupancy;
  private final Sleepers sleepers;
  private final Errands errands;
  private volatile boolean closed;

  LockExclusion(
      StrategyHost host,
      String strategy,
      int index,
      Door door,
      DeadlineThread keeper,
      Errands errands) {
    StackRuntime runtime = host.runtime();
    this.host = host;
    this.strategy = strategy;
    this.index = index;
    this.partition = host.partition(index);
    this.lock = door.lock();
    this.gate = new Gate(runtime);
    this.keeper = keeper;
    this.seat = keeper.seat(this::help);
    this.tally = new Tally(runtime);
    this.queue = new SectionQueue(host, tally);
    this.occupancy = new Occupancy(host, partition, lock, queue, keeper, seat, tally, errands);
    this.sleepers = new Sleepers(door.sleeps(), partition, occupancy);
    this.errands = errands;
  }

  void open() {
    gate.open();
    // Enters even if nothing was posted: the partition may come with timers that run.
    occupancy.enter();
    serve();
    finish();
  }

  final boolean isClosed() {
    return closed;
  }

  final Tally tally() {
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
    serve();
    while (!queue.isPast(ahead)) {
      finish();
      occupancy.enter();
      serve();
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

  final boolean runAndFinish(Section section) {
    try {
      return partition.run(section);
    } finally {
      serve();
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
        end = sleeper.sleep.sleep(deadlineNanos);
      }
      return end;
    } finally {
      attempt.sleeper(null);
    }
  }

  private @Nullable Awaited attempt(Attempt attempt, Sleeper sleeper, @Nullable Awaited end) {
    if (lock.isHeldByCaller()) {
      // Handed over with the wake-up.
      occupancy.begin();
    } else {
      occupancy.enter();
    }
    try {
      return sleepers.attempt(attempt, sleeper, end);
    } finally {
      serve();
      finish();
    }
  }

  @Override
  public void signal(Attempt attempt) {
    sleepers.signal(attempt);
  }

  final void refuseInsideAnother(String call) {
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

  /** Runs timers that are due, and posted sections; inside. */
  void serve() {
    occupancy.serve();
  }

  /**
   * Leaves, serves others who found the lock taken, and makes the calls that were left behind; then
   * serves what those posted, here and in other partitions. All of that in bounds: what is left is
   * the deadline thread's.
   */
  void finish() {
    leaveAndCall();
    errands.goRound(index);
  }

  private void leaveAndCall() {
    for (int round = 0; ; round++) {
      Indication calls = leaveAndServe();
      if (calls != null && !make(calls)) {
        // We are in a handler's call ourselves; who called the handler looks after the queue.
        errands.owe(index);
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

  /** Makes calls; false if this thread is making calls of this instance already. */
  final boolean make(Indication calls) {
    errands.beginCalls();
    boolean outermost = false;
    try {
      partition.indicate(calls);
    } finally {
      outermost = errands.endCalls();
    }
    return outermost;
  }

  /** Sees to it that the queue is run: by this thread if it may, and nobody is inside. */
  void seeTo() {
    ExecutionLevel level = ExecutionLevel.current();
    if (level == ExecutionLevel.PASSIVE) {
      help();
    } else if (!lock.isHeldByCaller() && !errands.owe(index)) {
      // Inside another stack neither sections nor handlers of ours may run; and a handler of
      // another stack or strategy that ran ours might never come to its end.
      urge();
    }
    // From inside, or from a handler of ours, a section is only left: finish() looks after it. Ran
    // here, handlers that post again without end would keep this thread for ever.
  }

  /** Does what waits if nobody is inside; who is inside will look on leaving. */
  void help() {
    if (occupancy.isWanted() && occupancy.tryEnter()) {
      occupancy.serve();
      finish();
    }
  }

  /** Has the deadline thread do what waits. */
  final void urge() {
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
    clearInside();
    lock.unlock();
    passOn();
    return true;
  }

  /** Holding the lock. */
  void clearInside() {
    queue.forwardAll();
    sleepers.moveAll();
  }

  /** As {@link #help} for a closed instance: nothing is entered, so that any level may do it. */
  private void passOn() {
    while (queue.isWaiting() && lock.tryLock()) {
      queue.forwardAll();
      lock.unlock();
    }
  }
}
