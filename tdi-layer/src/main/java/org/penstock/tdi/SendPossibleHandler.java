package org.penstock.tdi;

import org.osgi.annotation.versioning.ConsumerType;

/** Told when there is room again after a send ended {@link Status#DEVICE_NOT_READY}. */
@ConsumerType
@FunctionalInterface
public interface SendPossibleHandler {

  /**
   * There is room. At dispatch level; must not block.
   *
   * @param bytes how many bytes there was room for
   */
  void sendPossible(ConnectionEndpoint endpoint, int bytes);
}
