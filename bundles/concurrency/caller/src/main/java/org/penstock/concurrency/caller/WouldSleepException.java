package org.penstock.concurrency.caller;

/**
 * A blocking call found nothing left to do and its condition still unmet. Sleeping would never end,
 * since the sleeping thread is the one that drives the stack. The call was abandoned.
 */
public class WouldSleepException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  /** Says which stack, and until when there is nothing to do. */
  public WouldSleepException(String stack, long deadlineNanos) {
    super(
        "a blocking call on stack "
            + stack
            + " under strategy caller has to wait, and no other thread drives the stack; "
            + (deadlineNanos == Long.MAX_VALUE
                ? "no timer is due either"
                : "the next timer is due at " + deadlineNanos + " ns")
            + ": issue the asynchronous request and poll, or give the strategy a Waiting");
  }
}
