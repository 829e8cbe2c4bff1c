package org.penstock.api.netif.impairment;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.penstock.api.netif.LinkType;

/**
 * Which bits of a frame may be flipped so that a receiver that verifies checksums notices: those of
 * the IP packet that some checksum covers. Never the link header, whose check sequence no driver
 * shows, nor what pads the frame, nor a packet without a checksum such as ARP.
 */
final class CorruptibleBits {

  private static final int ETHERNET_HEADER = 14;
  private static final int IPV4_HEADER = 20;
  private static final int IPV6_HEADER = 40;
  private static final int IPV6_ADDRESSES = 8;
  private static final int ICMP = 1;
  private static final int TCP = 6;
  private static final int UDP = 17;
  private static final int ICMPV6 = 58;

  private final int linkHeader;

  CorruptibleBits(LinkType linkType) {
    this.linkHeader = linkType == LinkType.ETHERNET ? ETHERNET_HEADER : 0;
  }

  int linkHeader() {
    return linkHeader;
  }

  /**
   * Chooses a bit.
   *
   * @param where from 0 to below 1: which of the bits there are
   * @return its index in the frame, or {@link Arrival#INTACT} if none may be flipped
   */
  long choose(MemorySegment frame, double where) {
    long size = frame.byteSize();
    boolean ip = linkHeader == 0;
    if (!ip && size >= ETHERNET_HEADER) {
      int type = u16(frame, 12);
      ip = type == 0x0800 || type == 0x86dd;
    }
    if (!ip || size < linkHeader + IPV4_HEADER) {
      return Arrival.INTACT;
    }
    int version = u8(frame, linkHeader) >>> 4;
    return switch (version) {
      case 4 -> ipv4(frame, where);
      case 6 -> size < linkHeader + IPV6_HEADER ? Arrival.INTACT : ipv6(frame, where);
      default -> Arrival.INTACT;
    };
  }

  private long ipv4(MemorySegment frame, double where) {
    int header = (u8(frame, linkHeader) & 15) * 4;
    long end = Math.min(frame.byteSize(), linkHeader + u16(frame, linkHeader + 2));
    boolean laterFragment = (u16(frame, linkHeader + 6) & 0x1fff) != 0;
    long transport = linkHeader + header;
    // The header has a checksum of its own, so that much is always covered.
    boolean all = !laterFragment && isCovered(frame, u8(frame, linkHeader + 9), transport, end);
    return bit(linkHeader, all ? end : Math.min(transport, end), where);
  }

  private long ipv6(MemorySegment frame, double where) {
    // RFC 8200 §8.1: only the addresses enter the transport's checksum, and there is no other.
    long transport = linkHeader + IPV6_HEADER;
    long end = Math.min(frame.byteSize(), transport + u16(frame, linkHeader + 4));
    int protocol = u8(frame, linkHeader + 6);
    return isCovered(frame, protocol, transport, end)
        ? bit(linkHeader + IPV6_ADDRESSES, end, where)
        : Arrival.INTACT;
  }

  private static boolean isCovered(MemorySegment frame, int protocol, long transport, long end) {
    return switch (protocol) {
      case ICMP, ICMPV6, TCP -> true;
      // RFC 768: a checksum field of zero means that there is none. One with a single bit set could
      // become zero by our flip.
      case UDP -> transport + 8 <= end && Integer.bitCount(u16(frame, transport + 6)) > 1;
      default -> false;
    };
  }

  private static long bit(long from, long end, double where) {
    long bits = (end - from) * 8;
    return bits <= 0 ? Arrival.INTACT : from * 8 + (long) (where * bits);
  }

  private static int u8(MemorySegment frame, long at) {
    return frame.get(ValueLayout.JAVA_BYTE, at) & 0xff;
  }

  private static int u16(MemorySegment frame, long at) {
    return u8(frame, at) << 8 | u8(frame, at + 1);
  }
}
