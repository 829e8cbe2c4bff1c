package org.penstock.core.internal.ip;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import org.penstock.api.buffer.Landing;
import org.penstock.api.view.Counter;
import org.penstock.api.view.DropReason;
import org.penstock.core.api.CellTimer;
import org.penstock.core.api.Gate;
import org.penstock.core.internal.cell.Cell;
import org.penstock.core.internal.memory.Buffers;
import org.penstock.core.internal.memory.SlabPool;
import org.penstock.core.internal.wire.IpProtocol;
import org.penstock.core.internal.wire.Ipv4Header;
import org.penstock.core.internal.wire.TcpHeader;

/**
 * Puts fragmented datagrams together (RFC 791 §3.2, RFC 815), for one cell: all fragments of a
 * datagram are at home in the same. On a packet's way up: IP has checked the fragment's header, and
 * gets the whole datagram back when the last hole is filled.
 *
 * <p>A datagram begins in a small buffer and moves to a large one when a fragment lies beyond it,
 * so that a few octets do not hold 64 KiB. What all hold together is limited ({@link
 * FragmentMemory}); where there is no room the oldest incomplete datagram of the cell gives way,
 * and where a source has used up its share, the oldest of its own. A datagram whose fragments
 * contradict each other is given up whole, with those of its fragments that are still to come.
 *
 * <p>Owned by the cell; allocates nothing once warm.
 */
final class Reassembler {

  /**
   * How long a datagram waits for the rest of its fragments. Differs from RFC 1122 §3.3.2, which
   * recommends 60 s to 120 s, because 65,536 identifiers come around faster than that today, and
   * then fragments of different datagrams meet (RFC 4963); 30 s as Linux.
   */
  static final long TIMEOUT_NANOS = 30_000_000_000L;

  /** Incomplete datagrams of a cell, at most, those that were given up included. */
  static final int MOST_DATAGRAMS = 256;

  /** Bytes of a large buffer: headers and the longest payload. */
  static final int LARGE_BYTES = PartialDatagram.NETWORK + Ipv4Header.MAX_TOTAL_LENGTH + 63 & ~63;

  private static final int BUCKETS = 64;

  /** What becomes of datagrams. */
  interface Outcomes {
    /** One is whole: a frame as if it had come so, whose IP header is at {@code network}. */
    void whole(SlotLink slot, int cell, Landing frame, int network);

    /** The time is up for one of which the first fragment, and not all others, came. */
    void timedOut(SlotLink slot, int cell, Landing firstFragment, int network);
  }

  private final Cell cell;
  private final Slots slots;
  private final Buffers buffers;
  private final SlabPool<Landing> large;
  private final FragmentMemory memory;
  private final Outcomes outcomes;
  private final CellTimer timer;
  private final @Nullable PartialDatagram[] buckets = new @Nullable PartialDatagram[BUCKETS];
  private @Nullable PartialDatagram oldest;
  private @Nullable PartialDatagram newest;
  private @Nullable PartialDatagram spare;
  private int datagrams;

  Reassembler(
      Cell cell,
      Gate gate,
      Slots slots,
      Buffers buffers,
      SlabPool<Landing> large,
      FragmentMemory memory,
      Outcomes outcomes) {
    this.cell = cell;
    this.slots = slots;
    this.buffers = buffers;
    this.large = large;
    this.memory = memory;
    this.outcomes = outcomes;
    this.timer = gate.timer(cell.index(), this::expire);
  }

  /**
   * Takes a fragment whose header was checked; the frame is the caller's again when this returns.
   *
   * @param at where its IP header starts
   */
  void fragment(SlotLink slot, Landing frame, int at) {
    cell.count(Counter.IP_REASSEMBLY_REQUESTS);
    DropReason reason = take(slot, frame, at);
    if (reason != null) {
      slot.dropped(cell.index(), reason, frame);
    }
  }

