package org.penstock.api.concurrency;

/** How a wait ended. */
public enum Awaited {
  /** The attempt succeeded. */
  DONE,
  /** The deadline came first; the attempt was abandoned. */
  TIMED_OUT,
  /** The waiting thread was interrupted (its status stays set); the attempt was abandoned. */
  INTERRUPTED,
  /**
   * The strategy is being replaced. The attempt may still be registered; the rim waits again by the
   * new one, which begins with trying, so that no signal is lost in between.
   */
  MOVED
}
