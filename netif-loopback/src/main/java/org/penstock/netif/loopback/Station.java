package org.penstock.netif.loopback;

import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.penstock.api.buffer.OutboundFrame;
import org.penstock.api.netif.LinkState;
import org.penstock.api.netif.LinkType;
import org.penstock.api.netif.Netif;
import org.penstock.api.netif.NetifAttachment;
import org.penstock.api.netif.NetifCapabilities;
import org.penstock.api.netif.NetifException;
import org.penstock.api.netif.NetifHost;
import org.penstock.api.runtime.StackRuntime;

/**
 * One end of a wire inside the JVM: what a slot attaches to. Its peer is the other end, or itself
 * for a loopback.
 */
final class Station implements Netif {

  private static final int ETHERNET_HEADER = 14;
  private static final int MOST_IP_PACKET = 65_535;

  private final String name;
  private final NetifCapabilities capabilities;
  private final int queueLength;
  private final int linkHeader;
  private final @Nullable StackRuntime runtime;
  private final BooleanSupplier plugged;
  private final WireCounters counters = new WireCounters();

  private Station peer = this;
  private volatile @Nullable StationAttachment attachment;
  private volatile @Nullable FrameStage stage;

  /**
   * An end that is its own peer until it is joined to another.
   *
   * @param runtime for time and waiting, or null for that of the slot
   * @param plugged whether the wire itself can pass frames
   */
  Station(
      String name,
      NetifCapabilities capabilities,
      int queueLength,
      @Nullable StackRuntime runtime,
      BooleanSupplier plugged) {
    this.name = name;
    this.capabilities = capabilities;
    this.queueLength = queueLength;
    this.linkHeader = capabilities.linkType() == LinkType.ETHERNET ? ETHERNET_HEADER : 0;
    this.runtime = runtime;
    this.plugged = plugged;
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

  static void join(Station one, Station other) {
    one.peer = other;
    other.peer = one;
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
    if (peer != this) {
      peer.tellLink();
    }
    made.linkIsKnown();
    return made;
  }

  /** Ends what {@link #attach} began; nothing is sent to it from now on. */
  void detached(StationAttachment ended) {
    if (attachment == ended) {
      attachment = null;
      if (peer != this) {
        peer.tellLink();
      }
    }
  }

  // ---- the wire ----

  /** True if frames pass: the wire is plugged in, and somebody listens at both ends. */
  boolean linkUp() {
    return plugged.getAsBoolean() && attachment != null && peer.attachment != null;
  }

  /** True if what is on its way may arrive, also from a sender that has detached meanwhile. */
  boolean isPlugged() {
    return plugged.getAsBoolean();
  }

  LinkState link() {
    return linkUp() ? LinkState.UP : LinkState.DOWN;
  }

  /** Where frames sent here go, or null if nobody is attached there. */
  @Nullable InboundQueue destination() {
    StationAttachment there = peer.attachment;
    return there == null ? null : there.inbound();
  }

  /** Tells the slot, if there is one, that the link may have changed. */
  void tellLink() {
    StationAttachment here = attachment;
    if (here != null) {
      here.tellLink();
    }
  }

  /** Tells the slot at the other end that there is room for what it sends here. */
  void tellSender() {
    StationAttachment there = peer.attachment;
    if (there != null) {
      there.transmitReady();
    }
  }

  /** Counts what arrives here. */
  WireCounters counters() {
    return peer.counters;
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
