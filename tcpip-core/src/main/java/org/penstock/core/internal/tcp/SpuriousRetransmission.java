package org.penstock.core.internal.tcp;

import org.penstock.core.internal.wire.SequenceNumber;

/**
 * Whether what a recovery has sent again was needless: told by timestamps, where the answer comes
 * to the first transmission (Eifel detection, RFC 3522 §3.2), or by the peer, which has received
 * all of it twice (D-SACK, RFC 2883 §5, RFC 3708 §2). Owned by the cell.
 */
final class SpuriousRetransmission {

  private boolean open;
  private boolean any;
  private int from;
  private int to;
  private long unreported;
  private int stamp;

  /** A recovery begins; nothing was sent again. */
  void begin() {
    open = true;
    any = false;
    unreported = 0;
  }

  /** Nothing more is to be found out. */
  void stop() {
    open = false;
  }

  /** A range was sent again, with that value of our clock of timestamps. */
  void sentAgain(int first, int behind, int value) {
    if (!any) {
      any = true;
      from = first;
      to = behind;
      stamp = value;
    }
    from = SequenceNumber.min(from, first);
    to = SequenceNumber.max(to, behind);
    unreported += behind - first;
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
    if (!open || !any) {
      return false;
    }
    int begin = SequenceNumber.max(left, from);
    int end = SequenceNumber.min(right, to);
    if (SequenceNumber.lessThan(begin, end)) {
      unreported -= end - begin;
    }
    return unreported <= 0;
  }
}
