package org.penstock.core.internal.ip;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.penstock.api.buffer.Landing;
import org.penstock.api.view.DropReason;
import org.penstock.core.internal.wire.Ipv4Header;

/**
 * An IPv4 datagram of which some fragments have come. Their payload is copied to where it belongs
 * in one buffer; which octets are there is a sorted list of ranges, what RFC 815 calls holes turned
 * inside out. Used for one datagram after the other. Owned by the fragments' cell.
 */
final class PartialDatagram {

  /** Ranges with holes between them, at most: of 576-byte packets 119 make up the longest. */
  static final int MOST_RANGES = 64;

  /** Where the IP header stands in the buffer: behind room for the link header. */
  static final int NETWORK = 16;

  /** Where the payload begins in the buffer; options of the first fragment are left out. */
  static final int PAYLOAD = NETWORK + Ipv4Header.MIN_LENGTH;

  // What fragments of one datagram have in common (RFC 791 §3.2), and how they came.
  int slot;
  int source;
  int destination;
  int protocol;
  int identification;
  long openedAt;

  // Links of the reassembler's lists.
  @Nullable PartialDatagram older;
  @Nullable PartialDatagram newer;
  @Nullable PartialDatagram nextInBucket;

  private @Nullable Landing buffer;
  private int[] starts = new int[8];
  private int[] ends = new int[8];
  private int ranges;

  /** Octets of the whole payload, or -1 while the last fragment has not come. */
  private int end;

  /** Octets of the first fragment's payload, or 0 while it has not come. */
  private int firstLength;

  private int linkLength;

  /** Bit n for codepoint n of ECN, of all fragments. */
  private int codepoints;

  private @Nullable DropReason spoiled;

  void open(int slotNumber, MemorySegment memory, int at, Landing room, long now) {
    slot = slotNumber;
    source = Ipv4Header.source(memory, at);
    destination = Ipv4Header.destination(memory, at);
    protocol = Ipv4Header.protocol(memory, at);
    identification = Ipv4Header.identification(memory, at);
    openedAt = now;
    buffer = room;
    ranges = 0;
    end = -1;
    firstLength = 0;
    linkLength = 0;
    codepoints = 0;
    spoiled = null;
  }

  boolean is(int slotNumber, MemorySegment memory, int at) {
    return slot == slotNumber
        && source == Ipv4Header.source(memory, at)
        && destination == Ipv4Header.destination(memory, at)
        && protocol == Ipv4Header.protocol(memory, at)
        && identification == Ipv4Header.identification(memory, at);
  }

  /** Bytes of its buffer, 0 if it was spoiled. */
  int held() {
    return buffer == null ? 0 : buffer.capacity();
  }

  /** Why none of its fragments is taken any more, or null. */
  @Nullable DropReason spoiled() {
    return spoiled;
  }

  /** True if the first fragment is there, so that an error can quote it. */
  boolean hasFirst() {
    return firstLength > 0 && spoiled == null;
  }

  /** True if nothing is missing. */
  boolean isWhole() {
    return end >= 0 && ranges == 1 && starts[0] == 0 && ends[0] == end;
  }

  /** Exchanges the buffer for a larger one and gives the former back. */
  Landing grow(Landing larger) {
    Landing former = requireBuffer();
    long used = ranges == 0 ? PAYLOAD : PAYLOAD + ends[ranges - 1];
    MemorySegment.copy(former.segment(), 0, larger.segment(), 0, used);
    buffer = larger;
    return former;
  }

  /** Takes no further fragment, for that reason; gives the buffer back. */
  Landing spoil(DropReason reason) {
    spoiled = reason;
    return takeBuffer();
  }

  /**
   * Takes the payload of a fragment for which there is room.
   *
   * @param frame where the link header of the fragment starts
   * @param at where its IP header starts
   * @return null if it was taken; {@link DropReason#FRAGMENT_DUPLICATE} if it was there already;
   *     else why the whole datagram must be given up
   */
  @Nullable DropReason add(MemorySegment memory, int frame, int at) {
    int length = Ipv4Header.payloadLength(memory, at);
    int from = Ipv4Header.fragmentOffset(memory, at);
    int to = from + length;
    int payload = at + Ipv4Header.headerLength(memory, at);
    boolean last = !Ipv4Header.moreFragments(memory, at);
    if (!agreesOnEnd(to, last)) {
      return DropReason.FRAGMENT_OVERLAP;
    }
    int next = 0;
    while (next < ranges && ends[next] <= from) {
      next++;
    }
    if (next < ranges && starts[next] < to) {
      return isRepeated(memory, payload, from, to, next)
          ? DropReason.FRAGMENT_DUPLICATE
          : DropReason.FRAGMENT_OVERLAP;
    }
    if (!insert(from, to, next)) {
      return DropReason.FRAGMENT_HOLES;
    }
    MemorySegment.copy(memory, payload, requireBuffer().segment(), PAYLOAD + from, length);
    codepoints |= 1 << Ipv4Header.ecn(memory, at);
    if (last) {
      end = to;
    }
    if (from == 0) {
      keepHeaders(memory, frame, at, length);
    }
    return null;
  }

