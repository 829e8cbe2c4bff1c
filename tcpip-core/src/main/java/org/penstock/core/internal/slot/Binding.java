package org.penstock.core.internal.slot;

import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;
import org.penstock.api.MacAddress;
import org.penstock.api.netif.LinkState;
import org.penstock.api.netif.Netif;
import org.penstock.api.netif.NetifAttachment;
import org.penstock.api.netif.NetifCapabilities;
import org.penstock.api.netif.NetifHost;
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
  private volatile NetifCapabilities capabilities;
  private volatile LinkState link = LinkState.DOWN;
  private volatile @Nullable NetifAttachment attachment;
  private volatile boolean ended;

  Binding(SlotCore slot, Netif netif, NetifCapabilities capabilities, int cells) {
    this.slot = slot;
    this.netif = netif;
    this.capabilities = capabilities;
    // A partition has a cell at least; one that a thread hangs in keeps its port, beside those of
    // the strategy that followed.
    this.ports = new AtomicReferenceArray<>(2 * cells);
    this.dropsBefore = netif.drops();
  }

  Netif netif() {
    return netif;
  }

  NetifCapabilities capabilities() {
    return capabilities;
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

  List<QueueAgent> queues() {
    NetifAttachment bond = attachment;
    return bond == null ? List.of() : bond.queues();
  }

  /** A transmit port, opened at its first use; inside the partition that has it. */
  @Nullable TransmitPort port(int partition) {
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
      for (int i = 0; i < ports.length(); i++) {
        TransmitPort port = ports.getAndSet(i, null);
        if (port != null) {
          port.close();
        }
      }
      clean = bond.detach(deadlineNanos);
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
    return slot.openReceive(this, queue, batch);
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
      capabilities = netif.capabilities();
      slot.linkChanged(this);
    }
  }

  @Override
  public void transmitReady() {
    if (!ended) {
      slot.transmitReady();
    }
  }

  @Override
  public void failed(Throwable cause) {
    if (!ended) {
      slot.driverFailed(this, cause);
    }
  }
}
