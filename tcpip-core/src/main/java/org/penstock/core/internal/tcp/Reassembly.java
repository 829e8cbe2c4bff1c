package org.penstock.core.internal.tcp;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.penstock.api.buffer.Landing;
import org.penstock.core.internal.memory.Buffers;
import org.penstock.core.internal.wire.SequenceNumber;

/**
 * What was received ahead of a gap: landings in order of their sequence numbers, without overlap.
 * Limited in pieces, because each holds a landing however few bytes it has. Empty it holds next to
 * no memory. Owned by the cell.
 */
final class Reassembly {

  /** Most pieces. */
  static final int MOST = 1024;

  /** Pieces for which there is always room. */
  private static final int FEW = 8;

  /** How {@link #insert} ended. */
  enum Result {
    /** Some of it is new. */
    KEPT,
    /** All of it is here already. */
    DUPLICATE,
    /** It was not kept, for want of memory. */
    NO_MEMORY
  }

  private final SackBlocks blocks = new SackBlocks();
  private @Nullable Landing[] pieces = new Landing[FEW];
  private int[] starts = new int[FEW];
  private int count;
  private int bytes;

  /** Bytes here. */
  int bytes() {
    return bytes;
  }

  boolean isEmpty() {
    return count == 0;
  }

  /** Pieces here. */
  int count() {
    return count;
  }

  /** What to report of it. */
  SackBlocks blocks() {
    return blocks;
  }

  /** Inserts the text of a segment that starts behind the gap. */
  Result insert(Segment segment, Buffers buffers) {
    int from = segment.sequence();
    int to = from + segment.length();
    int place = placeOf(from);
    if (place > 0 && SequenceNumber.greaterThan(end(place - 1), from)) {
      int known = SequenceNumber.min(end(place - 1), to);
      blocks.addDuplicate(from, known);
      from = known;
    }
    int covered = place;
    while (covered < count && SequenceNumber.lessOrEqual(end(covered), to)) {
      blocks.addDuplicate(starts[covered], end(covered));
      covered++;
    }
    if (covered < count && SequenceNumber.lessThan(starts[covered], to)) {
      blocks.addDuplicate(SequenceNumber.max(from, starts[covered]), to);
      to = starts[covered];
    }
    if (SequenceNumber.greaterOrEqual(from, to)) {
      blocks.add(segment.sequence(), segment.sequence() + segment.length());
      return Result.DUPLICATE;
    }
    int length = to - from;
    int offset = segment.text() + (from - segment.sequence());
    if (covered == place && extend(place, from, segment.memory(), offset, length)) {
      blocks.add(from, to);
      return Result.KEPT;
    }
    if (count - (covered - place) >= MOST) {
      return Result.NO_MEMORY;
    }
    Landing landing = own(segment, offset, length, buffers);
    if (landing == null) {
      return Result.NO_MEMORY;
    }
    // What was acknowledged selectively is not given up for a copy that has no room for all of it.
    while (covered > place
        && SequenceNumber.greaterThan(end(covered - 1), from + landing.length())) {
      covered--;
      int before = Math.min(landing.length(), starts[covered] - from);
      landing.describe(landing.offset(), before, landing.queue());
    }
    if (landing.length() == 0) {
      landing.release();
      return Result.NO_MEMORY;
    }
    // What this segment covers wholly is older and no better.
    replace(place, covered, landing, from);
    blocks.add(from, from + landing.length());
    return Result.KEPT;
  }

  /** How many pieces start at or before a sequence number. */
  private int placeOf(int sequence) {
    // Segments behind a loss arrive in order, so the place is mostly at the end.
    int place = count;
    while (place > 0 && SequenceNumber.greaterThan(starts[place - 1], sequence)) {
      place--;
    }
    return place;
  }

  private int end(int piece) {
    return starts[piece] + landing(piece).length();
  }

  private Landing landing(int piece) {
    Landing landing = pieces[piece];
    if (landing == null) {
      throw new IllegalStateException("piece " + piece + " of " + count + " is missing");
    }
    return landing;
  }

