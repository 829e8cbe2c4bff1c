package org.penstock.testkit.netif;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.penstock.api.netif.Netif;

/** A driver under test and a hand on the other end of its wire. One for each test. */
public interface NetifFixture extends AutoCloseable {

  /** The driver, not attached. */
  Netif netif();

  /**
   * Puts a frame on the wire, for the driver to receive. It may arrive somewhat later.
   *
   * @param frame from its link header on, no longer than the MTU allows
   */
  void inject(byte[] frame) throws Exception;

  /**
   * Takes what the driver has put on the wire, in order; other frames than the test's may be among
   * them.
   *
   * @param atMost how long to wait for the first if none is there
   */
  List<ReceivedFrame> takeSent(Duration atMost) throws Exception;

  /**
   * Makes the far end stop taking frames, until {@link #resume}, so that the driver's queue fills.
   *
   * @return false if the device has no way to refuse a frame
   */
  default boolean stall() throws Exception {
    return false;
  }

  /** Ends what {@link #stall} began. */
  default void resume() throws Exception {}

  /**
   * Cuts or restores the link.
   *
   * @return false if the fixture can't do that
   */
  default boolean link(boolean up) throws Exception {
    return false;
  }

  /** A driver of the same kind that can't be attached, or null where that can't be had. */
  default @Nullable Netif unusable() throws Exception {
    return null;
  }

  /** Frees what the fixture holds; the driver is detached. */
  @Override
  void close() throws Exception;
}
