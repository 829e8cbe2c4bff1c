package org.penstock.api.concurrency;

/** A call was made at an execution level that forbids it; nothing was done. */
public class WrongLevelException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  /** Names the call, the level and the strategy. */
  public WrongLevelException(String call, ExecutionLevel level, String strategy) {
    super(
        call
            + " may block and was called at "
            + level
            + " level under strategy "
            + strategy
            + ": issue the asynchronous request, or call from a thread of your own");
  }
}
