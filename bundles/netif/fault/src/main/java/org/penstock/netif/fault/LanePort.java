package org.penstock.netif.fault;

import org.penstock.api.buffer.OutboundFrame;
import org.penstock.api.netif.TransmitPort;
import org.penstock.api.netif.support.FramePool;
import org.penstock.api.netif.support.WireFrame;

/** The way down of one partition: copies frames into the lane. Has memory of its own. */
final class LanePort implements TransmitPort {

  private static final int BUDGET = 64;

  private final OutLane lane;
  private final FaultAgent agent;
  private final FramePool pool;
  private volatile boolean closed;

  LanePort(OutLane lane, FaultAgent agent) {
    this.lane = lane;
    this.agent = agent;
    this.pool = lane.pool();
  }

  @Override
  public int transmit(OutboundFrame[] frames, int count) {
    if (closed) {
      return 0;
    }
    long now = lane.runtime.nanoTime();
    int taken = 0;
    for (; taken < count && hasRoom(); taken++) {
      OutboundFrame frame = frames[taken];
      if (frame.length() > lane.ordinary()) {
        lane.direction.refused.incrementAndGet();
        continue;
      }
      WireFrame copy = pool.take(frame.length());
      copy.copyFrom(frame);
      copy.sent = now;
      lane.offer(copy);
    }
    lane.pump(BUDGET);
    agent.pumped();
    return taken;
  }

  private boolean hasRoom() {
    if (lane.hasRoom()) {
      return true;
    }
    lane.wantRoom();
    // Room made before the wish was visible is never announced.
    return lane.hasRoom();
  }

  @Override
  public void close() {
    closed = true;
  }
}
