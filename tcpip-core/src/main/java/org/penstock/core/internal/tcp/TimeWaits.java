package org.penstock.core.internal.tcp;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.penstock.core.internal.timer.Timer;
import org.penstock.core.internal.timer.TimerWheel;

/**
 * The TIME-WAIT list of a cell, in the order in which they end: all wait equally long, so one timer
 * does for all. Owned by the cell.
 */
final class TimeWaits extends Timer {

  private final TimerWheel wheel;
  private final long duration;
  private final Consumer<TimeWait> ended;
  private @Nullable TimeWait first;
  private @Nullable TimeWait last;
  private int size;

  /**
   * An empty list.
   *
   * @param duration 2 MSL
   * @param ended told of each one whose time is over, after it has left the list
   */
  TimeWaits(TimerWheel wheel, long duration, Consumer<TimeWait> ended) {
    this.wheel = wheel;
    this.duration = duration;
    this.ended = ended;
  }

  int size() {
    return size;
  }

  @Nullable TimeWait first() {
    return first;
  }

  /** Begins to wait. */
  void add(TimeWait timeWait, long now) {
    timeWait.deadline = now + duration;
    timeWait.previous = last;
    timeWait.next = null;
    if (last == null) {
      first = timeWait;
      wheel.schedule(this, timeWait.deadline);
    } else {
      last.next = timeWait;
    }
    last = timeWait;
    size++;
  }

  /** Waits from now on once more. */
  void restart(TimeWait timeWait, long now) {
    remove(timeWait);
    add(timeWait, now);
  }

  /** Takes it out of the list. */
  void remove(TimeWait timeWait) {
    TimeWait before = timeWait.previous;
    TimeWait after = timeWait.next;
    if (before == null) {
      first = after;
      wheel.schedule(this, after == null ? TimerWheel.NEVER : after.deadline);
    } else {
      before.next = after;
    }
    if (after == null) {
      last = before;
    } else {
      after.previous = before;
    }
    timeWait.next = null;
    timeWait.previous = null;
    size--;
  }

  @Override
  protected void expire(long now) {
    // One a call, so that the wheel's budget counts them.
    TimeWait due = first;
    if (due != null && due.deadline <= now) {
      remove(due);
      ended.accept(due);
    } else if (due != null) {
      wheel.schedule(this, due.deadline);
    }
  }
}
