package org.penstock.tdi;

import org.osgi.annotation.versioning.ConsumerType;

/** Shown what arrived over a connection while no receive is pending. */
@ConsumerType
@FunctionalInterface
public interface ReceiveHandler {

  /**
   * Bytes arrived. At dispatch level; must not block.
   *
   * @param data lent until the call returns; the handler answers by {@link ReceiveIndication#took}
   *     or {@link ReceiveIndication#takeRest}, else it has not accepted the bytes
   */
  void received(ConnectionEndpoint endpoint, ReceiveIndication data);
}
