package org.penstock.api.netif.support;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.penstock.api.runtime.Parker;
import org.penstock.api.runtime.StackRuntime;

/**
 * Counts who is calling a host, and shuts for good: afterwards nobody calls it any more. The fence
 * of a driver's {@code detach}. Any thread.
 */
public final class CallbackGate {

  private static final int SHUT = Integer.MIN_VALUE;

  private final StackRuntime runtime;
  private final AtomicInteger inside = new AtomicInteger();
  private volatile @Nullable Parker closer;

  /** A gate that lets everybody in. */
  public CallbackGate(StackRuntime runtime) {
    this.runtime = runtime;
  }

  /** Asks to call the host; if true, {@link #exit} must follow. */
  public boolean enter() {
    int seen;
    do {
      seen = inside.get();
      if (seen < 0) {
        return false;
      }
    } while (!inside.compareAndSet(seen, seen + 1));
    return true;
  }

  /** Ends what {@link #enter} began. */
  public void exit() {
    if (inside.decrementAndGet() == SHUT) {
      Parker waiting = closer;
      if (waiting != null) {
        waiting.unpark();
      }
    }
  }

  /** True if nobody is let in any more. */
  public boolean isShut() {
    return inside.get() < 0;
  }

  /**
   * Lets nobody in any more, and waits for who is inside.
   *
   * @param deadlineNanos when to give up, by the runtime's clock
   * @return true if nobody is left inside
   */
  public boolean shut(long deadlineNanos) {
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
