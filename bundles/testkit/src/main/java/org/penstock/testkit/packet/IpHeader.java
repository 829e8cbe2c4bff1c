package org.penstock.testkit.packet;

import org.penstock.api.IpAddress;

/**
 * An IP header of either family.
 *
 * @param source from
 * @param destination to
 * @param protocol the transport protocol: 1 ICMP, 6 TCP, 17 UDP, 58 ICMPv6
 * @param hopLimit time to live
 * @param trafficClass type of service, with the ECN bits
 * @param totalLength octets of the packet, this header included
 * @param headerLength octets of this header, options included
 * @param id identification, 0 for IPv6
 * @param dontFragment the DF bit, true for IPv6
 * @param moreFragments the MF bit
 * @param fragmentOffset in octets
 * @param checksum of the header; GOOD for IPv6, which has none
 */
public record IpHeader(
    IpAddress source,
    IpAddress destination,
    int protocol,
    int hopLimit,
    int trafficClass,
    int totalLength,
    int headerLength,
    int id,
    boolean dontFragment,
    boolean moreFragments,
    int fragmentOffset,
    ChecksumVerdict checksum) {

  /** Protocol number of ICMP. */
  public static final int ICMP = 1;

  /** Protocol number of TCP. */
  public static final int TCP = 6;

  /** Protocol number of UDP. */
  public static final int UDP = 17;

  /** Protocol number of ICMP for IPv6. */
  public static final int ICMPV6 = 58;

  /** True if this is not a whole packet. */
  public boolean isFragment() {
    return moreFragments || fragmentOffset != 0;
  }
}
