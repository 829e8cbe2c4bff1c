package org.penstock.core.internal.tcp;

import org.penstock.core.api.TcpFailure;

/** What an ICMP error says of the way to a peer, whatever the IP version. */
public enum PathError {
  /** ICMP destination unreachable: network, or prohibited. */
  NETWORK_UNREACHABLE(TcpFailure.NETWORK_UNREACHABLE),
  /** ICMP destination unreachable: host; time exceeded in transit. */
  HOST_UNREACHABLE(TcpFailure.HOST_UNREACHABLE),
  /** ICMP destination unreachable: port or protocol. */
  PORT_UNREACHABLE(TcpFailure.PORT_UNREACHABLE),
  /** ICMP fragmentation needed, ICMPv6 packet too big. */
  PACKET_TOO_BIG(TcpFailure.NETWORK_UNREACHABLE);

  private final TcpFailure failure;

  PathError(TcpFailure failure) {
    this.failure = failure;
  }

  /** What it means to a connection that ends by it. */
  TcpFailure failure() {
    return failure;
  }
}
