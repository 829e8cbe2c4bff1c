package org.penstock.netif.loopback;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.penstock.api.netif.LinkState;
import org.penstock.api.netif.MulticastFilter;
import org.penstock.api.netif.NetifAttachment;
import org.penstock.api.netif.NetifHost;
import org.penstock.api.netif.QueueAgent;
import org.penstock.api.netif.TransmitPort;
import org.penstock.api.netif.support.CallbackGate;
import org.penstock.api.runtime.StackRuntime;

/** The bond of a station to a slot. */
final class StationAttachment implements NetifAttachment {

  private final Station station;
  private final NetifHost host;
  private final StackRuntime runtime;
  private final CallbackGate gate;
  private final InboundQueue inbound;
  private final List<QueueAgent> queues;

  // One, as if news were being told: until attach has finished nobody else tells any.
  private final AtomicInteger linkNews = new AtomicInteger(1);

  // Owned by whoever raised linkNews from zero.
  private volatile LinkState lastTold = LinkState.DOWN;

  StationAttachment(Station station, NetifHost host, StackRuntime runtime) {
    this.station = station;
    this.host = host;
    this.runtime = runtime;
    this.gate = new CallbackGate(runtime);
    this.inbound = new InboundQueue(station, host, runtime, gate);
    this.queues = List.of(inbound);
  }

  String slot() {
    return host.slot();
  }

  InboundQueue inbound() {
    return inbound;
  }

  @Override
  public List<QueueAgent> queues() {
    return queues;
  }

  @Override
  public TransmitPort openTransmit() {
    return station.openTransmit(runtime, gate);
  }

  @Override
  public LinkState link() {
    return gate.isShut() ? LinkState.DOWN : station.link();
  }

  @Override
  public void multicast(MulticastFilter filter) {
    // A wire passes every frame; the slot filters.
  }

  /** The slot will ask for the link itself when attach has returned. */
  void linkIsKnown() {
    int seen = 1;
    while (seen != 0) {
      lastTold = station.link();
      seen = linkNews.addAndGet(-seen);
    }
  }

  /** Tells changes of the link one after the other, whichever threads they come from. */
  void tellLink() {
    if (linkNews.getAndIncrement() != 0) {
      return;
    }
    int seen = 1;
    while (seen != 0) {
      LinkState state = station.link();
      if (!state.equals(lastTold) && gate.enter()) {
        lastTold = state;
        try {
          host.linkChanged(state);
        } finally {
          gate.exit();
        }
      }
      seen = linkNews.addAndGet(-seen);
    }
  }

  void transmitReady() {
    if (gate.enter()) {
      try {
        host.transmitReady();
      } finally {
        gate.exit();
      }
    }
  }

  @Override
  public boolean detach(long deadlineNanos) {
    boolean first = !gate.isShut();
    station.detached(this);
    boolean stopped = gate.shut(deadlineNanos);
    if (stopped && first) {
      inbound.close();
    }
    return stopped;
  }
}
