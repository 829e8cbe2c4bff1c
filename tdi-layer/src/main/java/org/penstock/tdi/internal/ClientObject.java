package org.penstock.tdi.internal;

import org.penstock.api.concurrency.ExecutionLevel;
import org.penstock.core.api.Gate;

/** What a client opened, and what is closed with it at the latest. */
interface ClientObject {

  /** A close under way. */
  @FunctionalInterface
  interface Closing {
    /**
     * Waits for its end; passive level.
     *
     * @return false if the deadline came first, or the thread was interrupted
     */
    boolean await(long deadlineNanos);
  }

  /** How long a close waits for a handler that does not return, in nanoseconds. */
  long PATIENCE_NANOS = 10_000_000_000L;

  /** Begins to close the object; any thread, any level, any number of times. */
  Closing closeSoon();

  /**
   * Closes the object and waits for its handlers, where that is allowed and of use: not at dispatch
   * level, and not while the stack is parked, since then nothing runs that one could wait for.
   */
  default void closeAndWait(Gate gate) {
    Closing closing = closeSoon();
    if (ExecutionLevel.current() == ExecutionLevel.PASSIVE && !gate.strategy().isEmpty()) {
      closing.await(gate.runtime().nanoTime() + PATIENCE_NANOS);
    }
  }
}
