package org.penstock.core.internal.ip;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.penstock.api.IpAddress;
import org.penstock.api.buffer.OutboundFrame;
import org.penstock.api.concurrency.Section;
import org.penstock.api.netif.LinkType;
import org.penstock.api.netif.NetifCapabilities;
import org.penstock.api.view.Counter;
import org.penstock.api.view.DropReason;
import org.penstock.core.api.Chunk;
import org.penstock.core.api.Chunks;
import org.penstock.core.api.Gate;
import org.penstock.core.api.TcpFailure;
import org.penstock.core.internal.cell.Cell;
import org.penstock.core.internal.wire.EtherType;
import org.penstock.core.internal.wire.EthernetFrame;
import org.penstock.core.internal.wire.IpProtocol;
import org.penstock.core.internal.wire.Ipv4Header;
import org.penstock.core.internal.wire.UdpHeader;

/**
 * What a cell holds back until link addresses are known: copies of packets, within limits, and
 * waiters. Owned by the cell.
 */
final class UnresolvedNeighbours {

  /** Copied packets that wait in one cell, at most, whatever for. */
  static final int MOST_PACKETS = 64;

  /** Where the IP packet stands in its chunk: behind room for an Ethernet header. */
  private static final int PACKET = 16;

  /** Waiters told at a time. */
  private static final int BATCH = 64;

  private final Cell cell;
  private final Gate gate;
  private final Neighbours cache;
  private final Slots slots;
  private final Chunks chunks;
  private final Fragmenter fragmenter;
  private final OutboundFrame frame = new OutboundFrame();
  private final List<UnresolvedNeighbour> open = new ArrayList<>();
  private int packets;
  private @Nullable Transport datagrams;

  UnresolvedNeighbours(
      Cell cell, Gate gate, Neighbours cache, Slots slots, Chunks chunks, Fragmenter fragmenter) {
    this.cell = cell;
    this.gate = gate;
    this.cache = cache;
    this.slots = slots;
    this.chunks = chunks;
    this.fragmenter = fragmenter;
  }

  /** Sets who is told of datagrams that can't be delivered; before the first. */
  void open(Transport udp) {
    datagrams = udp;
  }

  /** Has a waiter told when the neighbour is found or is not. */
  void await(int slot, long high, long low, TransmitWaiter waiter) {
    question(slot, high, low).waiters.add(waiter);
  }

  /**
   * Keeps a copy of a packet that is complete from its IP header on. RFC 1122 §2.3.2.2: at least
   * the latest packet is kept, so where there is no room the oldest gives way. A packet that will
   * be fragmented is kept whole: a few such would not leave room for their own fragments.
   *
   * @param mtu of its path
   */
  void keep(SlotLink slot, long high, long low, OutboundFrame packet, int mtu) {
    int length = packet.length();
    UnresolvedNeighbour question = question(slot.number(), high, low);
    if (question.isFull()) {
      discardOldest(question, DropReason.NEIGHBOUR_QUEUE_FULL);
    }
    if (packets >= MOST_PACKETS) {
      slot.dropped(cell.index(), DropReason.NEIGHBOUR_QUEUE_FULL, null);
      return;
    }
    Chunk chunk = chunks.lease(PACKET + length);
    if (chunk != null && chunk.capacity() < Math.min(PACKET + length, Chunks.LARGE)) {
      chunk.release();
      chunk = null;
    }
    if (chunk == null) {
      slot.dropped(cell.index(), DropReason.NO_BUFFER, null);
      return;
    }
    packet.copyTo(chunk.segment(), start(chunk, length));
    question.add(chunk, length, mtu);
    packets++;
  }

  /** Where a packet stands: the longest leave no room in front, and need none for fragments. */
  private static int start(Chunk chunk, int length) {
    return Math.min(PACKET, chunk.capacity() - length);
  }

  /** Takes an answer, whose section runs again as long as there are waiters to be told. */
  void answered(UnresolvedNeighbour question, Section answer) {
    open.remove(question);
    boolean done = false;
    try {
      if (question.isResolved()) {
        sendAll(question);
      } else {
        while (question.packets() > 0) {
          tellSender(question);
          discardOldest(question, DropReason.NEIGHBOUR_UNREACHABLE);
        }
      }
      tell(question);
      done = question.waiters.isEmpty();
    } finally {
      // Also when a waiter threw: the others must not be forgotten.
      if (!done && (question.packets() > 0 || !question.waiters.isEmpty())) {
        gate.post(answer);
      }
    }
  }

  /** Sends what waits for a neighbour that was found, before the cell is told. */
  void sendWaiting(int slot, long high, long low) {
    UnresolvedNeighbour question = find(slot, high, low);
    if (question != null) {
      sendAll(question);
    }
  }

