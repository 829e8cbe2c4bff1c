package org.penstock.core.internal.wire;

import java.lang.foreign.MemorySegment;
import org.penstock.api.view.DropReason;

/** Says what a record could not be parsed from. */
final class Malformed {
  private static final int SHOWN = 80;

  private Malformed() {}

  static IllegalArgumentException because(
      DropReason reason, MemorySegment segment, long offset, int length) {
    int shown = Math.clamp(length, 0, SHOWN);
    return new IllegalArgumentException(
        reason
            + " in "
            + length
            + " bytes: "
            + Octets.copyOf(segment, offset, shown)
            + (shown < length ? "…" : ""));
  }
}
