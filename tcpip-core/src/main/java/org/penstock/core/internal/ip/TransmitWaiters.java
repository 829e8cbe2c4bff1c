package org.penstock.core.internal.ip;

import org.jspecify.annotations.Nullable;

/** A list of waiters, oldest first. Owned by the cell. */
final class TransmitWaiters {

  private @Nullable TransmitWaiter first;
  private @Nullable TransmitWaiter last;

  /** Appends a waiter, unless it stands in a list already: that one will call it. */
  void add(TransmitWaiter waiter) {
    if (waiter.waiting) {
      return;
    }
    waiter.waiting = true;
    waiter.nextWaiter = null;
    if (last == null) {
      first = waiter;
    } else {
      last.nextWaiter = waiter;
    }
    last = waiter;
  }

  /** Takes the oldest waiter out, or null. */
  @Nullable TransmitWaiter poll() {
    TransmitWaiter waiter = first;
    if (waiter != null) {
      first = waiter.nextWaiter;
      if (first == null) {
        last = null;
      }
      waiter.nextWaiter = null;
      waiter.waiting = false;
    }
    return waiter;
  }

  boolean isEmpty() {
    return first == null;
  }

  /** The youngest waiter, or null. */
  @Nullable TransmitWaiter last() {
    return last;
  }
}