  /** Only the last fragment ends where the datagram does, and nothing lies beyond. */
  private boolean agreesOnEnd(int to, boolean last) {
    if (end >= 0) {
      return last ? to == end : to < end;
    }
    return !last || ranges == 0 || ends[ranges - 1] <= to;
  }

  /** True if the octets are there already and are the same: a packet that came twice. */
  private boolean isRepeated(MemorySegment memory, int payload, int from, int to, int range) {
    return starts[range] <= from
        && to <= ends[range]
        && MemorySegment.mismatch(
                memory,
                payload,
                (long) payload + to - from,
                requireBuffer().segment(),
                (long) PAYLOAD + from,
                (long) PAYLOAD + to)
            < 0;
  }

  /** Inserts a range that overlaps no other in front of the given one; false if it is too many. */
  private boolean insert(int from, int to, int next) {
    boolean left = next > 0 && ends[next - 1] == from;
    boolean right = next < ranges && starts[next] == to;
    if (left && right) {
      ends[next - 1] = ends[next];
      System.arraycopy(starts, next + 1, starts, next, ranges - next - 1);
      System.arraycopy(ends, next + 1, ends, next, ranges - next - 1);
      ranges--;
    } else if (left) {
      ends[next - 1] = to;
    } else if (right) {
      starts[next] = from;
    } else {
      if (ranges == MOST_RANGES) {
        return false;
      }
      if (ranges == starts.length) {
        starts = Arrays.copyOf(starts, ranges * 2);
        ends = Arrays.copyOf(ends, ranges * 2);
      }
      System.arraycopy(starts, next, starts, next + 1, ranges - next);
      System.arraycopy(ends, next, ends, next + 1, ranges - next);
      starts[next] = from;
      ends[next] = to;
      ranges++;
    }
    return true;
  }

  /** RFC 791 §3.2: the header of the whole is that of the first fragment. */
  private void keepHeaders(MemorySegment memory, int frame, int at, int length) {
    MemorySegment target = requireBuffer().segment();
    linkLength = Math.min(at - frame, NETWORK);
    firstLength = length;
    MemorySegment.copy(memory, at - linkLength, target, NETWORK - linkLength, linkLength);
    MemorySegment.copy(memory, at, target, NETWORK, Ipv4Header.MIN_LENGTH);
  }

  /**
   * The whole datagram as one frame, with the headers of the first fragment; the caller has the
   * buffer from now on. Null if it must not be, because a router marked one fragment and another
   * says that its sender knows nothing of ECN.
   */
  @Nullable Landing whole() {
    int ecn = codepoint();
    if (ecn < 0) {
      return null;
    }
    return describe(end, ecn, 0);
  }

  /** The first fragment as it came, without options; the caller has the buffer from now on. */
  Landing first() {
    MemorySegment memory = requireBuffer().segment();
    return describe(firstLength, Ipv4Header.ecn(memory, NETWORK), Ipv4Header.MORE_FRAGMENTS);
  }

  private Landing describe(int payload, int ecn, int flags) {
    Landing landing = takeBuffer();
    MemorySegment memory = landing.segment();
    int length = Ipv4Header.MIN_LENGTH + payload;
    Ipv4Header.write(
        memory,
        NETWORK,
        Ipv4Header.trafficClass(memory, NETWORK) & ~3 | ecn,
        length,
        identification,
        flags,
        Ipv4Header.timeToLive(memory, NETWORK),
        protocol,
        source,
        destination);
    landing.describe(NETWORK - linkLength, linkLength + length, 0);
    return landing;
  }

  /**
   * RFC 3168 §5.3: a mark of congestion on one fragment marks the whole, unless another says that
   * its sender knows nothing of ECN. Where they differ otherwise, which no RFC speaks of, the whole
   * is not ECN-capable.
   *
   * @return the codepoint of the whole, or -1 if there is none
   */
  private int codepoint() {
    int congested = 1 << 3;
    if ((codepoints & congested) != 0) {
      return (codepoints & 1) == 0 ? 3 : -1;
    }
    return Integer.bitCount(codepoints) == 1 ? Integer.numberOfTrailingZeros(codepoints) : 0;
  }

  private Landing takeBuffer() {
    Landing landing = requireBuffer();
    buffer = null;
    return landing;
  }

  private Landing requireBuffer() {
    Landing landing = buffer;
    if (landing == null) {
      throw new IllegalStateException("datagram " + identification + " has no buffer any more");
    }
    return landing;
  }
}
