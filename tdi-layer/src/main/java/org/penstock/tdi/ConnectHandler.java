package org.penstock.tdi;

import org.osgi.annotation.versioning.ConsumerType;

/** Asked about a connection that no listen waits for. */
@ConsumerType
@FunctionalInterface
public interface ConnectHandler {

  /**
   * A handshake has completed. At dispatch level; must not block.
   *
   * @param offer to be accepted before the call returns, else it is refused by a reset
   */
  void connecting(ConnectOffer offer) throws TransportException;
}
