package org.penstock.core.internal.ip;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.penstock.api.IpAddress;
import org.penstock.api.MacAddress;
import org.penstock.api.buffer.GsoType;
import org.penstock.api.buffer.OutboundFrame;
import org.penstock.api.netif.LinkType;
import org.penstock.api.netif.NetifCapabilities;
import org.penstock.api.view.Counter;
import org.penstock.api.view.DropReason;
import org.penstock.core.api.Gate;
import org.penstock.core.internal.cell.Cell;
import org.penstock.core.internal.cell.Deferred;
import org.penstock.core.internal.stack.StackContext;
import org.penstock.core.internal.wire.Checksum;
import org.penstock.core.internal.wire.EtherType;
import org.penstock.core.internal.wire.EthernetFrame;
import org.penstock.core.internal.wire.Icmpv4;
import org.penstock.core.internal.wire.IpProtocol;
import org.penstock.core.internal.wire.Ipv4Header;
import org.penstock.core.internal.wire.TcpHeader;
import org.penstock.core.internal.wire.UdpHeader;

/**
 * Sends the IPv4 packets of one cell. On a packet's way down: a transport wrote its header and
 * listed its payload; here come the checksum, the IP header, the neighbour's link address and the
 * link header, and then the slot. Owned by the cell; allocates nothing for a packet that leaves.
 */
public final class Ipv4Output implements PacketOutput {

  /** The longest frame: link header and IP packet. */
  private static final int MOST_FRAME = 64 + Ipv4Header.MAX_TOTAL_LENGTH;

  private static final long MULTICAST_MAC = 0x0100_5e00_0000L;

  private final Cell cell;
  private final NetworkTables tables;
  private final Neighbours neighbours;
  private final Slots slots;
  private final Gate gate;
  private final UnresolvedNeighbours unresolved;
  private final PacketBlock packet = new PacketBlock();
  private final OutboundFrame frame = new OutboundFrame();
  private final PacketIds ids;
  private final Fragmenter fragmenter;
  private final PathMtuDiscovery discovery;
  private final List<SlotWaiters> waiters = new ArrayList<>();
  private final Retry retry = new Retry();
  private @Nullable MemorySegment scratch;
  private @Nullable Path path;
  private int protocol;

  /**
   * The way down of a cell's packets.
   *
   * @param slots the interfaces, the local one included
   * @param ids of the whole stack
   * @param discovery of the whole stack
   */
  Ipv4Output(
      StackContext context,
      Cell cell,
      Gate gate,
      NetworkTables tables,
      Neighbours neighbours,
      Slots slots,
      PacketIds ids,
      PathMtuDiscovery discovery) {
    this.cell = cell;
    this.discovery = discovery;
    this.gate = gate;
    this.tables = tables;
    this.neighbours = neighbours;
    this.slots = slots;
    this.ids = ids;
    this.fragmenter = new Fragmenter(cell);
    this.unresolved =
        new UnresolvedNeighbours(cell, gate, neighbours, slots, context.buffers(), fragmenter);
  }

  /** Sets who is told of datagrams whose neighbour does not answer; before the first. */
  void open(Transport udp) {
    unresolved.open(udp);
  }

  @Override
  public @Nullable Path route(IpAddress local, IpAddress remote) {
    return remote.isIpv4() ? tables.path(local, remote) : null;
  }

  @Override
  public boolean isCurrent(Path way) {
    return way.generation() == tables.generation();
  }

  @Override
  public int segmentation(Path way) {
    SlotLink slot = slots.slot(way.slot());
    return slot == null ? 0 : segmentation(slot.capabilities());
  }

  private static int segmentation(NetifCapabilities can) {
    // A device that cuts segments computes their checksums as well.
    return can.checksumOut() ? Math.min(can.tcpSegmentation(), Ipv4Header.MAX_TOTAL_LENGTH) : 0;
  }

  @Override
  public boolean tooBig(Path way, int mtu, int length) {
    boolean lowered = discovery.tooBig(way, mtu, length, cell.now());
    if (lowered) {
      cell.count(Counter.IP_PATH_MTU_LOWERED);
    }
    return lowered;
  }

  @Override
  public void doubt(Path way) {
    IpAddress hop = way.nextHop();
    NeighbourEntry entry = neighbours.find(way.slot(), hop.high(), hop.low());
    if (entry != null) {
      entry.doubted(gate);
    }
  }

  @Override
  public OutboundPacket begin(Path way, int ipProtocol, int transportHeader) {
    packet.clear(transportHeader);
    path = way;
    protocol = ipProtocol;
    packet.dontFragment(ipProtocol == IpProtocol.TCP && !way.isNarrow());
    if (way.remote().isMulticast()) {
      // RFC 1112 §6.1: multicasts stay on the link unless somebody asks for more.
      packet.timeToLive(1);
    }
    return packet;
  }

