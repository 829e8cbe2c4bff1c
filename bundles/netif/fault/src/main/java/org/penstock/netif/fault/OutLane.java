package org.penstock.netif.fault;

import org.penstock.api.buffer.OutboundFrame;
import org.penstock.api.netif.NetifAttachment;
import org.penstock.api.netif.NetifCapabilities;
import org.penstock.api.netif.TransmitPort;
import org.penstock.api.netif.support.WireFrame;
import org.penstock.api.runtime.StackRuntime;

/** The way down: frames leave through a transmit port of the injector's own. */
final class OutLane extends Lane {

  private final TransmitPort port;
  private final OutboundFrame[] frame = {new OutboundFrame()};
  private volatile boolean blocked;
  private volatile boolean starved;

  OutLane(
      Direction direction,
      StackRuntime runtime,
      NetifAttachment driver,
      NetifCapabilities capabilities) {
    super(direction, runtime, capabilities);
    this.port = driver.openTransmit();
  }

  @Override
  boolean isBlocked() {
    return blocked;
  }

  /** The driver has room again. */
  void unblock() {
    blocked = false;
  }

  /** Asks to be told of room; the caller must look once more afterwards. */
  void wantRoom() {
    starved = true;
  }

  /** True once after room was made for whoever found none. */
  boolean takeRoomNews() {
    if (starved && hasRoom()) {
      starved = false;
      return true;
    }
    return false;
  }

  /** True if {@link #takeRoomNews} has something to tell. */
  boolean hasRoomNews() {
    return starved && hasRoom();
  }

  @Override
  int leave(long nowNanos, int budget) {
    int left = 0;
    while (left < budget && !blocked) {
      WireFrame next = takeDue(nowNanos);
      if (next == null) {
        break;
      }
      if (!send(next)) {
        putBack(next);
        break;
      }
      direction.passed.incrementAndGet();
      release(next);
      left++;
    }
    return left;
  }

  private boolean send(WireFrame next) {
    frame[0].clear();
    frame[0].add(next.memory, 0, next.length);
    if (port.transmit(frame, 1) == 1) {
      return true;
    }
    // The flag before the second attempt: if room was made in between, either we get it or the
    // driver's event finds the flag.
    blocked = true;
    if (port.transmit(frame, 1) == 1) {
      blocked = false;
      return true;
    }
    return false;
  }

  /** Sends what is left, whatever the driver does not take is lost; then closes. */
  void end() {
    blocked = false;
    flush();
    port.close();
  }
}
