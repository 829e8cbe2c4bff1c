package org.penstock.netif.fault;

import org.jspecify.annotations.Nullable;
import org.penstock.api.buffer.Landing;
import org.penstock.api.netif.NetifCapabilities;
import org.penstock.api.netif.NetifHost;
import org.penstock.api.netif.ReceivePort;
import org.penstock.api.netif.support.WireFrame;

/** The way up: frames leave through a receive port of the injector's own. */
final class InLane extends Lane {

  private static final int BATCH = 64;

  private final NetifHost host;
  private final int queue;
  private @Nullable ReceivePort port;

  InLane(Direction direction, NetifHost host, NetifCapabilities capabilities) {
    super(direction, host.runtime(), capabilities);
    this.host = host;
    this.queue = capabilities.queues();
  }

  @Override
  boolean isBlocked() {
    return false;
  }

  @Override
  int leave(long nowNanos, int budget) {
    int left = 0;
    while (left < budget) {
      WireFrame next = takeDue(nowNanos);
      if (next == null) {
        break;
      }
      ReceivePort to = open();
      Landing[] landings = to.landings();
      int most = Math.min(landings.length, budget - left);
      int filled = 0;
      while (next != null) {
        next.copyTo(landings[filled], ReceivePort.HEADROOM);
        landings[filled].describe(ReceivePort.HEADROOM, next.length, queue);
        release(next);
        filled++;
        next = filled < most ? takeDue(nowNanos) : null;
      }
      direction.passed.addAndGet(filled);
      to.deliver(filled);
      left += filled;
    }
    return left;
  }

  private ReceivePort open() {
    ReceivePort open = port;
    if (open == null) {
      open = host.openReceive(queue, BATCH);
      port = open;
    }
    return open;
  }

  /** Delivers what is left; then gives the landings back. */
  void end() {
    flush();
    ReceivePort open = port;
    if (open != null) {
      port = null;
      open.giveBack();
    }
  }
}
