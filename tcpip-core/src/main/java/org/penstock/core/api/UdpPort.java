package org.penstock.core.api;

import java.lang.foreign.MemorySegment;
import org.osgi.annotation.versioning.ProviderType;
import org.penstock.api.TransportAddress;

/** An open UDP address. Owned by its cell: all methods are called inside it. */
@ProviderType
public interface UdpPort {

  /** How sending a datagram ended. */
  enum Sent {
    /** It was given to a driver, or waits for its neighbour's address. */
    SENT,
    /** The driver's queue is full, or too many wait: the datagram was dropped and counted. */
    DROPPED,
    /** No route, no source address, or the interface is down. */
    UNREACHABLE,
    /** Longer than a datagram can be, or than the path's MTU where fragments are refused. */
    TOO_BIG,
    /**
     * A destination that no datagram can go to: port 0, an unspecified address, or a broadcast
     * address without {@linkplain #broadcast permission}.
     */
    INVALID_ADDRESS
  }

  /** Where it is open. */
  TransportAddress local();

  /**
   * Says whether datagrams may leave in fragments, or be fragmented by routers; they may until this
   * is called. With true each carries the "don't fragment" bit (RFC 1191), and one that is longer
   * than what is known of its path is {@link Sent#TOO_BIG}.
   */
  void dontFragment(boolean refuse);

  /**
   * Says whether datagrams may be sent to broadcast addresses, the limited one and those of our
   * subnets; they may not until this is called. Received are they anyway.
   */
  void broadcast(boolean permit);

  /** Says what datagrams carry in the IP header; {@link IpSettings#DEFAULT} until it is called. */
  void ip(IpSettings settings);

  /** Sends one datagram; the memory is read by the time it returns. */
  Sent send(TransportAddress remote, MemorySegment source, long offset, int length);

  /** The same with an IP header of its own. */
  Sent send(
      TransportAddress remote, MemorySegment source, long offset, int length, IpSettings settings);

  /** Closes it; the user is told nothing more. */
  void close();
}
