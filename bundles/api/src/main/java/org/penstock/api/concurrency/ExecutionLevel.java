package org.penstock.api.concurrency;

/**
 * What the calling thread may do at this moment.
 *
 * <p>The level belongs to the thread, not to a stack: a thread inside one stack's partition must
 * not block on another's either.
 */
public enum ExecutionLevel {
  /** Inside a partition: only the core, congestion control and {@code transmit} run here. */
  CORE,
  /** In an event handler: the exclusion was left; may issue any request, must not block. */
  DISPATCH,
  /** An ordinary thread: may block. */
  PASSIVE;

  private static final ThreadLocal<ExecutionLevel[]> CURRENT =
      ThreadLocal.withInitial(() -> new ExecutionLevel[] {PASSIVE});

  /** The calling thread's level. */
  public static ExecutionLevel current() {
    return CURRENT.get()[0];
  }

  /**
   * Changes the calling thread's level; for the stack's rim, and for nothing else.
   *
   * @return the level before, to be restored
   */
  public static ExecutionLevel change(ExecutionLevel level) {
    ExecutionLevel[] holder = CURRENT.get();
    ExecutionLevel before = holder[0];
    holder[0] = level;
    return before;
  }

  /**
   * Refuses a blocking call at another level than passive.
   *
   * @param call the call, for the message
   * @param strategy the stack's strategy, for the message
   * @throws WrongLevelException if the calling thread must not block
   */
  public static void requirePassive(String call, String strategy) {
    ExecutionLevel level = current();
    if (level != PASSIVE) {
      throw new WrongLevelException(call, level, strategy);
    }
  }
}
