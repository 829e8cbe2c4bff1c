package org.penstock.core.internal.slot;

/** What a slot tells the layers above it. From any thread at passive or dispatch level. */
public interface SlotEvents {

  /** A driver was bound, or the link came up: announce the addresses. */
  void announce(SlotCore slot);

  /** Whoever waits to send in a cell may try again; inside the cell. */
  void resume(SlotCore slot, int cell);

  /**
   * The slot has another driver, or a link again: whoever waits to send in a cell may try, and what
   * was lost meanwhile is sent again at once; inside the cell. A bounded part of it.
   *
   * @param begun true to begin, false to go on
   * @return true if there is more to do
   */
  boolean restored(SlotCore slot, int cell, boolean begun);

  /** MTU, link type or addresses changed: ways must be looked up again. */
  void changed(SlotCore slot);
}
