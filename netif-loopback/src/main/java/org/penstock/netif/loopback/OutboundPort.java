package org.penstock.netif.loopback;

import org.penstock.api.buffer.OutboundFrame;
import org.penstock.api.netif.TransmitPort;
import org.penstock.api.netif.support.CallbackGate;
import org.penstock.api.netif.support.FramePool;
import org.penstock.api.netif.support.WireFrame;
import org.penstock.api.runtime.StackRuntime;

/** Copies frames into the queue of the station at the other end. Has its own memory. */
final class OutboundPort implements TransmitPort {

  private final WireEnd station;
  private final StackRuntime runtime;
  private final CallbackGate gate;
  private final FramePool pool;
  private volatile boolean closed;

  OutboundPort(WireEnd station, StackRuntime runtime, CallbackGate gate) {
    this.station = station;
    this.runtime = runtime;
    this.gate = gate;
    this.pool = new FramePool(station.largestOrdinary(), station.largest());
  }

  @Override
  public int transmit(OutboundFrame[] frames, int count) {
    if (closed || gate.isShut()) {
      return 0;
    }
    InboundQueue to = station.linkUp() ? station.destination() : null;
    WireCounters counters = station.sentCounters();
    int taken = to == null ? count : send(to, frames, count, counters);
    if (to == null) {
      counters.noLink.addAndGet(count);
    }
    counters.sent.addAndGet(taken);
    return taken;
  }

  private int send(InboundQueue to, OutboundFrame[] frames, int count, WireCounters counters) {
    long now = runtime.nanoTime();
    boolean tell = false;
    int taken = 0;
    for (; taken < count; taken++) {
      OutboundFrame frame = frames[taken];
      if (!station.takes(frame)) {
        counters.refused.incrementAndGet();
        continue;
      }
      if (!reserve(to)) {
        counters.full.incrementAndGet();
        break;
      }
      WireFrame copy = pool.take(frame.length());
      copy.copyFrom(frame);
      copy.sent = now;
      tell |= to.offer(copy);
    }
    if (tell) {
      to.unpark();
    }
    return taken;
  }

  private static boolean reserve(InboundQueue to) {
    if (to.reserve()) {
      return true;
    }
    to.wantRoom();
    // Room made before the wish was visible is never announced.
    return to.reserve();
  }

  @Override
  public void close() {
    closed = true;
  }
}