  /** Copies a small piece behind the one before it, if they touch and there is room. */
  private boolean extend(int place, int from, MemorySegment memory, int offset, int length) {
    if (place == 0 || end(place - 1) != from || length >= ReceiveQueue.LEAST_IN_PLACE) {
      return false;
    }
    Landing before = landing(place - 1);
    int end = before.offset() + before.length();
    if (before.capacity() - end < length) {
      return false;
    }
    MemorySegment.copy(memory, offset, before.segment(), end, length);
    before.describe(before.offset(), before.length() + length, before.queue());
    bytes += length;
    return true;
  }

  private static @Nullable Landing own(Segment segment, int offset, int length, Buffers buffers) {
    if (ReceiveQueue.staysInPlace(segment)) {
      Landing landing = segment.landing();
      landing.describe(offset, length, landing.queue());
      segment.keep();
      return landing;
    }
    Landing copy = buffers.receiveBuffer();
    if (copy == null) {
      return null;
    }
    // What does not fit is sent again.
    int fits = Math.min(length, copy.capacity());
    MemorySegment.copy(segment.memory(), offset, copy.segment(), 0, fits);
    copy.describe(0, fits, 0);
    return copy;
  }

  private void replace(int place, int covered, Landing landing, int start) {
    for (int i = place; i < covered; i++) {
      Landing old = landing(i);
      bytes -= old.length();
      old.release();
    }
    int behind = count - covered;
    int grown = place + 1 + behind;
    if (grown > pieces.length) {
      int capacity = grown * 2;
      pieces = Arrays.copyOf(pieces, capacity);
      starts = Arrays.copyOf(starts, capacity);
    }
    System.arraycopy(pieces, covered, pieces, place + 1, behind);
    System.arraycopy(starts, covered, starts, place + 1, behind);
    if (grown < count) {
      Arrays.fill(pieces, grown, count, null);
    }
    pieces[place] = landing;
    starts[place] = start;
    count = grown;
    bytes += landing.length();
  }

  /**
   * Takes out what touches or overlaps a sequence number, the next one expected, and appends it to
   * the queue.
   *
   * @return how many bytes follow one another from there on
   */
  int drain(int next, ReceiveQueue queue) {
    int at = next;
    int taken = 0;
    while (taken < count && SequenceNumber.lessOrEqual(starts[taken], at)) {
      Landing landing = landing(taken);
      int skip = at - starts[taken];
      bytes -= landing.length();
      if (skip >= landing.length()) {
        landing.release();
      } else {
        landing.describe(landing.offset() + skip, landing.length() - skip, landing.queue());
        at += landing.length();
        queue.append(landing);
      }
      taken++;
    }
    if (taken > 0) {
      count -= taken;
      System.arraycopy(pieces, taken, pieces, 0, count);
      System.arraycopy(starts, taken, starts, 0, count);
      Arrays.fill(pieces, count, count + taken, null);
      blocks.acknowledge(at);
      forget();
    }
    return at - next;
  }

  /** Lets go of everything. */
  void clear() {
    for (int i = 0; i < count; i++) {
      landing(i).release();
    }
    Arrays.fill(pieces, 0, count, null);
    count = 0;
    bytes = 0;
    blocks.clear();
    forget();
  }

  /** Gives memory back that many pieces have taken. */
  private void forget() {
    if (count == 0 && pieces.length > FEW) {
      pieces = new Landing[FEW];
      starts = new int[FEW];
    }
    blocks.forget();
  }

  /**
   * What is wrong, for tests; null if nothing is.
   *
   * @param next the sequence number of the gap
   */
  @Nullable String check(int next, int edge) {
    int sum = 0;
    int before = next + 1;
    for (int i = 0; i < count; i++) {
      if (SequenceNumber.lessThan(starts[i], before)) {
        return "piece " + i + " of the reassembly queue overlaps what is before it";
      }
      before = end(i);
      sum += landing(i).length();
    }
    if (count > 0 && SequenceNumber.greaterThan(before, edge)) {
      return "the reassembly queue reaches beyond the window";
    }
    if (sum != bytes) {
      return "the reassembly queue counts " + bytes + " bytes and has " + sum;
    }
    return checkBlocks() ? null : "the SACK blocks are not those of the reassembly queue";
  }

  private boolean checkBlocks() {
    int runs = 0;
    for (int i = 0; i < count; ) {
      int first = starts[i++];
      while (i < count && starts[i] == end(i - 1)) {
        i++;
      }
      if (!blocks.has(first, end(i - 1))) {
        return false;
      }
      runs++;
    }
    return runs == blocks.count();
  }
}
