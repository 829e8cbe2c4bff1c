package org.penstock.congestion.cubic.internal;

import org.penstock.api.congestion.CongestionState;

/**
 * What CUBIC remembers of a connection: the indexes of its words (RFC 9438 §4.1.2 has the names).
 * Sizes in bytes, times in nanoseconds.
 */
public final class Words {

  /** Some of {@link #PAUSED}, {@link #AFTER_TIMEOUT}, {@link #MAY_UNDO}. */
  public static final int FLAGS = 0;

  /** t_epoch: when this stage of congestion avoidance began, less the time it was paused. */
  public static final int EPOCH = 1;

  /** W_max: where the plateau is. */
  public static final int MAXIMUM = 2;

  /** K: how long after the epoch the plateau is reached. */
  public static final int PLATEAU_AFTER = 3;

  /** W_est: the window that Reno would have; 0 while no epoch runs. */
  public static final int ESTIMATE = 4;

  /** cwnd_prior: the window before the last reduction. */
  public static final int PRIOR = 5;

  /** Since when the window is not used. */
  public static final int PAUSED_AT = 6;

  /** What the growth of the window left over below a byte, in units of 1/window. */
  public static final int REMAINDER = 7;

  /** The same of W_est. */
  public static final int ESTIMATE_REMAINDER = 8;

  /**
   * From here on: of a connection that was never reduced the words of {@link HyStart}; after a
   * reduction what {@link Undo} saved.
   */
  public static final int SHARED = 9;

  /** The window is not used: the epoch's time stands still. */
  public static final long PAUSED = 1;

  /** From a timeout until slow start has ended. */
  public static final long AFTER_TIMEOUT = 2;

  /** There is something to take back. */
  public static final long MAY_UNDO = 4;

  private Words() {}

  /** True if a flag is set. */
  public static boolean has(CongestionState state, long flag) {
    return (state.word(FLAGS) & flag) != 0;
  }

  /** Sets a flag. */
  public static void set(CongestionState state, long flag) {
    state.word(FLAGS, state.word(FLAGS) | flag);
  }

  /** Clears a flag. */
  public static void clear(CongestionState state, long flag) {
    state.word(FLAGS, state.word(FLAGS) & ~flag);
  }
}
