package org.penstock.api.netif.support;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.penstock.api.buffer.OutboundFrame;

/** The Internet checksum (RFC 1071), for frames whose sender left it to the device. */
public final class WireChecksum {

  static final ValueLayout.OfShort BIG_ENDIAN_16 =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  static final ValueLayout.OfInt BIG_ENDIAN_32 =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  private WireChecksum() {}

  /** Computes the checksum where it was left out. */
  public static void complete(WireFrame frame) {
    if (!frame.hasPartialChecksum()) {
      return;
    }
    int start = frame.checksumStart;
    int field = start + frame.checksumOffset;
    if (start >= 0 && field >= start && field + 2 <= frame.length) {
      // The field holds the sum of the pseudo-header, so it is summed like any other octets.
      int sum = fold(sum(frame.memory, start, frame.length - start));
      // RFC 768: a UDP checksum of zero means none; 0xffff is the same number. TCP never yields
      // zero here but for data that also sums to it, and accepts either.
      int checksum = ~sum & 0xffff;
      frame.memory.set(BIG_ENDIAN_16, field, (short) (checksum == 0 ? 0xffff : checksum));
    }
    frame.checksumStart = OutboundFrame.NO_CHECKSUM;
  }

  /** The sum of 16-bit words, not folded; an odd last octet counts as the high one. */
  public static long sum(MemorySegment memory, long offset, int length) {
    long sum = 0;
    int at = 0;
    for (; at + 1 < length; at += 2) {
      sum += memory.get(BIG_ENDIAN_16, offset + at) & 0xffff;
    }
    if (at < length) {
      sum += (memory.get(ValueLayout.JAVA_BYTE, offset + at) & 0xff) << 8;
    }
    return sum;
  }

  /** Folds a sum to 16 bits by end-around carry. */
  public static int fold(long sum) {
    long folded = sum;
    while (folded >>> 16 != 0) {
      folded = (folded & 0xffff) + (folded >>> 16);
    }
    return (int) folded;
  }
}
