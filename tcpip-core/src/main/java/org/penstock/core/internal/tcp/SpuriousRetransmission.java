package org.penstock.core.internal.tcp;

import org.penstock.core.internal.wire.SequenceNumber;

/**
 * Whether what a recovery has sent again was needless: told by timestamps, where the answer comes
 * to the first transmission (Eifel detection, RFC 3522 §3.2), or by the peer, which has received
 * all of it twice (D-SACK, RFC 2883 §5, RFC 3708 §3). Owned by the cell.
 *
 * <p>Some networks make copies, too. A report of what this recovery has not sent again, or of more
 * copies than it has, comes of that; then no report is believed, or it could take a reduction back
 * that there was reason for. What remains is a copy of the very segment that was lost and sent
 * again, which looks like its original.
 */
final class SpuriousRetransmission {

  /** Ranges with something else between; whoever sends more of them again has had losses. */
  private static final int MOST = 32;

  private static final int[] NONE = {};

  private boolean open;
  private boolean reported;
  private boolean any;
  private int begin;
  private int stamp;

  /** What was sent again and not reported: where each range begins, and behind its end. */
  private int[] edges = NONE;

  private int ranges;

  /**
   * A recovery begins; nothing was sent again.
   *
   * @param unacknowledged SND.UNA: reports of what lies before are about an earlier one
   */
  void begin(int unacknowledged) {
    open = true;
    reported = true;
    any = false;
    ranges = 0;
    begin = unacknowledged;
  }

  /** Nothing more is to be found out. */
  void stop() {
    open = false;
  }

  /** A range was sent again, with that value of our clock of timestamps. */
  void sentAgain(int first, int behind, int value) {
    if (!any) {
      any = true;
      stamp = value;
    }
    if (ranges > 0 && to(ranges - 1) == first) {
      edges[2 * ranges - 1] = behind;
    } else {
      add(first, behind);
    }
  }

  /** True if the first retransmission can't have caused this echo, but its original has. */
  boolean isOlder(int echo) {
    return open && any && SequenceNumber.lessThan(echo, stamp);
  }

  /**
   * The peer has received a range twice.
   *
   * @return true if that is the last of all that was sent again
   */
  boolean duplicate(int left, int right) {
    if (!open || !reported || !any) {
      return false;
    }
    int from = SequenceNumber.max(left, begin);
    while (reported && SequenceNumber.lessThan(from, right)) {
      from = take(from, right);
    }
    return reported && ranges == 0;
  }

  /**
   * Takes what was reported out of the range that has its beginning.
   *
   * @return behind it
   */
  private int take(int left, int right) {
    for (int i = 0; i < ranges; i++) {
      int from = edges[2 * i];
      int to = to(i);
      if (SequenceNumber.lessOrEqual(from, left) && SequenceNumber.lessThan(left, to)) {
        int end = SequenceNumber.min(right, to);
        remove(i);
        if (from != left) {
          add(from, left);
        }
        if (end != to) {
          add(end, to);
        }
        return end;
      }
    }
    // RFC 3708 §3: that was not us.
    reported = false;
    return right;
  }

  private int to(int range) {
    return edges[2 * range + 1];
  }

  private void add(int from, int to) {
    if (ranges == MOST) {
      reported = false;
      return;
    }
    if (edges.length == 0) {
      edges = new int[2 * MOST];
    }
    edges[2 * ranges] = from;
    edges[2 * ranges + 1] = to;
    ranges++;
  }

  private void remove(int range) {
    ranges--;
    edges[2 * range] = edges[2 * ranges];
    edges[2 * range + 1] = edges[2 * ranges + 1];
  }
}
