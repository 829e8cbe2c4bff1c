package org.penstock.core.internal.ip;

import org.jspecify.annotations.Nullable;
import org.penstock.api.IpAddress;
import org.penstock.api.MacAddress;
import org.penstock.api.buffer.Landing;
import org.penstock.api.buffer.OutboundFrame;
import org.penstock.api.netif.LinkType;
import org.penstock.api.netif.NetifCapabilities;
import org.penstock.api.view.DropReason;

/**
 * An interface as the IP layer sees it: identity and a way down, whatever driver it has at the
 * moment. May be called from any thread unless said otherwise.
 */
public interface SlotLink {

  /** Its number in the stack, never used again for another. */
  int number();

  /** Its name. */
  String name();

  /** Its station address. */
  MacAddress mac();

  /** What its frames start with. */
  LinkType linkType();

  /** Largest IP packet in bytes. */
  int mtu();

  /** What its driver can do; those of the last driver while it has none. */
  NetifCapabilities capabilities();

  /** True if it has a driver and the driver a link. */
  boolean isUp();

  /**
   * Gives a frame to the driver; inside the cell that sends.
   *
   * @param madeFor the {@linkplain #capabilities capabilities} that the frame was made for
   * @return true if it was taken; false if the driver's queue is full, the slot is down, or its
   *     driver has become one that can do other things; whoever waits is told by its cell when to
   *     try again
   */
  boolean transmit(int cell, OutboundFrame frame, NetifCapabilities madeFor);

  /** Counts a frame or packet dropped at this interface, and shows it to the observer. */
  void dropped(int cell, DropReason reason, @Nullable Landing frame);

  /** Another station uses an address of ours: says so to people, once for each; inside a cell. */
  void conflict(IpAddress address, MacAddress other);
}
