package org.penstock.tdi.internal;

import org.penstock.api.concurrency.Attempt;
import org.penstock.api.concurrency.Section;
import org.penstock.core.api.Gate;

/**
 * A thread that waits for an operation. It waits in the cell that was its object's home when it
 * came; an object that moves meanwhile completes the operation elsewhere, so the wake-up is posted.
 *
 * <p>The operation knows its waiter before it is submitted: whoever settles it afterwards wakes, so
 * that nothing is to be registered and no wake-up gets lost.
 */
final class Waiter extends Attempt {

  private final Gate gate;
  private final Operation operation;
  private final Section signal;

  Waiter(Gate gate, int cell, Operation operation) {
    super(cell);
    this.gate = gate;
    this.operation = operation;
    this.signal = new Signal(cell);
  }

  @Override
  protected boolean attempt() {
    return operation.isSettled();
  }

  @Override
  protected void abandon() {
    // Nothing is registered.
  }

  /** Says that the operation is settled; once, from inside any cell or from none. */
  void wake() {
    if (gate.isInside(cell())) {
      gate.signal(this);
    } else {
      gate.post(signal);
    }
  }

  private final class Signal extends Section {
    Signal(int cell) {
      super(cell);
    }

    @Override
    protected void run() {
      gate.signal(Waiter.this);
    }
  }
}
