package org.penstock.core.internal.ip;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import org.penstock.api.buffer.Landing;
import org.penstock.api.view.Counter;
import org.penstock.api.view.DropReason;
import org.penstock.core.internal.cell.Cell;
import org.penstock.core.internal.wire.IpProtocol;
import org.penstock.core.internal.wire.Ipv4Header;
import org.penstock.core.internal.wire.Ipv6Header;

/**
 * Received IPv4 packets: checked here once, then given to TCP, UDP or ICMP and to raw endpoints;
 * fragments by way of their reassembly. Options are stepped over. Called inside the packet's cell,
 * for all cells; allocates nothing.
 */
final class Ipv4Input {

  /** RFC 1112 §4: all hosts on this link; every host is a member. */
  private static final int ALL_HOSTS = 0xe000_0001;

  private static final int LIMITED_BROADCAST = -1;

  private final Cell[] cells;
  private final NetworkTables tables;
  private final PacketInput tcp;
  private final PacketInput udp;
  private final ControlMessages icmp;
  private final RawInput raw;
  private final InboundPacket[] packets;
  private final Reassembly reassembly;

  Ipv4Input(
      Cell[] cells,
      NetworkTables tables,
      PacketInput tcp,
      PacketInput udp,
      ControlMessages icmp,
      RawInput raw,
      Reassembly reassembly) {
    this.cells = cells;
    this.tables = tables;
    this.tcp = tcp;
    this.udp = udp;
    this.icmp = icmp;
    this.raw = raw;
    this.packets = new InboundPacket[cells.length];
    for (int i = 0; i < cells.length; i++) {
      packets[i] = new InboundPacket();
    }
    this.reassembly = reassembly;
    reassembly.open(this);
  }

  /**
   * Takes a packet.
   *
   * @param offset where it starts in the landing
   * @param length octets there are, link padding included
   * @param station true if the link header named us, false for link broadcasts and multicasts
   * @return true if the landing was kept
   */
  boolean packet(
      SlotLink slot,
      int cell,
      Landing frame,
      int offset,
      int length,
      boolean station,
      boolean mayKeep) {
    cells[cell].count(Counter.IP_IN_RECEIVES);
    MemorySegment memory = frame.segment();
    NetworkSnapshot now = tables.snapshot();
    DropReason reason = check(slot, memory, offset, length, station, now);
    if (reason != null) {
      slot.dropped(cell, reason, frame);
      return false;
    }
    if (Ipv4Header.isFragment(memory, offset)) {
      reassembly.fragment(slot, cell, frame, offset);
      return false;
    }
    return deliver(slot, cell, locate(slot, cell, frame, offset, mayKeep, now));
  }

  /**
   * Takes a packet that was put together from fragments, whose headers were checked one by one.
   *
   * @return true if the landing was kept
   */
  boolean reassembled(SlotLink slot, int cell, Landing frame, int offset) {
    return deliver(slot, cell, locate(slot, cell, frame, offset, true, tables.snapshot()));
  }

  /** The other fragments of this first one did not come in time. */
  void reassemblyTimedOut(SlotLink slot, int cell, Landing first, int offset) {
    icmp.reassemblyTimeExceeded(cell, locate(slot, cell, first, offset, false, tables.snapshot()));
  }

  private InboundPacket locate(
      SlotLink slot, int cell, Landing frame, int offset, boolean mayKeep, NetworkSnapshot now) {
    MemorySegment memory = frame.segment();
    long destination = Ipv4Mapped.low(Ipv4Header.destination(memory, offset));
    InboundPacket packet = packets[cell];
    int header = Ipv4Header.headerLength(memory, offset);
    packet.locate(
        frame,
        slot.number(),
        offset,
        offset + header,
        Ipv4Header.totalLength(memory, offset) - header);
    packet.addresses(0, Ipv4Mapped.low(Ipv4Header.source(memory, offset)), 0, destination);
    packet.describe(
        Ipv4Header.protocol(memory, offset),
        Ipv4Header.trafficClass(memory, offset),
        Ipv4Header.timeToLive(memory, offset),
        now.isLocal(0, destination));
    packet.keepable(mayKeep);
    return packet;
  }