  private @Nullable DropReason take(SlotLink slot, Landing frame, int at) {
    MemorySegment source = frame.segment();
    if (isTiny(source, at)) {
      return DropReason.FRAGMENT_TINY;
    }
    PartialDatagram datagram = find(slot.number(), source, at);
    if (datagram == null) {
      datagram = open(slot.number(), source, at);
      if (datagram == null) {
        return DropReason.FRAGMENT_LIMIT;
      }
    } else if (datagram.spoiled() != null) {
      return datagram.spoiled();
    }
    int end = Ipv4Header.fragmentOffset(source, at) + Ipv4Header.payloadLength(source, at);
    DropReason reason =
        makeRoom(datagram, PartialDatagram.PAYLOAD + end)
            ? datagram.add(source, frame.offset(), at)
            : DropReason.FRAGMENT_LIMIT;
    if (reason != null) {
      if (reason != DropReason.FRAGMENT_DUPLICATE) {
        spoil(datagram, reason);
      }
      return reason;
    }
    return datagram.isWhole() ? complete(slot, datagram) : null;
  }

  /**
   * RFC 1858 §3.1 and §4.2, RFC 3128: no sender cuts a TCP header, unless to have one part of it
   * pass a filter that the whole would not pass.
   */
  private static boolean isTiny(MemorySegment memory, int at) {
    if (Ipv4Header.protocol(memory, at) != IpProtocol.TCP) {
      return false;
    }
    int offset = Ipv4Header.fragmentOffset(memory, at);
    return offset == 0
        ? Ipv4Header.payloadLength(memory, at) < TcpHeader.MIN_LENGTH
        : offset < TcpHeader.MIN_LENGTH;
  }

  private @Nullable DropReason complete(SlotLink slot, PartialDatagram datagram) {
    int held = datagram.held();
    Landing whole = datagram.whole();
    if (whole == null) {
      spoil(datagram, DropReason.FRAGMENT_ECN);
      return DropReason.FRAGMENT_ECN;
    }
    memory.refund(datagram.source, held);
    remove(datagram);
    cell.count(Counter.IP_REASSEMBLED);
    outcomes.whole(slot, cell.index(), whole, PartialDatagram.NETWORK);
    return null;
  }

  /** Begins a datagram, at whose expense there may be; null if there is no room. */
  private @Nullable PartialDatagram open(int slot, MemorySegment source, int at) {
    int from = Ipv4Header.source(source, at);
    while (datagrams >= MOST_DATAGRAMS && oldest != null) {
      giveUp(oldest, DropReason.FRAGMENT_LIMIT);
    }
    if (!charge(from, Buffers.RECEIVE_BYTES, null)) {
      return null;
    }
    Landing room = buffers.receiveBuffer();
    if (room == null) {
      memory.refund(from, Buffers.RECEIVE_BYTES);
      return null;
    }
    PartialDatagram datagram = spare;
    if (datagram == null) {
      datagram = new PartialDatagram();
    } else {
      spare = datagram.newer;
    }
    datagram.open(slot, source, at, room, cell.now());
    append(datagram);
    return datagram;
  }

  /** Sees that the buffer has so many bytes. */
  private boolean makeRoom(PartialDatagram datagram, int bytes) {
    int held = datagram.held();
    if (bytes <= held) {
      return true;
    }
    if (!charge(datagram.source, LARGE_BYTES - held, datagram)) {
      return false;
    }
    Landing larger = large.take();
    if (larger == null) {
      memory.refund(datagram.source, LARGE_BYTES - held);
      return false;
    }
    datagram.grow(larger).release();
    return true;
  }

  /** Charges bytes, and gives up older datagrams of this cell for them, but not that one. */
  private boolean charge(int source, int bytes, @Nullable PartialDatagram except) {
    while (true) {
      boolean ownShare = !memory.isWithinShare(source, bytes);
      if (!ownShare && memory.charge(source, bytes)) {
        return true;
      }
      PartialDatagram victim = oldestHolding(source, ownShare, except);
      if (victim == null) {
        return false;
      }
      giveUp(victim, DropReason.FRAGMENT_LIMIT);
    }
  }

