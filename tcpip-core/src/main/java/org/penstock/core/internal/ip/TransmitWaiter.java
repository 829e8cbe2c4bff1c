package org.penstock.core.internal.ip;

import org.jspecify.annotations.Nullable;

/**
 * Who has something to send that was not taken: by a driver whose queue is full, for want of a
 * driver, or while the neighbour's address is being resolved. Owned by its cell; in at most one
 * list.
 */
public abstract class TransmitWaiter {
  @Nullable TransmitWaiter nextWaiter;
  boolean waiting;

  /** For subclasses. */
  protected TransmitWaiter() {}

  /** Sending may succeed now; inside the cell. What is still refused waits again. */
  protected abstract void transmitReady();

  /** The way is lost: the neighbour does not answer. Inside the cell. */
  protected abstract void transmitFailed();

  /** True while it is in a list of waiters. */
  public final boolean isWaiting() {
    return waiting;
  }
}