  @Override
  public Outcome end(@Nullable TransmitWaiter waiter) {
    Path way = path;
    if (way == null) {
      throw new IllegalStateException("no packet was begun");
    }
    path = null;
    cell.count(Counter.IP_OUT_REQUESTS);
    SlotLink slot = slots.slot(way.slot());
    if (slot == null) {
      cell.drop(DropReason.NO_ROUTE);
      return Outcome.UNREACHABLE;
    }
    if (!slot.isUp()) {
      return refused(slot, waiter, DropReason.INTERFACE_DOWN);
    }
    NetifCapabilities can = slot.capabilities();
    int length = Ipv4Header.MIN_LENGTH + packet.transportLength();
    if (packet.segmentSize() == 0) {
      if (length > Ipv4Header.MAX_TOTAL_LENGTH || packet.dontFragment() && length > way.mtu()) {
        slot.dropped(cell.index(), DropReason.TOO_BIG, null);
        return Outcome.UNREACHABLE;
      }
    } else if (length > segmentation(can)) {
      // The driver has changed since the transport asked: it asks again, and cuts by itself.
      return retryLater(slot, waiter);
    }
    return can.linkType() == LinkType.IP
        ? transmit(way, slot, can, 0, waiter)
        : resolve(way, slot, can, waiter);
  }

  private Outcome resolve(
      Path way, SlotLink slot, NetifCapabilities can, @Nullable TransmitWaiter waiter) {
    IpAddress hop = way.nextHop();
    NeighbourEntry entry = neighbours.find(slot.number(), hop.high(), hop.low());
    if (entry != null) {
      long word = entry.word();
      if (NeighbourEntry.isUsable(word)) {
        if (NeighbourEntry.state(word) == NeighbourEntry.STALE) {
          entry.used(gate);
        }
        if (unresolved.packets() > 0) {
          // The answer is there, but has yet to be told to this cell: what waits for it is older.
          unresolved.sendWaiting(slot.number(), hop.high(), hop.low());
        }
        return transmit(way, slot, can, NeighbourEntry.mac(word), waiter);
      }
    } else if (way.isBroadcast()) {
      return transmit(way, slot, can, MacAddress.BROADCAST.bits(), waiter);
    } else if (hop.isMulticast()) {
      // RFC 1112 §6.4: the low 23 bits of the group.
      return transmit(way, slot, can, MULTICAST_MAC | hop.ipv4() & 0x7f_ffff, waiter);
    }
    if (waiter != null) {
      unresolved.await(slot.number(), hop.high(), hop.low(), waiter);
      return Outcome.BLOCKED;
    }
    if (packet.segmentSize() > 0) {
      slot.dropped(cell.index(), DropReason.TOO_BIG, null);
      return Outcome.UNREACHABLE;
    }
    // A driver that comes meanwhile may do less, so nothing is left to it.
    seal(way, false);
    packet.gather(frame, networkOffset());
    unresolved.keep(slot, hop.high(), hop.low(), frame, way.mtu());
    return Outcome.SENT;
  }

  private Outcome transmit(
      Path way, SlotLink slot, NetifCapabilities can, long mac, @Nullable TransmitWaiter waiter) {
    if (packet.segmentSize() == 0 && Ipv4Header.MIN_LENGTH + packet.transportLength() > way.mtu()) {
      return transmitFragments(way, slot, can, mac, waiter);
    }
    int start = networkOffset();
    if (can.linkType() == LinkType.ETHERNET) {
      start -= EthernetFrame.HEADER_LENGTH;
      EthernetFrame.write(packet.header(), start, mac, slot.mac().bits(), EtherType.IPV4);
    }
    boolean partial =
        can.checksumOut()
            && packet.transportHeader() > 0
            && (protocol == IpProtocol.TCP || protocol == IpProtocol.UDP);
    seal(way, partial);
    if (packet.pieces() <= can.gather()) {
      packet.gather(frame, start);
    } else {
      packet.gather(frame, start, can.gather(), scratch());
    }
    int headers = packet.transport() - start;
    if (partial) {
      frame.partialChecksum(headers, checksumOffset());
    }
    if (packet.segmentSize() > 0) {
      frame.gso(GsoType.TCP_IPV4, packet.segmentSize(), headers + packet.transportHeader());
    }
    if (!slot.transmit(cell.index(), frame, can)) {
      return refused(slot, waiter, DropReason.TRANSMIT_REFUSED);
    }
    cell.count(Counter.IP_OUT_TRANSMITS);
    return Outcome.SENT;
  }

  private Outcome transmitFragments(
      Path way, SlotLink slot, NetifCapabilities can, long mac, @Nullable TransmitWaiter waiter) {
    // The checksum is over all of it, which no device ever sees.
    seal(way, false);
    packet.gather(frame, networkOffset());
    return fragmenter.send(slot, can, mac, frame, way.mtu())
        ? Outcome.SENT
        : refused(slot, waiter, DropReason.TRANSMIT_REFUSED);
  }

