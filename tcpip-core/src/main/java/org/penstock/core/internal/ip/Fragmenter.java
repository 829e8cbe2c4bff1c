package org.penstock.core.internal.ip;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import org.penstock.api.buffer.OutboundFrame;
import org.penstock.api.netif.LinkType;
import org.penstock.api.netif.NetifCapabilities;
import org.penstock.api.view.Counter;
import org.penstock.core.internal.cell.Cell;
import org.penstock.core.internal.wire.EtherType;
import org.penstock.core.internal.wire.EthernetFrame;
import org.penstock.core.internal.wire.Ipv4Header;

/**
 * Cuts IPv4 packets that are longer than their way allows (RFC 791 §3.2, "An Example Fragmentation
 * Procedure"). Each fragment is a gather list of a header of its own and of slices of the packet,
 * whose payload stays where it is. Owned by the cell; allocates nothing once warm.
 */
final class Fragmenter {

  /** Where the IP header stands: behind room for a link header. */
  private static final int NETWORK = 64;

  private static final int MOST_FRAGMENT = Ipv4Header.MAX_TOTAL_LENGTH;

  private final Cell cell;
  private final MemorySegment header =
      Arena.ofAuto().allocate(NETWORK + Ipv4Header.MIN_LENGTH + 4, 64);
  private final OutboundFrame frame = new OutboundFrame();
  private @Nullable MemorySegment scratch;

  Fragmenter(Cell cell) {
    this.cell = cell;
  }

  /**
   * Sends a packet in fragments.
   *
   * @param mac the link address of the next hop
   * @param packet complete from its IP header on, checksums included; the header has no options and
   *     stands whole in the first piece
   * @param mtu bytes of the largest fragment
   * @return false as soon as the driver refuses one: what was sent of the packet is lost
   */
  boolean send(SlotLink slot, NetifCapabilities can, long mac, OutboundFrame packet, int mtu) {
    int start = NETWORK;
    if (can.linkType() == LinkType.ETHERNET) {
      start -= EthernetFrame.HEADER_LENGTH;
      EthernetFrame.write(header, start, mac, slot.mac().bits(), EtherType.IPV4);
    }
    int payload = packet.length() - Ipv4Header.MIN_LENGTH;
    // RFC 791 §3.2: the offset counts units of eight octets.
    int most = mtu - Ipv4Header.MIN_LENGTH & ~7;
    for (int from = 0; from < payload; from += most) {
      int length = Math.min(most, payload - from);
      writeHeader(packet, from, length, from + length < payload);
      gather(packet, start, Ipv4Header.MIN_LENGTH + from, length, can.gather());
      if (!slot.transmit(cell.index(), frame, can)) {
        cell.count(Counter.IP_FRAGMENTATION_FAILS);
        return false;
      }
      cell.count(Counter.IP_FRAGMENTS_CREATED);
      cell.count(Counter.IP_OUT_TRANSMITS);
    }
    cell.count(Counter.IP_FRAGMENTED);
    return true;
  }

  /** The packet's header, but for length, offset and the sign that more follows. */
  private void writeHeader(OutboundFrame packet, int from, int length, boolean more) {
    MemorySegment memory = packet.segment(0);
    long at = packet.offset(0);
    Ipv4Header.write(
        header,
        NETWORK,
        Ipv4Header.trafficClass(memory, at),
        Ipv4Header.MIN_LENGTH + length,
        Ipv4Header.identification(memory, at),
        (more ? Ipv4Header.MORE_FRAGMENTS : 0) | from >>> 3,
        Ipv4Header.timeToLive(memory, at),
        Ipv4Header.protocol(memory, at),
        Ipv4Header.source(memory, at),
        Ipv4Header.destination(memory, at));
  }

  /** Makes a frame of the header block and of a stretch of the packet, in so many pieces. */
  private void gather(OutboundFrame packet, int start, int from, int length, int most) {
    int headers = NETWORK + Ipv4Header.MIN_LENGTH - start;
    frame.clear();
    frame.add(header, start, headers);
    slice(packet, from, length, null, 0);
    if (frame.pieces() <= most) {
      return;
    }
    MemorySegment copy = scratch();
    MemorySegment.copy(header, start, copy, 0, headers);
    slice(packet, from, length, copy, headers);
    frame.clear();
    frame.add(copy, 0, headers + length);
  }

  /** Appends a stretch of the packet to the frame, slice by slice, or copies it. */
  private void slice(
      OutboundFrame packet, int from, int length, @Nullable MemorySegment copy, int at) {
    int skip = from;
    int left = length;
    for (int i = 0; left > 0; i++) {
      int piece = packet.length(i);
      if (skip >= piece) {
        skip -= piece;
        continue;
      }
      int slice = Math.min(piece - skip, left);
      if (copy == null) {
        frame.add(packet.segment(i), packet.offset(i) + skip, slice);
      } else {
        long target = (long) at + length - left;
        MemorySegment.copy(packet.segment(i), packet.offset(i) + skip, copy, target, slice);
      }
      left -= slice;
      skip = 0;
    }
  }

  private MemorySegment scratch() {
    MemorySegment memory = scratch;
    if (memory == null) {
      memory = Arena.ofAuto().allocate(NETWORK + MOST_FRAGMENT, 64);
      scratch = memory;
    }
    return memory;
  }
}
