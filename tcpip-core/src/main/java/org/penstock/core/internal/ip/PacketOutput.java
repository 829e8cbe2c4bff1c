package org.penstock.core.internal.ip;

import org.jspecify.annotations.Nullable;
import org.penstock.api.IpAddress;

/**
 * The way down for the packets of one cell: from a transport header to the driver's transmit port.
 * All methods are called inside the cell.
 */
public interface PacketOutput {

  /** How sending ended. */
  enum Outcome {
    /** It was given to the driver, or a copy waits for the neighbour's address. */
    SENT,
    /**
     * Nothing was sent: the driver's queue is full, the slot has no driver or no link, or the
     * neighbour is being resolved. The waiter, if given, is told when to try again; without one the
     * packet was dropped and counted.
     */
    BLOCKED,
    /** It can't be sent at all: dropped and counted. */
    UNREACHABLE
  }

  /**
   * Looks a way up, by longest prefix.
   *
   * @param local the source address, or an unspecified one to have it chosen
   * @return the way, or null if there is none
   */
  @Nullable Path route(IpAddress local, IpAddress remote);

  /** False if the path must be looked up again before its next use. */
  boolean isCurrent(Path path);

  /**
   * The largest TCP super-segment that the path's device cuts by itself, in bytes from the IP
   * header on; 0 if it does not.
   */
  int segmentation(Path path);

  /**
   * A router on the path has refused a packet, because it was too long and not to be fragmented
   * (RFC 1191). The caller has made sure that such a packet was sent. What is learned counts for
   * everybody who sends to that destination: their paths are no longer current.
   *
   * @param mtu what the router can pass on, 0 if it did not say
   * @param length of the refused packet
   * @return true if less fits through the path than was known
   */
  boolean tooBig(Path path, int mtu, int length);

  /**
   * What was sent that way stays unanswered (negative advice of RFC 1122 §3.3.1.4, RFC 9293
   * §3.8.3): whether its next hop is still there is asked anew, and if it is not, what is sent to
   * it waits or fails like anything else.
   */
  void doubt(Path path);

  /**
   * Begins a packet.
   *
   * @param path the way, {@linkplain #isCurrent current}
   * @param protocol the IP protocol number
   * @param transportHeader bytes of the transport header with its options
   */
  OutboundPacket begin(Path path, int protocol, int transportHeader);

  /**
   * Ends and sends the packet begun last. The transport checksum is computed here, or left to the
   * device: its field (at 16 for TCP, 6 for UDP, 2 for ICMP) need not be set before. ICMP has no
   * pseudo-header.
   *
   * @param waiter who waits if nothing can be sent; with null, a packet whose neighbour is being
   *     resolved is copied into a bounded queue, and any other that is refused is dropped
   */
  Outcome end(@Nullable TransmitWaiter waiter);
}
