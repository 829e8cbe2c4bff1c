package org.penstock.core.internal.tcp;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import org.penstock.api.buffer.Landing;
import org.penstock.core.internal.memory.Buffers;

/**
 * What was received in order and not taken: an intrusive list of landings, each of which describes
 * its bytes. Large payloads stay where the driver put them, small ones are copied together. Owned
 * by the cell.
 */
final class ReceiveQueue {

  /** Payloads below this are copied. */
  static final int LEAST_IN_PLACE = 512;

  private @Nullable Landing first;
  private @Nullable Landing last;
  private int bytes;

  /** Bytes in the queue. */
  int bytes() {
    return bytes;
  }

  boolean isEmpty() {
    return first == null;
  }

  /**
   * True if a payload is to stay in its landing: one so large that copying it costs more than the
   * memory around it.
   */
  static boolean staysInPlace(Segment segment) {
    int length = segment.length();
    return segment.isKeepable()
        && length >= LEAST_IN_PLACE
        && length >= segment.landing().capacity() / 4;
  }

  /**
   * Appends the text of a segment.
   *
   * @return how many bytes; fewer than it has if there is no memory
   */
  int append(Segment segment, Buffers buffers) {
    int length = segment.length();
    if (staysInPlace(segment)) {
      Landing landing = segment.landing();
      landing.describe(segment.text(), length, landing.queue());
      segment.keep();
      link(landing);
      return length;
    }
    int copied = 0;
    while (copied < length) {
      Landing to = last;
      if (to == null || room(to) == 0) {
        to = buffers.receiveBuffer();
        if (to == null) {
          return copied;
        }
        to.describe(0, 0, 0);
        link(to);
      }
      copied += copy(segment.memory(), segment.text() + copied, length - copied, to);
    }
    return copied;
  }

  /** Appends a landing and becomes its owner. */
  void append(Landing landing) {
    Landing to = last;
    int length = landing.length();
    if (to != null && length < LEAST_IN_PLACE && room(to) >= length) {
      copy(landing.segment(), landing.offset(), length, to);
      landing.release();
    } else {
      link(landing);
    }
  }

  private int copy(MemorySegment from, long offset, int length, Landing to) {
    int end = to.offset() + to.length();
    int count = Math.min(length, to.capacity() - end);
    MemorySegment.copy(from, offset, to.segment(), end, count);
    to.describe(to.offset(), to.length() + count, to.queue());
    bytes += count;
    return count;
  }

  private static int room(Landing landing) {
    return landing.capacity() - landing.offset() - landing.length();
  }

  private void link(Landing landing) {
    landing.next(null);
    if (last == null) {
      first = landing;
    } else {
      last.next(landing);
    }
    last = landing;
    bytes += landing.length();
  }

  /** Takes the first landing out; it is the caller's now. */
  @Nullable Landing take() {
    Landing landing = first;
    if (landing != null) {
      first = landing.next();
      if (first == null) {
        last = null;
      }
      landing.next(null);
      bytes -= landing.length();
    }
    return landing;
  }

  /** Moves bytes out. */
  int read(MemorySegment target, long offset, int length) {
    int copied = 0;
    Landing landing = first;
    while (copied < length && landing != null) {
      int count = Math.min(length - copied, landing.length());
      MemorySegment.copy(landing.segment(), landing.offset(), target, offset + copied, count);
      copied += count;
      if (count == landing.length()) {
        take();
        landing.release();
        landing = first;
      } else {
        landing.describe(landing.offset() + count, landing.length() - count, landing.queue());
        bytes -= count;
      }
    }
    return copied;
  }

  /** Copies bytes that stay. */
  int peek(long skip, MemorySegment target, long offset, int length) {
    int copied = 0;
    long left = skip;
    for (Landing at = first; at != null && copied < length; at = at.next()) {
      if (left >= at.length()) {
        left -= at.length();
        continue;
      }
      int count = Math.min(length - copied, at.length() - (int) left);
      MemorySegment.copy(at.segment(), at.offset() + left, target, offset + copied, count);
      copied += count;
      left = 0;
    }
    return copied;
  }

  /** Lets go of everything. */
  void clear() {
    for (Landing landing = take(); landing != null; landing = take()) {
      landing.release();
    }
  }

  /** What is wrong with the queue, for tests; null if nothing is. */
  @Nullable String check() {
    long sum = 0;
    Landing end = null;
    for (Landing at = first; at != null; at = at.next()) {
      sum += at.length();
      end = at;
      if (at.length() == 0) {
        return "the receive queue holds an empty landing";
      }
    }
    if (end != last) {
      return "the receive queue's last landing is not in it";
    }
    return sum == bytes ? null : "the receive queue counts " + bytes + " bytes and has " + sum;
  }
}
