package org.penstock.core.internal.ip;

import org.penstock.api.buffer.Landing;

/** Skeleton. */
public final class LinkInput {

  LinkInput() {}

  /** The home of a raw frame; outside of any exclusion, from any thread. */
  public int cellOf(SlotLink slot, Landing frame) {
    throw new UnsupportedOperationException();
  }

  /** Takes a frame, inside its cell; true if the landing was kept. */
  public boolean frame(SlotLink slot, int cell, Landing frame, boolean mayKeep) {
    throw new UnsupportedOperationException();
  }
}
