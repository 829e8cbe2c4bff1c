package org.penstock.tdi;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Told that something is wrong with the way of a connection that goes on (ERROR_REPORT of RFC 9293
 * §3.9.1.8). Who does not want to know sets none.
 */
@ConsumerType
@FunctionalInterface
public interface TroubleHandler {

  /**
   * The connection has trouble, while it is opened or later. At dispatch level; must not block. It
   * may pass, or the connection ends; then the last of these is the reason, unless the peer has
   * answered meanwhile.
   *
   * @param status {@link Status#IO_TIMEOUT} if what was sent stayed unanswered, retransmitted as
   *     often as {@link org.penstock.core.api.TcpSettings#troubleRetransmissions} says; else what
   *     an ICMP error or the link has said: {@link Status#NETWORK_UNREACHABLE}, {@link
   *     Status#HOST_UNREACHABLE}, {@link Status#PORT_UNREACHABLE}
   */
  void troubled(ConnectionEndpoint endpoint, Status status);
}