  /** Copied packets that wait at this moment. */
  int packets() {
    return packets;
  }

  /**
   * RFC 1122 §2.4: that the link layer can't deliver is told to the transport, as if the host's
   * first gateway had said so.
   */
  private void tellSender(UnresolvedNeighbour question) {
    Chunk chunk = question.oldest();
    Transport told = datagrams;
    if (chunk == null || told == null) {
      return;
    }
    MemorySegment memory = chunk.segment();
    int at = start(chunk, question.length());
    int ports = at + Ipv4Header.MIN_LENGTH;
    if (Ipv4Header.protocol(memory, at) != IpProtocol.UDP
        || question.length() < Ipv4Header.MIN_LENGTH + UdpHeader.LENGTH) {
      return;
    }
    IpAddress local = IpAddress.ofIpv4(Ipv4Header.source(memory, at));
    told.icmpError(
        cell.index(),
        new IcmpError(
            IcmpError.Kind.UNREACHABLE,
            TcpFailure.HOST_UNREACHABLE,
            local,
            local,
            UdpHeader.sourcePort(memory, ports),
            IpAddress.ofIpv4(Ipv4Header.destination(memory, at)),
            UdpHeader.destinationPort(memory, ports),
            0,
            question.length(),
            0));
  }

  private void tell(UnresolvedNeighbour question) {
    for (int i = 0; i < BATCH; i++) {
      TransmitWaiter waiter = question.waiters.poll();
      if (waiter == null) {
        return;
      }
      if (question.isResolved()) {
        waiter.transmitReady();
      } else {
        waiter.transmitFailed();
      }
    }
  }

  private @Nullable UnresolvedNeighbour find(int slot, long high, long low) {
    for (int i = 0; i < open.size(); i++) {
      if (open.get(i).is(slot, high, low)) {
        return open.get(i);
      }
    }
    return null;
  }

  private UnresolvedNeighbour question(int slot, long high, long low) {
    UnresolvedNeighbour known = find(slot, high, low);
    if (known != null) {
      return known;
    }
    UnresolvedNeighbour question =
        new UnresolvedNeighbour(cache, this, cell.index(), slot, high, low);
    open.add(question);
    gate.post(question);
    return question;
  }

  private void sendAll(UnresolvedNeighbour question) {
    SlotLink slot = slots.slot(question.slot);
    NeighbourEntry entry = cache.find(question.slot, question.high, question.low);
    while (question.packets() > 0) {
      NetifCapabilities can = slot == null ? null : slot.capabilities();
      // The slot's driver may have become one that needs no link address.
      boolean direct = can != null && can.linkType() == LinkType.IP;
      boolean found = entry != null && NeighbourEntry.isUsable(entry.word());
      if (slot == null || can == null || !direct && !found) {
        discardOldest(question, DropReason.NEIGHBOUR_UNREACHABLE);
        continue;
      }
      int length = question.length();
      int mtu = question.mtu();
      Chunk chunk = take(question);
      try {
        long mac = entry == null ? 0 : NeighbourEntry.mac(entry.word());
        send(slot, can, mac, chunk, length, mtu);
      } finally {
        chunk.release();
      }
    }
    if (entry != null && NeighbourEntry.state(entry.word()) == NeighbourEntry.STALE) {
      entry.used(gate);
    }
  }

  private void send(
      SlotLink slot, NetifCapabilities can, long mac, Chunk chunk, int length, int mtu) {
    frame.clear();
    if (length > mtu) {
      frame.add(chunk.segment(), start(chunk, length), length);
      if (!fragmenter.send(slot, can, mac, frame, mtu)) {
        slot.dropped(cell.index(), DropReason.TRANSMIT_REFUSED, null);
      }
      return;
    }
    int link = can.linkType() == LinkType.ETHERNET ? EthernetFrame.HEADER_LENGTH : 0;
    if (link > 0) {
      EthernetFrame.write(chunk.segment(), PACKET - link, mac, slot.mac().bits(), EtherType.IPV4);
    }
    frame.add(chunk.segment(), PACKET - link, link + length);
    if (slot.transmit(cell.index(), frame, can)) {
      cell.count(Counter.IP_OUT_TRANSMITS);
    } else {
      slot.dropped(cell.index(), DropReason.TRANSMIT_REFUSED, null);
    }
  }

  private void discardOldest(UnresolvedNeighbour question, DropReason reason) {
    take(question).release();
    SlotLink slot = slots.slot(question.slot);
    if (slot != null) {
      slot.dropped(cell.index(), reason, null);
    } else {
      cell.drop(reason);
    }
  }

  private Chunk take(UnresolvedNeighbour question) {
    Chunk chunk = question.poll();
    if (chunk == null) {
      throw new IllegalStateException("no packet waits for " + question);
    }
    packets--;
    return chunk;
  }
}
