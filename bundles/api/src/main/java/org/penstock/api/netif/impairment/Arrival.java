package org.penstock.api.netif.impairment;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.penstock.api.netif.LinkType;

/**
 * One arrival of a frame at the other end.
 *
 * @param dueNanos when
 * @param marked true if a queue marks it "congestion experienced"
 * @param flippedBit the bit that is flipped, counted from the most significant bit of the frame's
 *     first octet; {@link #INTACT} for none
 */
public record Arrival(long dueNanos, boolean marked, long flippedBit) {

  /** No bit is flipped. */
  public static final long INTACT = -1;

  /** An unchanged frame. */
  public static Arrival intact(long dueNanos) {
    return new Arrival(dueNanos, false, INTACT);
  }

  /** True if the frame arrives otherwise than it was sent. */
  public boolean isChanged() {
    return marked || isCorrupt();
  }

  /** True if a bit is flipped. */
  public boolean isCorrupt() {
    return flippedBit != INTACT;
  }

  /** Does to a copy of the frame what happens to it: the mark first, as the queue is in front. */
  public void change(LinkType linkType, MemorySegment copy) {
    if (marked) {
      CongestionMark.set(linkType, copy);
    }
    if (isCorrupt()) {
      long at = flippedBit >>> 3;
      int mask = 0x80 >>> (int) (flippedBit & 7);
      byte octet = copy.get(ValueLayout.JAVA_BYTE, at);
      copy.set(ValueLayout.JAVA_BYTE, at, (byte) (octet ^ mask));
    }
  }
}
