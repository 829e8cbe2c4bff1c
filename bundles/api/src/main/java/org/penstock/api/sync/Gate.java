package org.penstock.api.sync;

import org.penstock.api.runtime.Parker;
import org.penstock.api.runtime.StackRuntime;

/** A door that opens once and stays open. What the opener wrote before is visible behind it. */
public final class Gate {

  private final StackRuntime runtime;
  private final WaitQueue waiters = new WaitQueue();
  private volatile boolean open;

  /** A closed gate. */
  public Gate(StackRuntime runtime) {
    this.runtime = runtime;
  }

  /** True once {@link #open} was called. */
  public boolean isOpen() {
    return open;
  }

  /** Opens the gate and lets everybody through; never blocks. */
  public void open() {
    open = true;
    // Who adds itself after this loop sees the flag before it sleeps.
    while (waiters.wakeFirst()) {}
  }

  /** Waits, uninterruptibly, until the gate is open. */
  public void pass() {
    if (open) {
      return;
    }
    Parker parker = runtime.parker();
    waiters.add(parker);
    while (!open) {
      parker.parkUninterruptibly(StackRuntime.NEVER);
    }
  }
}
