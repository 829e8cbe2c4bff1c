package org.penstock.netif.loopback;

import org.jspecify.annotations.Nullable;
import org.penstock.api.buffer.OutboundFrame;
import org.penstock.api.netif.LinkState;
import org.penstock.api.netif.LinkType;
import org.penstock.api.netif.Netif;
import org.penstock.api.netif.NetifAttachment;
import org.penstock.api.netif.NetifCapabilities;
import org.penstock.api.netif.NetifException;
import org.penstock.api.netif.NetifHost;
import org.penstock.api.netif.TransmitPort;
import org.penstock.api.netif.support.CallbackGate;
import org.penstock.api.runtime.StackRuntime;

/**
 * What a slot attaches to: one end of a wire inside the JVM, or a port of a switch. It knows its
 * slot and what it can carry; where frames go is its kind's to say.
 */
abstract class Station implements Netif {

  private static final int ETHERNET_HEADER = 14;
  private static final int MOST_IP_PACKET = 65_535;

  private final String name;
  private final NetifCapabilities capabilities;
  private final int queueLength;
  private final int linkHeader;
  private final @Nullable StackRuntime runtime;
  private final WireCounters counters = new WireCounters();

  private volatile @Nullable StationAttachment attachment;
  private volatile @Nullable FrameStage stage;

  /**
   * A station that nobody is attached to.
   *
   * @param runtime for time and waiting, or null for that of the slot
   */
  Station(
      String name,
      NetifCapabilities capabilities,
      int queueLength,
      @Nullable StackRuntime runtime) {
    this.name = name;
    this.capabilities = capabilities;
    this.queueLength = queueLength;
    this.linkHeader = capabilities.linkType() == LinkType.ETHERNET ? ETHERNET_HEADER : 0;
    this.runtime = runtime;
  }

  static NetifCapabilities capabilities(LinkType linkType, int mtu, Offload offload) {
    NetifCapabilities plain = NetifCapabilities.plain(linkType, mtu);
    boolean checksum = offload != Offload.NONE;
    boolean segmentation = offload == Offload.SEGMENTATION;
    int linkHeader = plain.receiveCoalescing() - mtu;
    return new NetifCapabilities(
        linkType,
        mtu,
        checksum,
        checksum,
        segmentation ? MOST_IP_PACKET : 0,
        0,
        segmentation ? MOST_IP_PACKET + linkHeader : plain.receiveCoalescing(),
        plain.queues(),
        plain.gather(),
        plain.retains());
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public NetifCapabilities capabilities() {
    return capabilities;
  }

  @Override
  public NetifAttachment attach(NetifHost host) throws NetifException {
    StationAttachment before = attachment;
    if (before != null) {
      throw new NetifException(
          name
              + " is attached to "
              + before.slot()
              + " already: detach it there, or give "
              + host.slot()
              + " another device");
    }
    StackRuntime clock = runtime != null ? runtime : host.runtime();
    StationAttachment made = new StationAttachment(this, host, clock);
    attachment = made;
    attached();
    made.linkIsKnown();
    return made;
  }

  /** Ends what {@link #attach} began; nothing is sent to it from now on. */
  void detached(StationAttachment ended) {
    if (attachment == ended) {
      attachment = null;
      detached();
    }
  }

  // ---- what its kind says ----

  /** Tells whom it concerns that a slot is attached here. */
  abstract void attached();

  /** Tells whom it concerns that no slot is attached here any more. */
  abstract void detached();

  /** True if what is sent here goes somewhere. */
  abstract boolean linkUp();

  /** True if what is on its way here may arrive, also from a sender that has detached meanwhile. */
  abstract boolean isPlugged();

  /** A way for what the slot sends. */
  abstract TransmitPort openTransmit(StackRuntime runtime, CallbackGate gate);

  /** Counts what arrives here. */
  abstract WireCounters counters();

  /** There is room again for what is sent to this station. */
  abstract void roomMade();

  // ---- what all do alike ----

  LinkState link() {
    return linkUp() ? LinkState.UP : LinkState.DOWN;
  }

  boolean isAttached() {
    return attachment != null;
  }

  /** What is on its way to the slot, or null if none is attached. */
  @Nullable InboundQueue inbound() {
    StationAttachment here = attachment;
    return here == null ? null : here.inbound();
  }

  /** Tells the slot, if there is one, that the link may have changed. */
  void tellLink() {
    StationAttachment here = attachment;
    if (here != null) {
      here.tellLink();
    }
  }

  /** Tells the slot, if there is one, that what it sends is taken again. */
  void transmitReady() {
    StationAttachment here = attachment;
    if (here != null) {
      here.transmitReady();
    }
  }

  @Override
  public long drops() {
    return counters.refused.get();
  }

  /** Counts what is sent here. */
  WireCounters sentCounters() {
    return counters;
  }

  /** What stands in the way to this end. */
  @Nullable FrameStage stage() {
    return stage;
  }

  void stage(@Nullable FrameStage other) {
    stage = other;
  }

  // ---- sizes ----

  int queueLength() {
    return queueLength;
  }

  /** Octets of the longest frame that is not a super-frame. */
  int largestOrdinary() {
    return linkHeader + capabilities.mtu();
  }

  /** Octets of the longest frame at all. */
  int largest() {
    return capabilities.receiveCoalescing();
  }

  /** True if a frame is one that was announced. */
  boolean takes(OutboundFrame frame) {
    if (frame.hasPartialChecksum() && !capabilities.checksumOut()) {
      return false;
    }
    int packet = frame.length() - linkHeader;
    return switch (frame.gsoType()) {
      case NONE -> packet <= capabilities.mtu();
      case TCP_IPV4, TCP_IPV6 ->
          packet <= capabilities.tcpSegmentation()
              && frame.hasPartialChecksum()
              && frame.gsoSize() > 0
              && frame.headerLength() + frame.gsoSize() <= largestOrdinary();
      case UDP -> packet <= capabilities.udpSegmentation();
    };
  }
}
