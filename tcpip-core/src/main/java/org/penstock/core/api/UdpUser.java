package org.penstock.core.api;

import org.osgi.annotation.versioning.ConsumerType;
import org.penstock.api.TransportAddress;
import org.penstock.api.buffer.Landing;

/** Who owns an open UDP address. Called at core level, inside the port's cell; must not block. */
@ConsumerType
public interface UdpUser {

  /**
   * A datagram arrived.
   *
   * @param remote its sender
   * @param local the address it was sent to
   * @param dscp its DiffServ codepoint (RFC 1122 §4.1.4)
   * @param payload lent for the call: its bytes as {@linkplain Landing#offset() described}. Others
   *     may be shown the same; who keeps the bytes copies them
   * @return true if it was taken; false if it was dropped for want of room, which is counted
   */
  boolean received(TransportAddress remote, TransportAddress local, int dscp, Landing payload);

  /** An ICMP error about a datagram that was sent from here. */
  void unreachable(TransportAddress remote, TcpFailure failure);
}
