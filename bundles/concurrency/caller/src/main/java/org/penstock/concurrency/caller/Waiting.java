package org.penstock.concurrency.caller;

/**
 * What the driving thread does inside a blocking call when nothing is left to do now: a simulator
 * moves its clock, a program with a device waits for it.
 */
@FunctionalInterface
public interface Waiting {

  /**
   * Called outside of every stack. Returns when the deadline has come, or earlier when there may be
   * something to do; then the stacks are polled again.
   *
   * @param deadlineNanos the call's own deadline or the next timer's, whichever is earlier; {@code
   *     Long.MAX_VALUE} for none
   * @return false if there is no use in waiting: the blocking call fails with {@link
   *     WouldSleepException}
   */
  boolean await(long deadlineNanos);
}
