package org.penstock.api.concurrency.support;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.penstock.api.concurrency.Indication;
import org.penstock.api.concurrency.Partition;
import org.penstock.api.concurrency.StrategyHost;
import org.penstock.api.runtime.Parker;
import org.penstock.api.runtime.StackRuntime;
import org.penstock.api.sync.Lock;

/**
 * How one partition is entered and left under its lock: what comes before and after the sections.
 */
final class Occupancy {

  private final StrategyHost host;
  private final StackRuntime runtime;
  private final Partition partition;
  private final Lock lock;
  private final SectionQueue queue;
  private final DeadlineThread keeper;
  private final DeadlineThread.Seat seat;
  private final Tally tally;
  private final Errands errands;

  // Guarded by the lock.
  private Parker[] woken = new Parker[4];
  private int wokenCount;

  Occupancy(
      StrategyHost host,
      Partition partition,
      Lock lock,
      SectionQueue queue,
      DeadlineThread keeper,
      DeadlineThread.Seat seat,
      Tally tally,
      Errands errands) {
    this.host = host;
    this.runtime = host.runtime();
    this.partition = partition;
    this.lock = lock;
    this.queue = queue;
    this.keeper = keeper;
    this.seat = seat;
    this.tally = tally;
    this.errands = errands;
  }

  /** Enters, waiting for who is inside. */
  void enter() {
    if (lock.tryLock()) {
      begin();
      return;
    }
    long asked = runtime.nanoTime();
    lock.lock();
    tally.contended();
    tally.delayed(runtime.nanoTime() - asked);
    begin();
  }

  /** Enters if nobody is inside. Who is inside will look at the queue and the deadline. */
  boolean tryEnter() {
    if (!lock.tryLock()) {
      return false;
    }
    begin();
    return true;
  }

  /** Enters, holding the lock. */
  void begin() {
    try {
      tally.enter();
      partition.enter();
      errands.enter();
    } catch (Throwable e) {
      lock.unlock();
      throw e;
    }
  }

  /** Has a thread woken after the partition was left, since it wants to come in. */
  void wakeAfterwards(Parker parker) {
    if (wokenCount == woken.length) {
      woken = Arrays.copyOf(woken, 2 * wokenCount);
    }
    woken[wokenCount++] = parker;
  }

  /** Runs timers if they are due, and posted sections; inside. */
  void serve() {
    if (seat.takeDue()) {
      try {
        partition.runTimers();
      } catch (Throwable e) {
        host.failed("the timers of stack " + host.stack(), e);
      }
    }
    queue.run(partition);
  }

  /** Leaves; the calls are to be made outside. */
  @Nullable Indication leave() {
    Indication chain = null;
    boolean earlier = false;
    try {
      earlier =
          seat.announce(partition.isRetired() ? StackRuntime.NEVER : partition.nextDeadline());
      chain = partition.leave();
    } catch (Throwable e) {
      // A poster must not see it, and the lock must not stay taken.
      host.failed("leaving a partition of stack " + host.stack(), e);
    }
    errands.leave();
    queue.leave();
    int count = wokenCount;
    wokenCount = 0;
    Parker one = count == 1 ? woken[0] : null;
    Parker[] several = count > 1 ? Arrays.copyOf(woken, count) : null;
    tally.leave();
    lock.unlock();
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

  /** True if somebody has to come in: for posted sections, or for timers; from any thread. */
  boolean isWanted() {
    return queue.isWaiting() || seat.isDue();
  }
}
