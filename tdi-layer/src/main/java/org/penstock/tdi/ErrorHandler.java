package org.penstock.tdi;

import org.osgi.annotation.versioning.ConsumerType;
import org.penstock.api.TransportAddress;

/** Told of errors about an address rather than a connection. */
@ConsumerType
@FunctionalInterface
public interface ErrorHandler {

  /**
   * The address has become unreliable, or a datagram sent from it did not arrive. At dispatch
   * level; must not block.
   *
   * @param remote where the datagram was sent, or {@code ANY} if it is about the address itself
   */
  void failed(AddressFile file, TransportAddress remote, Status status);
}
