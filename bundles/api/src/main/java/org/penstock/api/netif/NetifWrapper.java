package org.penstock.api.netif;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * A NIC that wraps another while it runs: it stands between a slot and whichever driver is bound,
 * and sees every frame in both directions. It loses, delays or changes frames; one that only looks
 * is a {@link SlotObserver}.
 *
 * <p>A driver serves one attachment at a time, and a device may vanish when it is let go, so that a
 * wrapper can't attach to what is bound already. The slot puts it around the bond instead: the
 * driver keeps its attachment, its queues and its landings, and learns nothing. When the driver is
 * replaced, the next one is wrapped before the other is let go.
 *
 * <p>Registered as a service it says by {@link #STACK} and {@link #SLOT} which slot it is for; of
 * several the one with the highest {@code service.ranking} is in force.
 */
@ConsumerType
public interface NetifWrapper {

  /** Service property: the name of the stack. */
  String STACK = "wrapper.stack";

  /** Service property: the name of the stack's interface, such as {@code net0}. */
  String SLOT = "wrapper.slot";

  /** Its name, for people. */
  String name();

  /**
   * What a slot may ask of a driver with this wrapper around it: not more than the driver can. From
   * any thread, never blocks.
   */
  NetifCapabilities capabilities(NetifCapabilities driver);

  /**
   * Begins to wrap a driver. No frame passes before this has returned. While a driver is replaced,
   * two are wrapped at a time. Called by one thread at a time, at passive level.
   *
   * @param host the slot's side, for frames of its own: its {@link NetifHost#openReceive} goes past
   *     the wrapper, by numbers that need not differ from the driver's
   * @param driver the driver's side; the wrapper may open transmit ports of its own and ask for the
   *     link, the rest is the slot's
   * @param capabilities what the driver can do by itself
   * @throws NetifException if it can't; then the driver goes on without it
   */
  NetifWrapping wrap(NetifHost host, NetifAttachment driver, NetifCapabilities capabilities)
      throws NetifException;
}
