package org.penstock.tdi;

import org.osgi.annotation.versioning.ConsumerType;

/** Told when the peer, or the network, ended a connection. */
@ConsumerType
@FunctionalInterface
public interface DisconnectHandler {

  /**
   * The connection ended. At dispatch level; must not block. {@link Disconnect#RELEASE} is the last
   * receive-side event, after the last byte was indicated or received; {@link Disconnect#ABORT} is
   * the last event of all. Ends that this side asked for are not told.
   *
   * @param status {@link Status#SUCCESS} for a release, else why: {@link Status#CONNECTION_RESET},
   *     {@link Status#IO_TIMEOUT}, {@link Status#NETWORK_UNREACHABLE}, …
   */
  void disconnected(ConnectionEndpoint endpoint, Disconnect how, Status status);
}
