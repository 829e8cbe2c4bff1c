package org.penstock.core.internal.rim;

import java.util.concurrent.atomic.AtomicInteger;
import org.penstock.api.runtime.Parker;
import org.penstock.api.runtime.StackRuntime;

/** Counts down to zero while one thread, the one that made it, waits. */
final class Signal {

  private final StackRuntime runtime;
  private final Parker parker;
  private final AtomicInteger missing;

  Signal(StackRuntime runtime, int count) {
    this.runtime = runtime;
    this.parker = runtime.parker();
    this.missing = new AtomicInteger(count);
  }

  void countDown() {
    if (missing.decrementAndGet() == 0) {
      parker.unpark();
    }
  }

  /** Waits for zero; false at the deadline. An interrupt does not end the wait. */
  boolean await(long deadlineNanos) {
    while (missing.get() > 0) {
      if (runtime.nanoTime() >= deadlineNanos) {
        return false;
      }
      if (!parker.park(deadlineNanos)) {
        runtime.spinHint();
      }
    }
    return true;
  }
}
