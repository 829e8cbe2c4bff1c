package org.penstock.testkit.impairment;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * One arrival of a frame at the other end.
 *
 * @param dueNanos when
 * @param flippedBit the bit that is flipped, counted from the most significant bit of the frame's
 *     first octet; {@link #INTACT} for none
 */
public record Arrival(long dueNanos, long flippedBit) {

  /** No bit is flipped. */
  public static final long INTACT = -1;

  /** True if a bit is flipped. */
  public boolean isCorrupt() {
    return flippedBit != INTACT;
  }

  /** Flips the bit, if there is one, in a copy of the frame. */
  public void corrupt(MemorySegment copy) {
    if (isCorrupt()) {
      long at = flippedBit >>> 3;
      int mask = 0x80 >>> (int) (flippedBit & 7);
      byte octet = copy.get(ValueLayout.JAVA_BYTE, at);
      copy.set(ValueLayout.JAVA_BYTE, at, (byte) (octet ^ mask));
    }
  }
}
