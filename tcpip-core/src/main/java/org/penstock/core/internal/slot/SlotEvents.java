package org.penstock.core.internal.slot;

/** What a slot tells the layers above it. From any thread at passive or dispatch level. */
public interface SlotEvents {

  /** A driver was bound, or the link came up: announce the addresses. */
  void announce(SlotCore slot);

  /** Whoever waits to send in a cell may try again; inside the cell. */
  void resume(SlotCore slot, int cell);

  /** MTU, link type or addresses changed: ways must be looked up again. */
  void changed(SlotCore slot);
}
