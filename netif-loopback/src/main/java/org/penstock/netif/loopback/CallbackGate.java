package org.penstock.netif.loopback;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.penstock.api.runtime.Parker;
import org.penstock.api.runtime.StackRuntime;

/** Counts who is calling a host, and shuts for good: afterwards nobody calls it any more. */
final class CallbackGate {

  private static final int SHUT = Integer.MIN_VALUE;

  private final StackRuntime runtime;
  private final AtomicInteger inside = new AtomicInteger();
  private volatile @Nullable Parker closer;

  CallbackGate(StackRuntime runtime) {
    this.runtime = runtime;
  }

  /** Asks to call the host; if true, {@link #exit} must follow. */
  boolean enter() {
    int seen;
    do {
      seen = inside.get();
      if (seen < 0) {
        return false;
      }
    } while (!inside.compareAndSet(seen, seen + 1));
    return true;
  }

  void exit() {
    if (inside.decrementAndGet() == SHUT) {
      Parker waiting = closer;
      if (waiting != null) {
        waiting.unpark();
      }
    }
  }

  boolean isShut() {
    return inside.get() < 0;
  }

  /** Lets nobody in any more, and waits for who is inside; true if nobody is left. */
  boolean shut(long deadlineNanos) {
    Parker parker = runtime.parker();
    closer = parker;
    inside.getAndUpdate(count -> count | SHUT);
    while (inside.get() != SHUT) {
      if (deadlineNanos != StackRuntime.NEVER && runtime.nanoTime() >= deadlineNanos) {
        return false;
      }
      if (!parker.park(deadlineNanos)) {
        // Interrupted: parking returns at once from now on, but a fence that was given up half-way
        // would cost the slot its landings, and callbacks are short.
        runtime.spinHint();
      }
    }
    return true;
  }
}
