package org.penstock.core.internal.rim;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.penstock.api.runtime.Parker;
import org.penstock.api.runtime.StackRuntime;

/** Counts down to zero while one thread at a time waits. */
final class Signal {

  private final StackRuntime runtime;
  private final AtomicInteger missing;
  private volatile @Nullable Parker waiting;

  Signal(StackRuntime runtime, int count) {
    this.runtime = runtime;
    this.missing = new AtomicInteger(count);
  }

  void countDown() {
    if (missing.decrementAndGet() == 0) {
      wake();
    }
  }

  /** Has who waits look at the deadline again. */
  void wake() {
    Parker parker = waiting;
    if (parker != null) {
      parker.unpark();
    }
  }

  boolean isZero() {
    return missing.get() <= 0;
  }

  /** Waits for zero; false at the deadline. An interrupt does not end the wait. */
  boolean await(long deadlineNanos) {
    Parker parker = runtime.parker();
    // Before the count is looked at: who makes it zero sees us, or we see that it is.
    waiting = parker;
    while (!isZero()) {
      if (runtime.nanoTime() >= deadlineNanos) {
        return false;
      }
      parker.parkUninterruptibly(deadlineNanos);
    }
    return true;
  }
}
