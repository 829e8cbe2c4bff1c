package org.penstock.core.internal.ip;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import org.penstock.api.IpAddress;
import org.penstock.api.MacAddress;
import org.penstock.api.buffer.Landing;
import org.penstock.api.view.Counter;
import org.penstock.api.view.DropReason;
import org.penstock.core.internal.cell.Cell;
import org.penstock.core.internal.wire.ArpPacket;

/** Received ARP packets (RFC 826 "Packet Reception"). Owned by the control cell. */
final class ArpInput {

  /** RFC 5227 §1.1 DEFEND_INTERVAL. */
  private static final long DEFEND_NANOS = 10_000_000_000L;

  private final Neighbours cache;
  private final Cell cell;
  private final NetworkTables tables;
  private final NeighbourEntries entries;
  private final ArpPort port;
  private long defendedAt = Long.MIN_VALUE;

  ArpInput(
      Neighbours cache, Cell cell, NetworkTables tables, NeighbourEntries entries, ArpPort port) {
    this.cache = cache;
    this.cell = cell;
    this.tables = tables;
    this.entries = entries;
    this.port = port;
  }

  void packet(SlotLink slot, Landing frame, int offset, int length) {
    MemorySegment memory = frame.segment();
    DropReason reason = ArpPacket.check(memory, offset, length);
    if (reason == null) {
      reason = sound(slot, memory, offset);
    }
    if (reason != null) {
      slot.dropped(cell.index(), reason, frame);
    }
  }

  /** Acts on a packet that was checked, and gives the reason if it was of no use. */
  private @Nullable DropReason sound(SlotLink slot, MemorySegment memory, int offset) {
    boolean request = ArpPacket.operation(memory, offset) == ArpPacket.REQUEST;
    cell.count(request ? Counter.ARP_IN_REQUESTS : Counter.ARP_IN_REPLIES);
    long mac = ArpPacket.senderHardware(memory, offset);
    int sender = ArpPacket.senderProtocol(memory, offset);
    AddressedSlot addressed = tables.snapshot().slot(slot.number());
    if (addressed == null || mac == 0 || mac == slot.mac().bits()) {
      return DropReason.BAD_SOURCE_ADDRESS;
    }
    IpAddress from = IpAddress.ofIpv4(sender);
    boolean forUs = addressed.holds(IpAddress.ofIpv4(ArpPacket.targetProtocol(memory, offset)));
    // RFC 5227 §2.1.1: a probe asks with a sender address of zero, and is answered.
    if (sender != 0) {
      if (addressed.holds(from)) {
        cell.count(Counter.ARP_CONFLICTS);
        slot.conflict(from, new MacAddress(mac));
        defend(slot);
        return DropReason.BAD_SOURCE_ADDRESS;
      }
      if (!AddressedSlot.isStation(sender)
          || addressed.isDirectedBroadcast(sender)
          || tables.isLocal(from)) {
        return DropReason.BAD_SOURCE_ADDRESS;
      }
    }
    NeighbourEntry entry = entries.find(slot.number(), from.high(), from.low());
    if (entry != null) {
      cache.learned(entry, mac, !request && forUs);
    }
    if (!forUs || !request) {
      return entry == null ? DropReason.ARP_IGNORED : null;
    }
    if (entry == null && addressed.isOnLink(from)) {
      cache.uninvited(slot.number(), from.high(), from.low(), mac);
    }
    port.reply(slot, mac, ArpPacket.targetProtocol(memory, offset), sender);
    return null;
  }

  /**
   * RFC 5227 §2.4 (c): somebody else uses our address. It is defended by an announcement, though
   * not so often that two stubborn stations would fill the link.
   */
  private void defend(SlotLink slot) {
    if (defendedAt == Long.MIN_VALUE || cell.now() - defendedAt >= DEFEND_NANOS) {
      defendedAt = cell.now();
      cache.announceNow(slot);
    }
  }
}