  private @Nullable PartialDatagram oldestHolding(
      int source, boolean ofSource, @Nullable PartialDatagram except) {
    PartialDatagram each = oldest;
    while (each != null
        && (each == except || each.held() == 0 || ofSource && each.source != source)) {
      each = each.newer;
    }
    return each;
  }

  /** Keeps the datagram's name and nothing else, so that its other fragments are dropped too. */
  private void spoil(PartialDatagram datagram, DropReason reason) {
    memory.refund(datagram.source, datagram.held());
    datagram.spoil(reason).release();
    cell.count(Counter.IP_REASSEMBLY_FAILS);
  }

  private void giveUp(PartialDatagram datagram, DropReason reason) {
    if (datagram.spoiled() == null) {
      spoil(datagram, reason);
      SlotLink slot = slots.slot(datagram.slot);
      if (slot != null) {
        slot.dropped(cell.index(), reason, null);
      } else {
        cell.drop(reason);
      }
    }
    remove(datagram);
  }

  private void expire() {
    while (oldest != null && oldest.openedAt + TIMEOUT_NANOS <= cell.now()) {
      PartialDatagram datagram = oldest;
      SlotLink slot = slots.slot(datagram.slot);
      if (slot != null && datagram.hasFirst()) {
        quote(slot, datagram);
      } else {
        giveUp(datagram, DropReason.FRAGMENT_TIMEOUT);
      }
    }
    if (oldest != null) {
      timer.arm(oldest.openedAt + TIMEOUT_NANOS);
    }
  }

  /** RFC 792: a host tells the sender if, and only if, it has the first fragment. */
  private void quote(SlotLink slot, PartialDatagram datagram) {
    memory.refund(datagram.source, datagram.held());
    Landing first = datagram.first();
    remove(datagram);
    cell.count(Counter.IP_REASSEMBLY_FAILS);
    slot.dropped(cell.index(), DropReason.FRAGMENT_TIMEOUT, null);
    try {
      outcomes.timedOut(slot, cell.index(), first, PartialDatagram.NETWORK);
    } finally {
      first.release();
    }
  }

  /** Incomplete datagrams at this moment, those that were given up included. */
  int datagrams() {
    return datagrams;
  }

  private @Nullable PartialDatagram find(int slot, MemorySegment source, int at) {
    PartialDatagram each = buckets[bucket(Ipv4Header.identification(source, at))];
    while (each != null && !each.is(slot, source, at)) {
      each = each.nextInBucket;
    }
    return each;
  }

  private void append(PartialDatagram datagram) {
    datagrams++;
    int bucket = bucket(datagram.identification);
    datagram.nextInBucket = buckets[bucket];
    buckets[bucket] = datagram;
    datagram.newer = null;
    datagram.older = newest;
    if (newest == null) {
      oldest = datagram;
      timer.arm(datagram.openedAt + TIMEOUT_NANOS);
    } else {
      newest.newer = datagram;
    }
    newest = datagram;
  }

  private void remove(PartialDatagram datagram) {
    datagrams--;
    int bucket = bucket(datagram.identification);
    PartialDatagram before = null;
    PartialDatagram each = buckets[bucket];
    while (each != datagram && each != null) {
      before = each;
      each = each.nextInBucket;
    }
    if (before == null) {
      buckets[bucket] = datagram.nextInBucket;
    } else {
      before.nextInBucket = datagram.nextInBucket;
    }
    if (datagram.older == null) {
      oldest = datagram.newer;
    } else {
      datagram.older.newer = datagram.newer;
    }
    if (datagram.newer == null) {
      newest = datagram.older;
    } else {
      datagram.newer.older = datagram.older;
    }
    datagram.older = null;
    datagram.nextInBucket = null;
    datagram.newer = spare;
    spare = datagram;
    if (oldest == null) {
      timer.cancel();
    }
  }

  private static int bucket(int identification) {
    return (int) Mix.of(identification) & BUCKETS - 1;
  }
}
