package org.penstock.netif.tap.internal;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.penstock.api.netif.LinkState;
import org.penstock.api.netif.MulticastFilter;
import org.penstock.api.netif.NetifAttachment;
import org.penstock.api.netif.NetifHost;
import org.penstock.api.netif.QueueAgent;
import org.penstock.api.netif.TransmitPort;
import org.penstock.netif.tap.TapException;

/** The bond between an open device and a slot: one queue up, a port for each partition down. */
final class TapAttachment implements NetifAttachment {
  private enum Phase {
    BOUND,
    STOPPING,
    ENDED
  }

  private final TapNetif netif;
  private final TapDevice device;
  private final NetifHost host;
  private final TapQueue queue;
  private final List<QueueAgent> queues;
  private final List<TapTransmitPort> ports = new CopyOnWriteArrayList<>();
  private volatile LinkState link;
  private Phase phase = Phase.BOUND;

  TapAttachment(TapNetif netif, TapDevice device, NetifHost host, boolean offload, long spinNanos)
      throws TapException {
    this.netif = netif;
    this.device = device;
    this.host = host;
    this.link = state(device.link());
    this.queue = new TapQueue(this, device, host, offload, spinNanos);
    this.queues = List.of(queue);
  }

  @Override
  public List<QueueAgent> queues() {
    return queues;
  }

  @Override
  public synchronized TransmitPort openTransmit() {
    if (phase != Phase.BOUND) {
      throw new IllegalStateException(device.what() + " is detached");
    }
    var port = new TapTransmitPort(this, device, queue);
    ports.add(port);
    return port;
  }

  @Override
  public LinkState link() {
    return link;
  }

  /** Passes all: the kernel's filter is the device's, and two slots may share a device. */
  @Override
  public void multicast(MulticastFilter filter) {}

  @Override
  public synchronized boolean detach(long deadlineNanos) {
    if (phase == Phase.ENDED) {
      return true;
    }
    phase = Phase.STOPPING;
    queue.stop();
    ports.forEach(TapTransmitPort::stop);
    boolean stopped = queue.stopped(deadlineNanos);
    for (TapTransmitPort port : ports) {
      stopped &= port.stopped(host.runtime(), deadlineNanos);
    }
    if (stopped) {
      phase = Phase.ENDED;
      ports.clear();
      queue.release();
      netif.ended(this);
    } else {
      netif.hung();
    }
    return stopped;
  }

  /** Ends the bond from the driver's side, within a time of its own, in nanoseconds. */
  boolean detachWithin(long nanos) {
    return detach(host.runtime().nanoTime() + nanos);
  }

  int mtu() {
    return netif.mtu();
  }

  /** Counts a frame that was neither delivered nor sent. */
  void dropped() {
    netif.dropped();
  }

  void closed(TapTransmitPort port) {
    // A port whose thread is still inside stays, for detach to wait for.
    if (port.isStopped()) {
      ports.remove(port);
    }
  }

  /** What the queue's thread found the kernel's side to be. */
  void found(TapDevice.Link now, int mtu) {
    if (netif.remeasured(mtu)) {
      host.capabilitiesChanged();
    }
    LinkState state = state(now);
    if (!state.equals(link)) {
      link = state;
      host.linkChanged(state);
    }
  }

  /** The queue's thread found that the device will never pass a frame again. */
  void lost(TapException cause) {
    link = LinkState.DOWN;
    netif.lost(cause);
    host.failed(cause);
  }

  private static LinkState state(TapDevice.Link link) {
    return link == TapDevice.Link.UP ? LinkState.UP : LinkState.DOWN;
  }
}
