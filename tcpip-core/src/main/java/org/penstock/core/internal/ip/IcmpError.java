package org.penstock.core.internal.ip;

import org.penstock.api.IpAddress;
import org.penstock.core.api.TcpFailure;

/**
 * An ICMP error about a packet that we are said to have sent. Nobody has proved that we did: a
 * transport checks what was quoted against what it has in flight (RFC 5927 §4).
 *
 * @param kind what the error means
 * @param failure the same in the terms of the transport layer
 * @param from who sent the error: a router on the way, or the destination
 * @param local our address in the quoted packet
 * @param localPort our port in the quoted packet; an echo's identifier
 * @param remote the other address in the quoted packet
 * @param remotePort the other port in the quoted packet; an echo's sequence number
 * @param sequence the 32 bits behind the ports: TCP's sequence number
 * @param length bytes of the quoted packet, as its header says
 * @param mtu bytes that fit through the next hop for {@link Kind#TOO_BIG}, 0 if it was not told
 */
public record IcmpError(
    Kind kind,
    TcpFailure failure,
    IpAddress from,
    IpAddress local,
    int localPort,
    IpAddress remote,
    int remotePort,
    int sequence,
    int length,
    int mtu) {

  /** What an error means (RFC 1122 §3.2.2.1, §4.2.3.9). */
  public enum Kind {
    /** The way is broken at the moment: net or host unreachable, TTL exceeded. A soft error. */
    UNREACHABLE,
    /** Nobody listens there: port or protocol unreachable. A hard error. */
    REFUSED,
    /** Forbidden by an administrator (codes 9, 10, 13). */
    PROHIBITED,
    /** Longer than what fits, and not to be fragmented (RFC 1191). */
    TOO_BIG,
    /** The header made no sense to the receiver. */
    PARAMETER_PROBLEM
  }
}
