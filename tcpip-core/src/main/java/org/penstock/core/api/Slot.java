package org.penstock.core.api;

import org.osgi.annotation.versioning.ProviderType;
import org.penstock.api.netif.Netif;
import org.penstock.api.netif.NetifWrapper;
import org.penstock.api.view.InterfaceView;

/**
 * An interface of the stack: name, addresses, neighbours and counters, which outlive any driver.
 * All methods are for passive level, any thread.
 */
@ProviderType
public interface Slot {

  /** Its name. */
  String name();

  /**
   * Offers a driver. Of all that are offered the highest ranking is bound; a better one takes over
   * before the other is detached.
   *
   * @param ranking higher is better
   * @return null if it was taken into consideration and, where best, bound; else why it can't be
   *     used
   */
  @org.jspecify.annotations.Nullable
  String offer(Netif netif, int ranking);

  /**
   * Takes a driver away; when this returns no frame, callback or buffer of it is in the stack. The
   * slot goes on with the next best, or down.
   */
  void withdraw(Netif netif);

  /**
   * Puts a wrapper around the driver, and around every driver after it, in place of the one there
   * is. Nothing breaks by it: the driver keeps its bond, and what the wrapper before held back is
   * sent and delivered.
   *
   * @param wrapper null for none
   * @return null, or why it can't wrap the driver that is bound, which goes on without it
   */
  @org.jspecify.annotations.Nullable
  String wrap(@org.jspecify.annotations.Nullable NetifWrapper wrapper);

  /** What was set of it. */
  SlotSettings settings();

  /** Changes addresses, gateway or MTU in place; the name must be the same. */
  void configure(SlotSettings settings);

  /** The slot at this moment. */
  InterfaceView view();
}
