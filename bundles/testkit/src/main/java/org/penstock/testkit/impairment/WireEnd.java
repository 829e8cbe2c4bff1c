package org.penstock.testkit.impairment;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.penstock.api.MacAddress;
import org.penstock.api.netif.LinkState;
import org.penstock.api.netif.LinkType;
import org.penstock.api.netif.MulticastFilter;
import org.penstock.api.netif.Netif;
import org.penstock.api.netif.NetifAttachment;
import org.penstock.api.netif.NetifCapabilities;
import org.penstock.api.netif.NetifException;
import org.penstock.api.netif.NetifHost;
import org.penstock.api.netif.QueueAgent;
import org.penstock.api.netif.ReceivePort;
import org.penstock.api.netif.TransmitPort;
import org.penstock.api.runtime.StackRuntime;
import org.penstock.testkit.netif.DirectReceivePort;

/**
 * A wire's end as the device plugged in there sees it: a slot that hands on what it is delivered.
 */
final class WireEnd implements NetifHost {

  private final StackRuntime runtime;
  private final Netif netif;
  private final int landingBytes;
  private final NetifAttachment attachment;
  private final List<Throwable> failures = new ArrayList<>();
  private Consumer<MemorySegment> receiver = frame -> {};

  private WireEnd(StackRuntime runtime, Netif netif) throws NetifException {
    NetifCapabilities capabilities = netif.capabilities();
    if (capabilities.queues() != 1 || capabilities.tcpSegmentation() > 0) {
      throw new NetifException(
          "a wire takes devices with one queue and no offload, not " + netif.name());
    }
    this.runtime = runtime;
    this.netif = netif;
    this.landingBytes = ReceivePort.HEADROOM + capabilities.receiveCoalescing();
    this.attachment = netif.attach(this);
  }

  static WireEnd attach(StackRuntime runtime, Netif netif) throws NetifException {
    WireEnd end = new WireEnd(runtime, netif);
    end.attachment.multicast(new MulticastFilter(true, Set.of()));
    return end;
  }

  /** Says who gets the frames that the device receives; before its queue is driven. */
  void receiver(Consumer<MemorySegment> handler) {
    receiver = handler;
  }

  /** Bytes of the longest frame that the device delivers. */
  int longestFrame() {
    return netif.capabilities().receiveCoalescing();
  }

  LinkType linkType() {
    return netif.capabilities().linkType();
  }

  QueueAgent queue() {
    return attachment.queues().getFirst();
  }

  TransmitPort openTransmit() {
    return attachment.openTransmit();
  }

  void detach(long deadlineNanos) {
    attachment.detach(deadlineNanos);
  }

  @Override
  public String slot() {
    return "wire/" + netif.name();
  }

  @Override
  public MacAddress mac() {
    // A wire is no station; a device that wants an address gets one that nobody sends to.
    return MacAddress.locallyAdministered(slot().hashCode());
  }

  @Override
  public StackRuntime runtime() {
    return runtime;
  }

  @Override
  public ReceivePort openReceive(int queue, int batch) {
    return new DirectReceivePort(
        batch, landingBytes, Arena.ofAuto(), frame -> receiver.accept(frame));
  }

  @Override
  public void linkChanged(LinkState state) {
    // What is sent while a link is down is lost there.
  }

  @Override
  public void capabilitiesChanged() {
    // A wire looks at them once.
  }

  @Override
  public void transmitReady() {
    // What a device did not take is lost, as on a wire.
  }

  @Override
  public synchronized void failed(Throwable cause) {
    failures.add(cause);
  }

  /** The device, with what has failed. */
  @Override
  public synchronized String toString() {
    return "WireEnd[" + netif.name() + (failures.isEmpty() ? "" : ", failed " + failures) + "]";
  }
}
