package org.penstock.api.concurrency;

import org.jspecify.annotations.Nullable;

/**
 * A call out of the stack that a section left to be made after the exclusion is given up. Carries
 * its own link; {@link Partition#leave} hands out a chain, {@link Partition#indicate} makes the
 * calls.
 */
public abstract class Indication {
  private @Nullable Indication next;

  /** For subclasses. */
  protected Indication() {}

  /** The call, at dispatch level. An exception is counted and logged once. */
  protected abstract void indicate();

  /** Makes the call; for the stack's side of a {@link Partition}. */
  public final void execute() {
    indicate();
  }

  /** The next of the chain. */
  public final @Nullable Indication next() {
    return next;
  }

  /** Links a chain. */
  public final void next(@Nullable Indication indication) {
    this.next = indication;
  }
}
