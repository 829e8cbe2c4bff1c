package org.penstock.core.internal.rim;

/** Two threads were inside one partition: the strategy in force does not exclude. */
public final class OverlapException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  OverlapException(String stack, int partition, long inside, long entering) {
    super(
        "stack "
            + stack
            + ", partition "
            + partition
            + ": thread "
            + entering
            + " entered while thread "
            + inside
            + " was inside; the concurrency strategy does not exclude");
  }
}
