package org.penstock.netif.capture;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.penstock.api.buffer.ChecksumState;
import org.penstock.api.buffer.Landing;
import org.penstock.api.buffer.OutboundFrame;
import org.penstock.api.netif.LinkType;
import org.penstock.api.netif.support.WireChecksum;

/**
 * A frame as it lies in the {@link FrameRing}: a header of fixed size, then its octets. A flyweight
 * of the thread that writes the file.
 */
final class FrameRecord {

  /** What happened to a frame. */
  enum Event {
    RECEIVED,
    SENT,
    DROPPED
  }

  /** Octets in front of the frame. */
  static final int HEADER = 32;

  private static final int TIME = 0;
  private static final int LENGTH = 8;
  private static final int CHECKSUM_START = 12;
  private static final int CHECKSUM_OFFSET = 16;
  private static final int EVENT = 20;
  private static final int REASON = 24;

  private static final int COMPLETE = -1;
  private static final int TO_LOCATE = -2;

  private MemorySegment memory = MemorySegment.NULL;
  private long at;
  private int octets;

  /** How many octets to copy of a frame: all of it where a checksum is still to be computed. */
  static int wanted(int length, boolean partialChecksum, int snap) {
    return partialChecksum ? length : Math.min(length, snap);
  }

  static void write(
      MemorySegment memory,
      long at,
      long nanos,
      Event event,
      int reason,
      Landing frame,
      int octets) {
    header(memory, at, nanos, event, reason, frame.length());
    boolean partial = frame.checksum() == ChecksumState.PARTIAL;
    memory.set(ValueLayout.JAVA_INT, at + CHECKSUM_START, partial ? TO_LOCATE : COMPLETE);
    MemorySegment.copy(frame.segment(), frame.offset(), memory, at + HEADER, octets);
  }

  static void write(MemorySegment memory, long at, long nanos, OutboundFrame frame, int octets) {
    header(memory, at, nanos, Event.SENT, 0, frame.length());
    memory.set(
        ValueLayout.JAVA_INT,
        at + CHECKSUM_START,
        frame.hasPartialChecksum() ? frame.checksumStart() : COMPLETE);
    memory.set(ValueLayout.JAVA_INT, at + CHECKSUM_OFFSET, frame.checksumOffset());
    long to = at + HEADER;
    int left = octets;
    for (int i = 0; i < frame.pieces() && left > 0; i++) {
      int piece = Math.min(left, frame.length(i));
      MemorySegment.copy(frame.segment(i), frame.offset(i), memory, to, piece);
      to += piece;
      left -= piece;
    }
  }

  private static void header(
      MemorySegment memory, long at, long nanos, Event event, int reason, int length) {
    memory.set(ValueLayout.JAVA_LONG, at + TIME, nanos);
    memory.set(ValueLayout.JAVA_INT, at + LENGTH, length);
    memory.set(ValueLayout.JAVA_INT, at + EVENT, event.ordinal());
    memory.set(ValueLayout.JAVA_INT, at + REASON, reason);
  }

  /** Looks at a record. */
  void wrap(MemorySegment ring, long where, int length) {
    memory = ring;
    at = where;
    octets = length - HEADER;
  }

  long nanos() {
    return memory.get(ValueLayout.JAVA_LONG, at + TIME);
  }

  Event event() {
    return Event.values()[memory.get(ValueLayout.JAVA_INT, at + EVENT)];
  }

  /** Ordinal of the reason it was dropped for. */
  int reason() {
    return memory.get(ValueLayout.JAVA_INT, at + REASON);
  }

  /** Octets of the whole frame. */
  int length() {
    return memory.get(ValueLayout.JAVA_INT, at + LENGTH);
  }

  /** The octets that were copied. */
  MemorySegment frame() {
    return memory.asSlice(at + HEADER, octets);
  }

  /** Computes in the copy what the frame's sender left to a device. */
  void completeChecksum(LinkType linkType) {
    int start = memory.get(ValueLayout.JAVA_INT, at + CHECKSUM_START);
    if (start == TO_LOCATE) {
      WireChecksum.complete(frame(), octets, linkType);
    } else if (start != COMPLETE) {
      WireChecksum.complete(
          frame(), octets, start, memory.get(ValueLayout.JAVA_INT, at + CHECKSUM_OFFSET));
    }
  }
}