  private boolean deliver(SlotLink slot, int cell, InboundPacket packet) {
    boolean shown = raw.isOpen(packet.protocol());
    if (shown) {
      raw.copy(cell, packet);
    }
    switch (packet.protocol()) {
      case IpProtocol.TCP -> {
        // RFC 9293 §3.9.2.3 (MUST-57): no segment is for more than one host.
        if (!packet.isUnicast()) {
          slot.dropped(cell, DropReason.NOT_OUR_ADDRESS, packet.landing());
          return false;
        }
        cells[cell].count(Counter.IP_IN_DELIVERS);
        return tcp.input(cell, packet);
      }
      case IpProtocol.UDP -> {
        cells[cell].count(Counter.IP_IN_DELIVERS);
        return udp.input(cell, packet);
      }
      case IpProtocol.ICMPV4 -> {
        cells[cell].count(Counter.IP_IN_DELIVERS);
        return icmp.input(cell, packet);
      }
      default -> {
        if (shown) {
          cells[cell].count(Counter.IP_IN_DELIVERS);
          return false;
        }
        icmp.protocolUnreachable(cell, packet);
        slot.dropped(cell, DropReason.UNKNOWN_PROTOCOL, packet.landing());
        return false;
      }
    }
  }

  /**
   * The rules of RFC 1122 §3.2.1. A time to live of 0 or 1 is none: it limits forwarding, and what
   * has arrived has arrived (§3.2.1.7).
   */
  private static @Nullable DropReason check(
      SlotLink slot,
      MemorySegment memory,
      int offset,
      int length,
      boolean station,
      NetworkSnapshot now) {
    DropReason reason = Ipv4Header.check(memory, offset, length);
    if (reason != null) {
      // A link without link headers carries IPv6 as well.
      return reason == DropReason.MALFORMED_IPV4 && Ipv6Header.check(memory, offset, length) == null
          ? DropReason.UNKNOWN_ETHERTYPE
          : reason;
    }
    AddressedSlot addressed = now.slot(slot.number());
    int source = Ipv4Header.source(memory, offset);
    int destination = Ipv4Header.destination(memory, offset);
    if (slot.number() != LocalLink.NUMBER) {
      if (!isSoundSource(source, addressed, now)) {
        return DropReason.BAD_SOURCE_ADDRESS;
      }
      // RFC 1122 §3.2.1.3 (g): loopback addresses do not appear on a link.
      if (NetworkSnapshot.isLoopback(0, Ipv4Mapped.low(destination))) {
        return DropReason.NOT_OUR_ADDRESS;
      }
    }
    if (!isOurs(slot, destination, addressed, now)) {
      if (!isForAll(destination, addressed)) {
        return DropReason.NOT_OUR_ADDRESS;
      }
    } else if (!station) {
      // RFC 1122 §3.3.6: a link broadcast with a unicast destination was not meant for us.
      return DropReason.NOT_FOR_US;
    }
    if (Ipv4Header.hasSourceRoute(memory, offset)) {
      // RFC 7126 §4.3: we are a hop on its way, and forward nothing.
      return DropReason.NOT_OUR_ADDRESS;
    }
    return null;
  }

  /**
   * RFC 1122 §3.3.4.2, strong host: what comes by an interface is for the addresses of that
   * interface, or a neighbour could reach what is meant to be reached from elsewhere only.
   */
  private static boolean isOurs(
      SlotLink slot, int destination, @Nullable AddressedSlot addressed, NetworkSnapshot now) {
    long low = Ipv4Mapped.low(destination);
    return slot.number() == LocalLink.NUMBER
        ? now.isLocal(0, low)
        : addressed != null && addressed.holds(0, low);
  }

  /** RFC 1122 §3.2.1.3: a source is one host's, and on a link it is another's than ours. */
  private static boolean isSoundSource(
      int source, @Nullable AddressedSlot slot, NetworkSnapshot now) {
    return AddressedSlot.isStation(source)
        && !now.isOwn(0, Ipv4Mapped.low(source))
        && (slot == null || !slot.isDirectedBroadcast(source));
  }

  private static boolean isForAll(int destination, @Nullable AddressedSlot slot) {
    return destination == LIMITED_BROADCAST
        || destination == ALL_HOSTS
        || slot != null && slot.isDirectedBroadcast(destination);
  }
}
