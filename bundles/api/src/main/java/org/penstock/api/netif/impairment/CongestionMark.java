package org.penstock.api.netif.impairment;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.penstock.api.netif.LinkType;

/** The ECN field of an IP packet inside a frame, as a router in its way treats it (RFC 3168 §5). */
final class CongestionMark {

  private static final int ETHERNET_HEADER = 14;
  private static final int IPV4_HEADER = 20;
  private static final int IPV6_HEADER = 40;
  private static final int CE = 3;

  private CongestionMark() {}

  /** True if the sender has said that its transport understands ECN: ECT(0), ECT(1) or CE. */
  static boolean isCapable(LinkType linkType, MemorySegment frame) {
    int at = linkType == LinkType.ETHERNET ? ETHERNET_HEADER : 0;
    if (at != 0 && (frame.byteSize() < at || !isIp(u16(frame, at - 2)))) {
      return false;
    }
    return switch (version(frame, at)) {
      case 4 -> (u16(frame, at) & CE) != 0;
      case 6 -> (u16(frame, at) >>> 4 & CE) != 0;
      default -> false;
    };
  }

  /** Sets "congestion experienced" in a frame that {@link #isCapable} of it. */
  static void set(LinkType linkType, MemorySegment frame) {
    int at = linkType == LinkType.ETHERNET ? ETHERNET_HEADER : 0;
    int before = u16(frame, at);
    boolean four = version(frame, at) == 4;
    int after = before | (four ? CE : CE << 4);
    put16(frame, at, after);
    if (four) {
      // RFC 1624 §3, eqn. 3: HC' = ~(~HC + ~m + m').
      int sum = (~u16(frame, at + 10) & 0xffff) + (~before & 0xffff) + after;
      sum = (sum & 0xffff) + (sum >>> 16);
      sum = (sum & 0xffff) + (sum >>> 16);
      put16(frame, at + 10, ~sum);
    }
  }

  private static boolean isIp(int etherType) {
    return etherType == 0x0800 || etherType == 0x86dd;
  }

  /** The IP version, 0 if there is no whole header. */
  private static int version(MemorySegment frame, int at) {
    long left = frame.byteSize() - at;
    int version = left < IPV4_HEADER ? 0 : u16(frame, at) >>> 12;
    return version == 6 && left < IPV6_HEADER ? 0 : version;
  }

  private static int u16(MemorySegment frame, long at) {
    return (frame.get(ValueLayout.JAVA_BYTE, at) & 0xff) << 8
        | frame.get(ValueLayout.JAVA_BYTE, at + 1) & 0xff;
  }

  private static void put16(MemorySegment frame, long at, int value) {
    frame.set(ValueLayout.JAVA_BYTE, at, (byte) (value >>> 8));
    frame.set(ValueLayout.JAVA_BYTE, at + 1, (byte) value);
  }
}
