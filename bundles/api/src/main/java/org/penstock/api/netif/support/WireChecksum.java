package org.penstock.api.netif.support;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.penstock.api.buffer.OutboundFrame;
import org.penstock.api.netif.LinkType;

/** The Internet checksum (RFC 1071), for frames whose sender left it to the device. */
public final class WireChecksum {

  static final ValueLayout.OfShort BIG_ENDIAN_16 =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  static final ValueLayout.OfInt BIG_ENDIAN_32 =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  private static final int TCP = 6;
  private static final int UDP = 17;

  private WireChecksum() {}

  /** Computes the checksum where it was left out. */
  public static void complete(WireFrame frame) {
    if (frame.hasPartialChecksum()) {
      complete(frame.memory, frame.length, frame.checksumStart, frame.checksumOffset);
      frame.checksumStart = OutboundFrame.NO_CHECKSUM;
    }
  }

  /**
   * Computes a checksum that was left out; a field outside of the frame is left alone.
   *
   * @param memory the frame, from its first octet on
   * @param length octets of the frame
   * @param start where summing starts
   * @param offset octets from there to the checksum field
   */
  public static void complete(MemorySegment memory, int length, int start, int offset) {
    int field = start + offset;
    if (start >= 0 && field >= start && field + 2 <= length) {
      // The field holds the sum of the pseudo-header, so it is summed like any other octets.
      int sum = fold(sum(memory, start, length - start));
      // RFC 768: a UDP checksum of zero means none; 0xffff is the same number. TCP never yields
      // zero here but for data that also sums to it, and accepts either.
      int checksum = ~sum & 0xffff;
      memory.set(BIG_ENDIAN_16, field, (short) (checksum == 0 ? 0xffff : checksum));
    }
  }

  /**
   * Computes a checksum that was left out of a TCP or UDP packet whose device did not tell where it
   * stands; another frame is left alone.
   *
   * @param memory the frame, from its first octet on
   * @param length octets of the frame
   * @param linkType what the frame starts with
   */
  public static void complete(MemorySegment memory, int length, LinkType linkType) {
    int start = transport(memory, length, linkType);
    if (start >= 0) {
      complete(memory, length, start, offset(memory, linkType));
    }
  }

  /**
   * Says where the transport checksum of a TCP or UDP packet stands; leaves another frame alone.
   */
  static void locate(WireFrame frame, LinkType linkType) {
    int start = transport(frame.memory, frame.length, linkType);
    if (start >= 0) {
      frame.checksumStart = start;
      frame.checksumOffset = offset(frame.memory, linkType);
    }
  }

  /** Where the TCP or UDP header stands, or -1. */
  private static int transport(MemorySegment memory, int length, LinkType linkType) {
    int at = network(linkType);
    int version = at + 20 <= length ? octet(memory, at) >>> 4 : 0;
    if (version != 4 && (version != 6 || at + 40 > length)) {
      return -1;
    }
    int protocol = protocol(memory, at);
    return protocol != TCP && protocol != UDP
        ? -1
        : at + (version == 4 ? (octet(memory, at) & 15) * 4 : 40);
  }

  private static int offset(MemorySegment memory, LinkType linkType) {
    return protocol(memory, network(linkType)) == TCP ? 16 : 6;
  }

  private static int network(LinkType linkType) {
    return linkType == LinkType.ETHERNET ? 14 : 0;
  }

  private static int protocol(MemorySegment memory, int network) {
    return octet(memory, network + (octet(memory, network) >>> 4 == 4 ? 9 : 6));
  }

  private static int octet(MemorySegment memory, int at) {
    return memory.get(ValueLayout.JAVA_BYTE, at) & 0xff;
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