  /** Writes transport checksum and IP header. */
  private void seal(Path way, boolean partial) {
    int source = way.local().ipv4();
    int destination = way.remote().ipv4();
    int length = packet.transportLength();
    // Without a header of a transport it is a raw packet, which brings its own checksum.
    if (packet.transportHeader() > 0) {
      sumUp(source, destination, length, partial);
    }
    // RFC 6864 §4.1: the identifier of what is never fragmented means nothing. A constant tells
    // nothing about us, and does not keep receivers from coalescing segments.
    boolean atomic = packet.dontFragment();
    Ipv4Header.write(
        packet.header(),
        networkOffset(),
        packet.trafficClass(),
        Ipv4Header.MIN_LENGTH + length,
        atomic ? 0 : ids.next(source, destination, protocol),
        atomic ? Ipv4Header.DONT_FRAGMENT : 0,
        packet.timeToLive(),
        protocol,
        source,
        destination);
  }

  private void sumUp(int source, int destination, int length, boolean partial) {
    if (protocol == IpProtocol.TCP || protocol == IpProtocol.UDP) {
      long pseudoHeader = Checksum.pseudoHeader(source, destination, protocol, length);
      if (partial) {
        setChecksum(Checksum.fold(pseudoHeader));
      } else {
        setChecksum(0);
        int field = Checksum.complement(pseudoHeader + packet.sum());
        // RFC 768: zero would mean that there is none.
        setChecksum(protocol == IpProtocol.UDP && field == 0 ? 0xffff : field);
      }
    } else if (protocol == IpProtocol.ICMPV4) {
      setChecksum(0);
      setChecksum(Checksum.complement(packet.sum()));
    }
  }

  private void setChecksum(int field) {
    switch (protocol) {
      case IpProtocol.TCP -> TcpHeader.setChecksum(packet.header(), packet.transport(), field);
      case IpProtocol.UDP -> UdpHeader.setChecksum(packet.header(), packet.transport(), field);
      default -> Icmpv4.setChecksum(packet.header(), packet.transport(), field);
    }
  }

  private int checksumOffset() {
    return protocol == IpProtocol.TCP ? TcpHeader.CHECKSUM_OFFSET : UdpHeader.CHECKSUM_OFFSET;
  }

  private int networkOffset() {
    return packet.transport() - Ipv4Header.MIN_LENGTH;
  }

  private MemorySegment scratch() {
    MemorySegment memory = scratch;
    if (memory == null) {
      memory = Arena.ofAuto().allocate(MOST_FRAME, 64);
      scratch = memory;
    }
    return memory;
  }

  private Outcome refused(SlotLink slot, @Nullable TransmitWaiter waiter, DropReason reason) {
    if (waiter == null) {
      slot.dropped(cell.index(), reason, null);
    } else {
      waiters(slot.number()).add(waiter);
    }
    return Outcome.BLOCKED;
  }

  private Outcome retryLater(SlotLink slot, @Nullable TransmitWaiter waiter) {
    if (waiter == null) {
      slot.dropped(cell.index(), DropReason.TRANSMIT_REFUSED, null);
    } else {
      retry.add(waiter);
    }
    return Outcome.BLOCKED;
  }

  private SlotWaiters waiters(int slot) {
    for (int i = 0; i < waiters.size(); i++) {
      if (waiters.get(i).slot == slot) {
        return waiters.get(i);
      }
    }
    SlotWaiters list = new SlotWaiters(cell.index(), gate, slot);
    waiters.add(list);
    return list;
  }

  /**
   * A slot has a driver or a link again, or its driver has room: whoever waited for it tries again.
   * Called inside the cell, at every such event and for every cell.
   */
  public void resume(int slot) {
    for (int i = 0; i < waiters.size(); i++) {
      if (waiters.get(i).slot == slot) {
        waiters.get(i).resume();
        return;
      }
    }
  }

  /** A slot was removed: whoever waited for it looks for another way; inside the cell. */
  void forget(int slot) {
    for (int i = 0; i < waiters.size(); i++) {
      if (waiters.get(i).slot == slot) {
        SlotWaiters list = waiters.remove(i);
        for (TransmitWaiter waiter = list.poll(); waiter != null; waiter = list.poll()) {
          retry.add(waiter);
        }
        return;
      }
    }
  }

  /** Those who try again at the end of the occupation. */
  private final class Retry extends Deferred {
    private final TransmitWaiters list = new TransmitWaiters();

    void add(TransmitWaiter waiter) {
      list.add(waiter);
      cell.defer(this);
    }

    @Override
    protected void finish() {
      TransmitWaiter last = list.last();
      TransmitWaiter waiter;
      try {
        do {
          waiter = list.poll();
          if (waiter != null) {
            waiter.transmitReady();
          }
        } while (waiter != null && waiter != last);
      } finally {
        if (!list.isEmpty()) {
          cell.defer(this);
        }
      }
    }
  }
}
