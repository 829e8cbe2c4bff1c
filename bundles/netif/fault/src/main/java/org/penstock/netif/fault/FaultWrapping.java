package org.penstock.netif.fault;

import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;
import org.penstock.api.buffer.Landing;
import org.penstock.api.netif.NetifAttachment;
import org.penstock.api.netif.NetifCapabilities;
import org.penstock.api.netif.NetifHost;
import org.penstock.api.netif.NetifWrapping;
import org.penstock.api.netif.QueueAgent;
import org.penstock.api.netif.TransmitPort;
import org.penstock.api.netif.support.FramePool;
import org.penstock.api.netif.support.WireFrame;
import org.penstock.api.runtime.StackRuntime;

/** An injector's place around one driver: a lane up, a lane down, and the agent of both. */
final class FaultWrapping implements NetifWrapping {

  private final StackRuntime runtime;
  private final Direction received;
  private final InLane in;
  private final OutLane out;
  private final FaultAgent agent;
  private final List<QueueAgent> queues;

  /** Memory by driver queue, each used by the thread that drives that queue. */
  private final AtomicReferenceArray<@Nullable FramePool> pools;

  FaultWrapping(
      NetifHost host,
      NetifAttachment driver,
      NetifCapabilities capabilities,
      Direction received,
      Direction sent) {
    this.runtime = host.runtime();
    this.received = received;
    this.in = new InLane(received, host, capabilities);
    this.out = new OutLane(sent, runtime, driver, capabilities);
    this.agent = new FaultAgent(host, in, out);
    this.queues = List.of(agent);
    this.pools = new AtomicReferenceArray<>(Math.max(1, capabilities.queues()));
  }

  @Override
  public List<QueueAgent> queues() {
    return queues;
  }

  @Override
  public TransmitPort transmit(TransmitPort driver) {
    return new LanePort(out, agent);
  }

  @Override
  public int receive(Landing[] frames, int count) {
    long now = runtime.nanoTime();
    int packets = 0;
    for (int i = 0; i < count; i++) {
      Landing frame = frames[i];
      if (!in.hasRoom()) {
        received.overflow.incrementAndGet();
        continue;
      }
      WireFrame copy = pool(frame.queue()).take(frame.length());
      copy.copyFrom(frame, in.linkType());
      copy.sent = now;
      in.offer(copy);
      packets += frame.gsoSize() > 0 ? 1 + frame.length() / frame.gsoSize() : 1;
    }
    // As many as came may go on this thread, so that a queue's budget is kept.
    in.pump(packets);
    agent.pumped();
    return 0;
  }

  private FramePool pool(int queue) {
    FramePool pool = pools.get(queue);
    if (pool == null) {
      pool = in.pool();
      pools.set(queue, pool);
    }
    return pool;
  }

  @Override
  public void transmitReady() {
    out.unblock();
    agent.wake();
  }

  @Override
  public void end() {
    out.end();
    in.end();
  }
}
