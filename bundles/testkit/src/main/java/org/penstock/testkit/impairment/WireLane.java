package org.penstock.testkit.impairment;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.PriorityQueue;
import org.penstock.api.buffer.OutboundFrame;
import org.penstock.api.netif.QueueAgent;
import org.penstock.api.netif.TransmitPort;
import org.penstock.api.netif.impairment.Arrival;
import org.penstock.api.netif.impairment.Impairment;
import org.penstock.api.netif.impairment.ImpairmentConfig;
import org.penstock.api.netif.impairment.ImpairmentModel;
import org.penstock.api.runtime.StackRuntime;

/** One direction of a {@link Wire}; owned by the thread that runs it. */
final class WireLane {

  private static final int BUDGET = 64;
  private static final long LONGEST_SLEEP_NANOS = 100_000_000;

  /** A frame on its way. */
  private record Traveller(long dueNanos, long order, MemorySegment memory, int length)
      implements Comparable<Traveller> {
    @Override
    public int compareTo(Traveller other) {
      int byTime = Long.compare(dueNanos, other.dueNanos);
      return byTime != 0 ? byTime : Long.compare(order, other.order);
    }
  }

  private final StackRuntime runtime;
  private final WireEnd from;
  private final QueueAgent queue;
  private final TransmitPort port;
  private final ImpairmentModel model;
  private final WireProbe sent;
  private final WireProbe arrived;
  private final PriorityQueue<Traveller> onTheirWay = new PriorityQueue<>();
  private final ArrayDeque<MemorySegment> spare = new ArrayDeque<>();
  private final OutboundFrame[] frame = {new OutboundFrame()};
  private long order;
  private volatile boolean stopped;

  /**
   * A direction.
   *
   * @param sent is shown frames before anything happens to them
   * @param arrived is shown frames as they arrive
   */
  WireLane(
      StackRuntime runtime,
      WireEnd from,
      WireEnd to,
      ImpairmentConfig config,
      long seed,
      WireProbe sent,
      WireProbe arrived) {
    this.runtime = runtime;
    this.from = from;
    this.queue = from.queue();
    this.port = to.openTransmit();
    this.model = new ImpairmentModel(config, from.linkType(), seed);
    this.sent = sent;
    this.arrived = arrived;
    from.receiver(this::enter);
  }

  String name() {
    return from.slot();
  }

  /** Runs until stopped. */
  void run() {
    while (!stopped) {
      queue.work(BUDGET);
      long next = leave();
      queue.idle(Math.min(next, runtime.nanoTime() + LONGEST_SLEEP_NANOS));
    }
    port.close();
  }

  void stop() {
    stopped = true;
    queue.wake();
  }

  long count(Impairment impairment) {
    return model.count(impairment);
  }

  private void enter(MemorySegment octets) {
    long now = runtime.nanoTime();
    sent.seen(now, octets);
    int length = (int) octets.byteSize();
    for (Arrival arrival : model.decide(now, octets)) {
      MemorySegment memory = spare.isEmpty() ? allocate() : spare.pop();
      MemorySegment.copy(octets, 0, memory, 0, length);
      if (arrival.isChanged()) {
        arrival.change(from.linkType(), memory.asSlice(0, length));
      }
      onTheirWay.add(new Traveller(arrival.dueNanos(), order++, memory, length));
    }
  }

  private MemorySegment allocate() {
    return Arena.ofAuto().allocate(from.longestFrame());
  }

  /** Sends what is due; returns when the next is. */
  private long leave() {
    while (true) {
      Traveller first = onTheirWay.peek();
      if (first == null) {
        return Long.MAX_VALUE;
      }
      long now = runtime.nanoTime();
      if (first.dueNanos() - now > 0) {
        return first.dueNanos();
      }
      onTheirWay.remove();
      arrived.seen(now, first.memory().asSlice(0, first.length()));
      frame[0].clear();
      frame[0].add(first.memory(), 0, first.length());
      // A device that has no room loses it.
      port.transmit(frame, 1);
      spare.push(first.memory());
    }
  }
}
