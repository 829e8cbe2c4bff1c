package org.penstock.core.internal.slot;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;
import org.penstock.api.MacAddress;
import org.penstock.api.buffer.Landing;
import org.penstock.api.netif.LinkState;
import org.penstock.api.netif.Netif;
import org.penstock.api.netif.NetifAttachment;
import org.penstock.api.netif.NetifCapabilities;
import org.penstock.api.netif.NetifException;
import org.penstock.api.netif.NetifHost;
import org.penstock.api.netif.NetifWrapper;
import org.penstock.api.netif.QueueAgent;
import org.penstock.api.netif.ReceivePort;
import org.penstock.api.netif.TransmitPort;
import org.penstock.api.runtime.StackRuntime;

/**
 * The bond between a slot and one driver, from attach to detach; what the driver sees of the slot.
 * After it has ended it does nothing, so that a late callback of a driver finds no one.
 */
final class Binding implements NetifHost {

  private final SlotCore slot;
  private final Netif netif;
  private final AtomicReferenceArray<@Nullable TransmitPort> ports;
  private final long dropsBefore;
  private volatile NetifCapabilities driverCapabilities;
  private volatile Way way;
  private volatile LinkState link = LinkState.DOWN;
  private volatile @Nullable NetifAttachment attachment;
  private volatile boolean ended;

  Binding(SlotCore slot, Netif netif, NetifCapabilities capabilities, int cells) {
    this.slot = slot;
    this.netif = netif;
    this.driverCapabilities = capabilities;
    // A partition has a cell at least; one that a thread hangs in keeps its port, beside those of
    // the strategy that followed.
    this.ports = new AtomicReferenceArray<>(2 * cells);
    this.way = new Way(capabilities, null, ports.length());
    this.dropsBefore = netif.drops();
  }

  Netif netif() {
    return netif;
  }

  /** What the slot may ask for: what the driver can, within what a wrapper lets through. */
  NetifCapabilities capabilities() {
    return way.capabilities;
  }

  LinkState link() {
    return link;
  }

  /** What the driver has dropped by itself since it was bound. */
  long drops() {
    return netif.drops() - dropsBefore;
  }

  void attached(NetifAttachment bond) {
    attachment = bond;
    link = bond.link();
  }

  /** The driver's queues, and the wrapper's. */
  List<QueueAgent> queues() {
    NetifAttachment bond = attachment;
    Layer around = way.layer;
    List<QueueAgent> all = new ArrayList<>();
    if (bond != null) {
      all.addAll(bond.queues());
    }
    if (around != null) {
      all.addAll(around.queues());
    }
    return all;
  }

  /** What is around the driver. */
  @Nullable Layer layer() {
    return way.layer;
  }

  /**
   * Puts a wrapper around the driver in place of what is there; null takes that away. The caller
   * ends the one before, and has the new one's queues driven.
   *
   * @throws NetifException if it can't wrap this driver; then there is nothing around it
   */
  void wrap(@Nullable NetifWrapper wrapper) throws NetifException {
    NetifAttachment bond = attachment;
    NetifCapabilities driver = driverCapabilities;
    Way next = new Way(driver, null, ports.length());
    try {
      if (wrapper != null && bond != null) {
        Layer made = new Layer(slot, this, wrapper, bond, driver);
        next = new Way(made.over(driver), made, ports.length());
      }
    } finally {
      way = next;
    }
  }

  /** Shows frames on their way up to the wrapper; returns how many go on. */
  int receive(Landing[] frames, int count) {
    Layer around = way.layer;
    return around == null ? count : around.receive(frames, count);
  }

  /**
   * The transmit port of a partition for frames made for these capabilities, opened at its first
   * use; inside that partition. Null where others are in force.
   */
  @Nullable TransmitPort port(int partition, NetifCapabilities madeFor) {
    Way seen = way;
    if (!seen.capabilities.equals(madeFor)) {
      return null;
    }
    TransmitPort driver = driverPort(partition);
    if (seen.layer == null || driver == null) {
      return driver;
    }
    TransmitPort port = seen.ports.get(partition);
    if (port == null) {
      port = seen.layer.transmit(driver);
      seen.ports.set(partition, port);
    }
    return port;
  }

  private @Nullable TransmitPort driverPort(int partition) {
    TransmitPort port = ports.get(partition);
    NetifAttachment bond = attachment;
    if (port == null && bond != null && !ended) {
      port = bond.openTransmit();
      ports.set(partition, port);
    }
    return port;
  }

  /** Ends the bond; nobody is inside {@code transmit} and no queue is driven any more. */
  boolean end(long deadlineNanos) {
    NetifAttachment bond = attachment;
    boolean clean = true;
    if (bond != null) {
      Layer around = way.layer;
      if (around != null) {
        clean = around.end(deadlineNanos);
      }
      for (int i = 0; i < ports.length(); i++) {
        TransmitPort port = ports.getAndSet(i, null);
        if (port != null) {
          port.close();
        }
      }
      clean &= bond.detach(deadlineNanos);
    }
    ended = true;
    return clean;
  }

  @Override
  public String slot() {
    return slot.qualifiedName();
  }

  @Override
  public MacAddress mac() {
    return slot.mac();
  }

  @Override
  public StackRuntime runtime() {
    return slot.runtime();
  }

  @Override
  public ReceivePort openReceive(int queue, int batch) {
    return slot.openReceive(this, driverCapabilities.receiveCoalescing(), queue, batch);
  }

  @Override
  public void linkChanged(LinkState state) {
    if (!ended) {
      link = state;
      slot.linkChanged(this);
    }
  }

  @Override
  public void capabilitiesChanged() {
    if (!ended) {
      NetifCapabilities driver = netif.capabilities();
      driverCapabilities = driver;
      if (way.layer != null) {
        slot.rewrap();
      } else {
        way = new Way(driver, null, ports.length());
        slot.linkChanged(this);
      }
    }
  }

  @Override
  public void transmitReady() {
    if (!ended) {
      Layer around = way.layer;
      if (around != null) {
        around.driverReady();
      }
      slot.transmitReady();
    }
  }

  @Override
  public void failed(Throwable cause) {
    if (!ended) {
      slot.driverFailed(this, cause);
    }
  }

  /** What frames pass, as a whole: whoever has made one for its capabilities passes its ports. */
  private static final class Way {
    final NetifCapabilities capabilities;
    final @Nullable Layer layer;

    /** The wrapper's ports by partition; each is that partition's. */
    final AtomicReferenceArray<@Nullable TransmitPort> ports;

    Way(NetifCapabilities capabilities, @Nullable Layer layer, int cells) {
      this.capabilities = capabilities;
      this.layer = layer;
      this.ports = new AtomicReferenceArray<>(layer == null ? 0 : cells);
    }
  }
}
