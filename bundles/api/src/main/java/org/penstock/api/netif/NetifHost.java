package org.penstock.api.netif;

import org.osgi.annotation.versioning.ProviderType;
import org.penstock.api.MacAddress;
import org.penstock.api.runtime.StackRuntime;

/**
 * A slot, as its driver sees it: one object for each attachment. After {@code detach} has returned
 * its methods do nothing. The events may be called from any thread that is not inside the core
 * ({@code transmit} runs inside), never block, and allocate nothing of the caller's.
 */
@ProviderType
public interface NetifHost {

  /** The slot's name with its stack's, such as {@code a/net0}, for thread names and messages. */
  String slot();

  /** The station address to use; a driver that needs one of its own device ignores it. */
  MacAddress mac();

  /** Threads, time and chance for in-JVM drivers. */
  StackRuntime runtime();

  /**
   * Opens the way up for one receive queue and lends its landings.
   *
   * @param queue the queue, from 0
   * @param batch how many landings to lend, which is the longest batch that will be delivered, 1 to
   *     256
   * @throws IllegalStateException if that queue's port is open already
   */
  ReceivePort openReceive(int queue, int batch);

  /** The link went up or down, or changed its speed. */
  void linkChanged(LinkState state);

  /**
   * The driver's capabilities changed; the slot reads them again. The link type never changes: that
   * is another driver.
   */
  void capabilitiesChanged();

  /** A transmit port that did not take all it was given has room again. */
  void transmitReady();

  /**
   * The device is lost (deleted, unplugged, broken): the slot goes down, detaches the driver, and
   * takes the next best.
   */
  void failed(Throwable cause);
}
