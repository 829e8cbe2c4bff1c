package org.penstock.launcher;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for what comes by itself, for as long as a loaded machine may need. */
public final class Eventually {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final long STEP_MILLIS = 10;

  private Eventually() {}

  /**
   * Returns once a condition holds.
   *
   * @param what is waited for
   * @param condition asked again and again
   * @param state what to show if it never does
   * @throws AssertionError if it does not within a minute
   */
  public static void await(String what, BooleanSupplier condition, Supplier<?> state)
      throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - deadline > 0) {
        throw new AssertionError(what + " did not come within " + PATIENCE + ": " + state.get());
      }
      Thread.sleep(STEP_MILLIS);
    }
  }
}
