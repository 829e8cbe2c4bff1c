package org.penstock.core.internal.tcp;

import java.util.Arrays;

/**
 * The memory of what is in flight: a cell's entries, which the {@link Scoreboard}s of its
 * connections take and give back. So a connection that is idle holds none, and one that is busy
 * allocates none once the cell is warm. Owned by the cell.
 *
 * <p>An entry is a number. What the columns mean is {@link Scoreboard}'s affair; here they are only
 * kept, side by side, in primitive arrays.
 */
final class Transmissions {

  /** No entry. */
  static final int NONE = -1;

  private static final int INITIAL = 64;

  /** Columns that grew beyond this are given up when nothing is in flight. */
  private static final int KEPT = 4096;

  /** The first sequence number. */
  int[] from = {};

  /** The sequence number behind the last. */
  int[] to = {};

  /** Payload bytes of each segment it was cut into. */
  int[] size = {};

  /** How many segments it counts for while it is selectively acknowledged. */
  int[] segments = {};

  /** What is known of it. */
  int[] marks = {};

  /** Its neighbours by sequence number; the free ones hang together by the next one. */
  int[] next = {};

  int[] previous = {};

  /** Its neighbours by time of transmission. */
  int[] later = {};

  int[] earlier = {};

  /** When it was sent last, in nanoseconds. */
  long[] sentAt = {};

  /** What was delivered when it was sent, in bytes. */
  long[] delivered = {};

  /** When that was delivered. */
  long[] deliveredAt = {};

  /** When the first of the flight was sent that it belongs to. */
  long[] firstSentAt = {};

  private int free = NONE;
  private int inUse;

  /** Takes an entry, whose columns have any value. */
  int take() {
    if (free == NONE) {
      grow();
    }
    int entry = free;
    free = next[entry];
    inUse++;
    return entry;
  }

  /** Gives an entry back. */
  void give(int entry) {
    next[entry] = free;
    free = entry;
    inUse--;
    if (inUse == 0 && from.length > KEPT) {
      resize(0);
      free = NONE;
    }
  }

  /** Entries that are in use. */
  int inUse() {
    return inUse;
  }

  /** Entries there is room for. */
  int capacity() {
    return from.length;
  }

  private void grow() {
    int old = from.length;
    resize(Math.max(INITIAL, 2 * old));
    for (int entry = from.length - 1; entry >= old; entry--) {
      next[entry] = free;
      free = entry;
    }
  }

  private void resize(int capacity) {
    from = Arrays.copyOf(from, capacity);
    to = Arrays.copyOf(to, capacity);
    size = Arrays.copyOf(size, capacity);
    segments = Arrays.copyOf(segments, capacity);
    marks = Arrays.copyOf(marks, capacity);
    next = Arrays.copyOf(next, capacity);
    previous = Arrays.copyOf(previous, capacity);
    later = Arrays.copyOf(later, capacity);
    earlier = Arrays.copyOf(earlier, capacity);
    sentAt = Arrays.copyOf(sentAt, capacity);
    delivered = Arrays.copyOf(delivered, capacity);
    deliveredAt = Arrays.copyOf(deliveredAt, capacity);
    firstSentAt = Arrays.copyOf(firstSentAt, capacity);
  }
}
