package org.penstock.core.internal.slot;

import org.jspecify.annotations.Nullable;
import org.penstock.api.buffer.OutboundFrame;
import org.penstock.api.netif.NetifAttachment;
import org.penstock.api.netif.TransmitPort;
import org.penstock.api.runtime.RuntimeThread;

/**
 * The way of one partition's frames into a driver: its transmit port, opened at its first use, and
 * nothing that the driver throws comes out. Used inside the partition; it is closed when nobody is
 * inside any more.
 */
final class Lane {

  private final Binding binding;
  private final SlotCore slot;
  private final CallMark mark = new CallMark();
  private @Nullable RuntimeThread thread;
  private @Nullable TransmitPort port;
  private @Nullable TransmitPort wrapped;
  private @Nullable Layer wrappedBy;

  Lane(Binding binding, SlotCore slot) {
    this.binding = binding;
    this.slot = slot;
  }

  /** Gives frames to the driver; returns how many it took, none once it has failed. */
  int transmit(NetifAttachment bond, @Nullable Layer around, OutboundFrame[] frames, int count) {
    if (binding.hasFailed()) {
      return 0;
    }
    thread = slot.currentThread();
    mark.enter();
    int taken;
    try {
      TransmitPort open = port;
      if (open == null) {
        open = bond.openTransmit();
        port = open;
      }
      taken = (around == null ? open : through(around, open)).transmit(frames, count);
    } catch (Throwable e) {
      binding.threw(port == null ? "openTransmit" : "transmit", e);
      taken = 0;
    }
    mark.leave();
    thread = null;
    if (binding.hasFailed()) {
      mark.settle(slot.runtime());
      return 0;
    }
    if (taken < 0 || taken > count) {
      binding.fail("transmit took " + taken + " of " + count + " frames", null);
      return 0;
    }
    return taken;
  }

  private TransmitPort through(Layer around, TransmitPort driver) {
    TransmitPort made = wrapped;
    if (made == null || wrappedBy != around) {
      made = around.transmit(driver);
      wrapped = made;
      wrappedBy = around;
    }
    return made;
  }

  /** Closes the port. */
  void close() {
    TransmitPort open = port;
    port = null;
    if (open != null) {
      open.close();
    }
  }

  CallMark mark() {
    return mark;
  }

  /** Who is in it; by the watchdog, which has seen by the mark that somebody is. */
  @Nullable RuntimeThread thread() {
    return thread;
  }
}
