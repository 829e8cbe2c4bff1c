package org.penstock.tdi;

import org.osgi.annotation.versioning.ConsumerType;

/** Shown datagrams while no receive is pending. */
@ConsumerType
@FunctionalInterface
public interface DatagramHandler {

  /**
   * A datagram arrived. At dispatch level; must not block.
   *
   * @param datagram lent until the call returns; what the handler does not copy is lost
   */
  void received(AddressFile file, DatagramIndication datagram);
}
