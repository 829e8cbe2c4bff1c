package org.penstock.core.internal.tcp;

import java.util.Arrays;
import org.penstock.core.internal.wire.SequenceNumber;
import org.penstock.core.internal.wire.TcpOptions;

/**
 * What selective acknowledgements report (RFC 2018 §4): the contiguous blocks of the reassembly
 * queue, the one that grew last first; and what has come twice (RFC 2883). Owned by the cell.
 *
 * <p>Acknowledgements leave at the end of an occupation, by which time several blocks may be new.
 * Those are <em>fresh</em>, and as many acknowledgements are owed as it takes to report each.
 */
final class SackBlocks {

  /** Duplicates remembered until their report. */
  private static final int DUPLICATES = 4;

  /** Blocks for which there is always room. */
  private static final int FEW = 4;

  private int[] edges = new int[2 * FEW];
  private int count;
  private int fresh;
  private final int[] duplicates = new int[2 * DUPLICATES];
  private int duplicated;

  /** How many blocks there are. */
  int count() {
    return count;
  }

  /** True if there is something to report. */
  boolean isEmpty() {
    return count == 0 && duplicated == 0;
  }

  /** True if something has changed since it was reported last. */
  boolean isReportDue() {
    return fresh > 0 || duplicated > 0;
  }

  private int left(int block) {
    return edges[2 * block];
  }

  private int right(int block) {
    return edges[2 * block + 1];
  }

  /** Bytes have come, new or not: the block they belong to is the first now. */
  void add(int from, int to) {
    int left = from;
    int right = to;
    int kept = 0;
    int stillFresh = 0;
    for (int i = 0; i < count; i++) {
      if (SequenceNumber.lessOrEqual(left(i), right)
          && SequenceNumber.greaterOrEqual(right(i), left)) {
        // They touch. Blocks don't touch each other, so growing finds no earlier one.
        left = SequenceNumber.min(left, left(i));
        right = SequenceNumber.max(right, right(i));
      } else {
        stillFresh += i < fresh ? 1 : 0;
        move(i, kept++);
      }
    }
    if (2 * kept == edges.length) {
      edges = Arrays.copyOf(edges, 2 * edges.length);
    }
    System.arraycopy(edges, 0, edges, 2, 2 * kept);
    edges[0] = left;
    edges[1] = right;
    count = kept + 1;
    fresh = stillFresh + 1;
  }

  private void move(int from, int to) {
    edges[2 * to] = edges[2 * from];
    edges[2 * to + 1] = edges[2 * from + 1];
  }

  /** Bytes have come again (RFC 2883 §4). */
  void addDuplicate(int from, int to) {
    int last = 2 * (duplicated - 1);
    if (duplicated > 0 && duplicates[last + 1] == from) {
      duplicates[last + 1] = to;
    } else if (duplicated < DUPLICATES) {
      duplicates[last + 2] = from;
      duplicates[last + 3] = to;
      duplicated++;
    }
  }

  /** What is there already of bytes that fill the gap, up to a sequence number, has come twice. */
  void addCovered(int upTo) {
    for (int i = 0; i < count; i++) {
      if (SequenceNumber.lessThan(left(i), upTo)) {
        addDuplicate(left(i), SequenceNumber.min(right(i), upTo));
      }
    }
  }

  /** Everything below a sequence number is acknowledged cumulatively. */
  void acknowledge(int next) {
    int kept = 0;
    int stillFresh = 0;
    for (int i = 0; i < count; i++) {
      if (SequenceNumber.greaterThan(left(i), next)) {
        stillFresh += i < fresh ? 1 : 0;
        move(i, kept++);
      }
    }
    count = kept;
    fresh = stillFresh;
  }

  /**
   * Writes down the edges of what an acknowledgement reports.
   *
   * @param target left and right edge of each in turn
   * @param most how many have room
   * @return how many there are
   */
  int report(int[] target, int most) {
    int written = 0;
    int container = -1;
    if (duplicated > 0 && most > 0) {
      // RFC 2883 §4 (1) and (4): first the duplicate, then the block that it is a part of.
      target[0] = duplicates[0];
      target[1] = duplicates[1];
      written = 1;
      container = blockOf(duplicates[0]);
      if (container >= 0 && most > 1) {
        written = write(container, target, written);
      }
    }
    // RFC 2018 §4: the one that grew last comes first, then those reported lately once more.
    for (int i = firstReported(most - written); i < count && written < most; i++) {
      if (i != container) {
        written = write(i, target, written);
      }
    }
    return written;
  }

  /** Where reports start that leave out none of the fresh blocks, the older ones first. */
  private int firstReported(int room) {
    return Math.max(0, fresh - Math.max(0, room));
  }

  private int write(int block, int[] target, int at) {
    target[2 * at] = left(block);
    target[2 * at + 1] = right(block);
    return at + 1;
  }

  private int blockOf(int sequence) {
    for (int i = 0; i < count; i++) {
      if (SequenceNumber.lessOrEqual(left(i), sequence)
          && SequenceNumber.lessThan(sequence, right(i))) {
        return i;
      }
    }
    return -1;
  }

  /** A segment has left with what {@link #report} wrote down for it. */
  void reported(int most) {
    if (most == 0) {
      return;
    }
    int room = most;
    if (duplicated > 0) {
      room -= blockOf(duplicates[0]) >= 0 ? 2 : 1;
      duplicated--;
      System.arraycopy(duplicates, 2, duplicates, 0, 2 * duplicated);
    }
    fresh = firstReported(room);
  }

  /** Nothing is there. */
  void clear() {
    count = 0;
    fresh = 0;
    duplicated = 0;
    forget();
  }

  /** Gives memory back that many blocks have taken. */
  void forget() {
    if (count == 0 && edges.length > 2 * FEW) {
      edges = new int[2 * FEW];
    }
  }

  /** The most blocks that a header carries. */
  static int[] room() {
    return new int[2 * TcpOptions.MAX_SACK_BLOCKS];
  }

  /** True if a block has exactly these edges; for tests. */
  boolean has(int left, int right) {
    int block = blockOf(left);
    return block >= 0 && left(block) == left && right(block) == right;
  }
}
