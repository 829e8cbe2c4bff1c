package org.penstock.core.api;

import org.osgi.annotation.versioning.ConsumerType;

/** Who listens: the transport layer. */
@ConsumerType
public interface TcpAcceptor {

  /**
   * A handshake has completed. Called at core level inside the connection's own cell, which is
   * seldom the listener's; the acceptor gives the connection a {@linkplain TcpConnection#user user}
   * before it returns, or aborts it. Data waits in the receive queue meanwhile.
   */
  void established(TcpConnection connection);
}
