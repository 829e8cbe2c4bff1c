package org.penstock.core.internal.ip;

import java.util.ArrayList;
import java.util.List;

/** Those who wait to transmit, as the IP layer keeps them, for tests that stand in for it. */
public final class Waiters {

  private final List<TransmitWaiter> waiting = new ArrayList<>();

  /** How many wait. */
  public int size() {
    return waiting.size();
  }

  /** Lets one wait. */
  public void add(TransmitWaiter waiter) {
    if (waiter.waiting) {
      throw new AssertionError("waits already");
    }
    waiter.waiting = true;
    waiting.add(waiter);
  }

  /** Tells all that sending may succeed. */
  public void ready() {
    take().forEach(TransmitWaiter::transmitReady);
  }

  /** Tells all that the way is lost. */
  public void failed() {
    take().forEach(TransmitWaiter::transmitFailed);
  }

  private List<TransmitWaiter> take() {
    List<TransmitWaiter> taken = List.copyOf(waiting);
    waiting.clear();
    taken.forEach(waiter -> waiter.waiting = false);
    return taken;
  }
}
