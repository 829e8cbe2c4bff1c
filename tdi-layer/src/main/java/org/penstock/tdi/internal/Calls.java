package org.penstock.tdi.internal;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.penstock.api.concurrency.Awaited;
import org.penstock.core.api.Gate;

/**
 * Counts the handler calls under way of one address file, so that closing it can wait for the last
 * of them. Handlers of one file run on any thread, one for each endpoint at a time.
 */
final class Calls {

  private final AtomicInteger running = new AtomicInteger();
  private volatile boolean closed;
  private volatile @Nullable Waiter waiter;

  /** Begins a call; false if the file was closed, then there is no {@link #exit}. */
  boolean enter() {
    running.incrementAndGet();
    if (closed) {
      exit();
      return false;
    }
    return true;
  }

  /** Ends a call. */
  void exit() {
    if (running.decrementAndGet() == 0 && closed) {
      Waiter waiting = waiter;
      if (waiting != null) {
        waiting.wake();
      }
    }
  }

  /** Lets no further call begin. */
  void close() {
    closed = true;
  }

  /**
   * Waits until no call is under way, after {@link #close}; passive level.
   *
   * @return false if the deadline came first, or the thread was interrupted
   */
  boolean awaitNone(Gate gate, int cell, long deadlineNanos) {
    if (running.get() == 0) {
      return true;
    }
    Waiter waiting = new Waiter(gate, cell, () -> running.get() == 0);
    waiter = waiting;
    return gate.await("close", waiting, deadlineNanos) == Awaited.DONE;
  }
}
