package org.penstock.tdi.internal;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.penstock.api.concurrency.Attempt;
import org.penstock.api.concurrency.Section;
import org.penstock.core.api.Gate;

/**
 * A thread that waits until something has come to its end. It waits in one cell; what it waits for
 * may end in another, or outside of all, so the wake-up is posted.
 *
 * <p>Whoever brings the end about knows the waiter from the start and wakes it afterwards, so that
 * nothing is to be registered and no wake-up gets lost.
 */
final class Waiter extends Attempt {

  private final Gate gate;
  private final BooleanSupplier condition;
  private final Signal signal;

  /** Waits for a condition that, once true, stays so. */
  Waiter(Gate gate, int cell, BooleanSupplier condition) {
    super(cell);
    this.gate = gate;
    this.condition = condition;
    this.signal = new Signal(cell);
  }

  @Override
  protected boolean attempt() {
    return condition.getAsBoolean();
  }

  @Override
  protected void abandon() {
    // Nothing is registered.
  }

  /** Says that the condition holds; from inside any cell or from none. */
  void wake() {
    if (gate.isInside(cell())) {
      gate.signal(this);
    } else if (signal.queued.compareAndSet(false, true)) {
      gate.post(signal);
    }
  }

  private final class Signal extends Section {
    private final AtomicBoolean queued = new AtomicBoolean();

    Signal(int cell) {
      super(cell);
    }

    @Override
    protected void run() {
      queued.set(false);
      gate.signal(Waiter.this);
    }
  }
}
