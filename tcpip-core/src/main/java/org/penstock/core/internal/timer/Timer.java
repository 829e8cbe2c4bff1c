package org.penstock.core.internal.timer;

import org.jspecify.annotations.Nullable;

/**
 * Something that is due at a time: an entry that a {@link TimerWheel} links into itself, so that
 * arming it allocates nothing. Owned by the partition of its wheel; on one wheel at a time.
 */
public abstract class Timer {
  static final int IDLE = -1;

  @Nullable Timer next;
  @Nullable Timer previous;
  long deadline = TimerWheel.NEVER;

  /** {@link #IDLE}, a slot of the wheel (0 and up), or a place in the heap (−2 and down). */
  int position = IDLE;

  /** A timer that is not armed. */
  protected Timer() {}

  /** Whether the timer waits for its deadline. */
  public final boolean isArmed() {
    return position != IDLE;
  }

  /** When it is due, in nanoseconds; {@link TimerWheel#NEVER} while not armed. */
  public final long deadline() {
    return deadline;
  }

  /**
   * The deadline has come. The timer is no longer armed; it may arm itself again, and arm or cancel
   * any other timer of its wheel.
   *
   * @param now the time {@link TimerWheel#advance} was given, in nanoseconds: the deadline or later
   */
  protected abstract void expire(long now);
}
