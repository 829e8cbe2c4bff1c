package org.penstock.tdi.internal;

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

  /** Begins to close the object; any thread, any level, any number of times. */
  Closing closeSoon();
}
