package org.penstock.api.netif;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * A network interface driver: a service that moves frames for one slot at a time.
 *
 * <p>Registered as a service it carries the properties {@link #NAME} and {@link #TYPE}; a slot
 * chooses the highest {@code service.ranking} that matches its filter. Nothing above the slot
 * learns which driver it has.
 *
 * <p>Life: {@link #attach} binds it to a slot, {@link NetifAttachment#detach} ends that, and it may
 * be attached again. Both are called by one thread at a time, at passive level.
 */
@ConsumerType
public interface Netif {

  /** Service property: the device's name, such as {@code tap0}. */
  String NAME = "netif.name";

  /** Service property: the kind of device, such as {@code tap}, {@code cable}, {@code loopback}. */
  String TYPE = "netif.type";

  /** The device's name, for people. */
  String name();

  /** What it can do at this moment. From any thread. */
  NetifCapabilities capabilities();

  /**
   * Frames that the driver has dropped by itself so far, in either direction: longer than it takes,
   * or refused by its device. Not those it has offered to the slot, which counts them. From any
   * thread.
   */
  default long drops() {
    return 0;
  }

  /**
   * Binds the driver to a slot. It may deliver as soon as its queues are driven, and must not call
   * the host from within this method.
   *
   * @param host the slot's side, valid until the attachment has ended
   * @throws NetifException if the device can't be used, or is attached already; the message says
   *     what to do
   */
  NetifAttachment attach(NetifHost host) throws NetifException;
}
