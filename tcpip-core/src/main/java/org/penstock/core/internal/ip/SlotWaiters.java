package org.penstock.core.internal.ip;

import org.jspecify.annotations.Nullable;
import org.penstock.api.concurrency.Section;
import org.penstock.core.api.Gate;

/**
 * Those of a cell who wait for one slot: for a driver, a link, or room in the driver's queue. Owned
 * by the cell; it is its own section, to go on where one occupation was not enough.
 */
final class SlotWaiters extends Section {

  /** Waiters told at a time. */
  private static final int BATCH = 64;

  private final Gate gate;
  private final TransmitWaiters list = new TransmitWaiters();
  private boolean refused;
  private boolean posted;

  final int slot;

  SlotWaiters(int cell, Gate gate, int slot) {
    super(cell);
    this.gate = gate;
    this.slot = slot;
  }

  /** Appends a waiter whose packet was refused. */
  void add(TransmitWaiter waiter) {
    refused = true;
    list.add(waiter);
  }

  /** Takes the oldest waiter out, or null. */
  @Nullable TransmitWaiter poll() {
    return list.poll();
  }

  /**
   * Tells the waiters, oldest first, until one is refused again: it has gone to the end of the
   * list, and those who were not told yet stay in front.
   */
  void resume() {
    boolean finished = false;
    refused = false;
    try {
      for (int i = 0; i < BATCH && !refused; i++) {
        TransmitWaiter waiter = list.poll();
        if (waiter == null) {
          break;
        }
        waiter.transmitReady();
      }
      finished = refused || list.isEmpty();
    } finally {
      // Also when a waiter threw: the others must not be forgotten.
      if (!finished && !posted && !list.isEmpty()) {
        posted = true;
        gate.post(this);
      }
    }
  }

  @Override
  protected void run() {
    posted = false;
    resume();
  }
}
