package org.penstock.api.netif;

/**
 * What a driver does by itself; the core does the rest.
 *
 * @param linkType what a frame starts with
 * @param mtu largest IP packet in bytes that the device passes
 * @param checksumIn received frames may carry a checksum state other than unverified
 * @param checksumOut frames with a partial checksum are taken
 * @param tcpSegmentation largest TCP super-frame in bytes from its IP header on that is taken, 0
 *     for none
 * @param udpSegmentation the same for UDP
 * @param receiveCoalescing largest frame in bytes, link header included, that may be delivered;
 *     {@code mtu} plus the link header for a device that does not coalesce
 * @param queues how many receive queues it has; 0 for a driver that pushes from a thread of its own
 * @param gather most pieces a frame may have; the core copies into fewer where needed
 * @param retains the driver keeps frames after {@code transmit} and says when it is done; reserved,
 *     refused by this version
 */
public record NetifCapabilities(
    LinkType linkType,
    int mtu,
    boolean checksumIn,
    boolean checksumOut,
    int tcpSegmentation,
    int udpSegmentation,
    int receiveCoalescing,
    int queues,
    int gather,
    boolean retains) {

  /** Refuses what no device can mean. */
  public NetifCapabilities {
    if (mtu < 68 || mtu > 65_535) {
      throw new IllegalArgumentException("MTU " + mtu + " is not between 68 and 65535 bytes");
    }
    if (queues < 0 || gather < 1 || receiveCoalescing < mtu) {
      throw new IllegalArgumentException(
          "queues "
              + queues
              + ", gather "
              + gather
              + ", receiveCoalescing "
              + receiveCoalescing
              + ": need at least 0, 1 and the MTU");
    }
  }

  /** A plain device without any offload and with one queue. */
  public static NetifCapabilities plain(LinkType linkType, int mtu) {
    int header = linkType == LinkType.ETHERNET ? 14 : 0;
    return new NetifCapabilities(
        linkType, mtu, false, false, 0, 0, mtu + header, 1, Integer.MAX_VALUE, false);
  }

  /** The same with another MTU, for devices that do not coalesce. */
  public NetifCapabilities withMtu(int bytes) {
    int coalescing = Math.max(receiveCoalescing - mtu + bytes, bytes);
    return new NetifCapabilities(
        linkType,
        bytes,
        checksumIn,
        checksumOut,
        tcpSegmentation,
        udpSegmentation,
        coalescing,
        queues,
        gather,
        retains);
  }
}
