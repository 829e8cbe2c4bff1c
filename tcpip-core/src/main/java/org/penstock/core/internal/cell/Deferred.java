package org.penstock.core.internal.cell;

import org.jspecify.annotations.Nullable;

/**
 * Work that a cell does once at the end of the occupation, however often it was asked for: the one
 * acknowledgement for a batch of segments, the window update, the segments a send made possible.
 * Owned by the cell.
 */
public abstract class Deferred {
  @Nullable Deferred next;
  boolean pending;

  /** For subclasses. */
  protected Deferred() {}

  /** True from when it was asked for until it is done. */
  public final boolean isPending() {
    return pending;
  }

  /** The work, inside the cell. May defer itself again only if it did something. */
  protected abstract void finish();
}
