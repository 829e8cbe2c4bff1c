package org.penstock.core.internal.tcp;

import org.penstock.core.internal.wire.SequenceNumber;

/**
 * What is in flight, what of it counts as lost, and when that is recovered: fast retransmit and the
 * NewReno algorithm (RFC 5681 §3.2, RFC 6582), and what a retransmission timeout starts (RFC 6298
 * §5.4).
 *
 * <p>Instead of inflating the congestion window by each duplicate acknowledgement, as RFC 6582 §3.2
 * has it, a segment that has left the network is taken off the flight: the same thing, but the
 * window stays what congestion control says, and selective acknowledgements fit in.
 *
 * <p>Owned by the cell. Sizes in bytes.
 */
final class LossRecovery {

  /** RFC 5681 §3.2: the third duplicate acknowledgement. */
  static final int THRESHOLD = 3;

  /** What goes on. */
  enum Phase {
    /** Nothing is lost, as far as we know. */
    OPEN,
    /** Fast recovery, until everything is acknowledged that was sent before it. */
    FAST,
    /** After a timeout: all that was in flight is sent again, by slow start. */
    TIMEOUT
  }

  private Phase phase = Phase.OPEN;
  private int duplicates;
  private long left;
  private int recover;
  private int lostFrom;
  private int lostTo;
  private boolean forced;

  /** Begins with the initial sequence number. */
  void begin(int initial) {
    phase = Phase.OPEN;
    recover = initial;
    lostFrom = initial;
    lostTo = initial;
  }

  Phase phase() {
    return phase;
  }

  /** Duplicate acknowledgements in a row. */
  int duplicates() {
    return duplicates;
  }

  /** True if something counts as lost and was not sent again. */
  boolean hasLost() {
    return lostFrom != lostTo;
  }

  /** The first sequence number that counts as lost. */
  int lostFrom() {
    return lostFrom;
  }

  /** The sequence number behind the last that counts as lost. */
  int lostTo() {
    return lostTo;
  }

  /** True if a segment is to be sent again whatever the windows are. */
  boolean isForced() {
    return forced;
  }

  /** Sequence numbers in flight: sent, neither acknowledged nor lost nor known to have arrived. */
  long inFlight(int unacknowledged, int next) {
    return Math.max(0, next - unacknowledged - (lostTo - lostFrom) - left);
  }

  /**
   * A duplicate acknowledgement has come: another segment has arrived.
   *
   * @return true if fast retransmit begins
   */
  boolean duplicate(int unacknowledged, int next, int segmentSize) {
    if (duplicates < Integer.MAX_VALUE) {
      duplicates++;
    }
    // At least one segment is missing, so no more than the others can have arrived: forged
    // acknowledgements don't open the window without end.
    long others = Math.max(0, next - unacknowledged - (lostTo - lostFrom) - segmentSize);
    if (phase != Phase.TIMEOUT) {
      left = Math.min(left + segmentSize, others);
    }
    // RFC 6582 §3.2 step 2: not again for what the last recovery has covered.
    return phase == Phase.OPEN
        && duplicates == THRESHOLD
        && SequenceNumber.greaterThan(unacknowledged - 1, recover);
  }

  /** Fast retransmit: the first segment counts as lost. */
  void beginFast(int unacknowledged, int next, int segmentSize) {
    phase = Phase.FAST;
    recover = next - 1;
    loseFirst(unacknowledged, next, segmentSize);
  }

  private void loseFirst(int unacknowledged, int next, int segmentSize) {
    lostFrom = unacknowledged;
    lostTo = SequenceNumber.min(unacknowledged + segmentSize, next);
    forced = true;
  }

  /** The retransmission timer has expired: everything counts as lost. */
  void beginTimeout(int unacknowledged, int next) {
    phase = Phase.TIMEOUT;
    // RFC 6582 §3.2 step 4.
    recover = next - 1;
    duplicates = 0;
    left = 0;
    lostFrom = unacknowledged;
    lostTo = next;
    forced = true;
  }

  /**
   * New data was acknowledged.
   *
   * @param acknowledged how many sequence numbers
   * @param unacknowledged SND.UNA after that
   * @return true if recovery has ended by it
   */
  boolean advanced(int acknowledged, int unacknowledged, int next, int segmentSize) {
    duplicates = 0;
    if (SequenceNumber.lessThan(lostFrom, unacknowledged)) {
      lostFrom = unacknowledged;
      lostTo = SequenceNumber.max(lostTo, unacknowledged);
      forced = false;
    }
    if (phase == Phase.OPEN) {
      left = 0;
      return false;
    }
    if (SequenceNumber.greaterThan(unacknowledged, recover)) {
      // RFC 6582 §3.2 step 3, full acknowledgement.
      phase = Phase.OPEN;
      left = 0;
      return true;
    }
    if (phase == Phase.FAST) {
      // Partial acknowledgement: the next segment is lost too. The window is deflated by what was
      // acknowledged and inflated by one segment.
      loseFirst(unacknowledged, next, segmentSize);
      long others = next - unacknowledged - (lostTo - lostFrom);
      left = Math.clamp(left - Math.max(0, acknowledged - segmentSize), 0, others);
    }
    return false;
  }

  /** A part of what was lost has been sent again. */
  void sentAgain(int upTo) {
    lostFrom = upTo;
    forced = false;
  }

  /** What is wrong, for tests; null if nothing is. */
  @org.jspecify.annotations.Nullable
  String check(int unacknowledged, int next) {
    if (hasLost()
        && (SequenceNumber.lessThan(lostFrom, unacknowledged)
            || SequenceNumber.greaterThan(lostTo, next)
            || SequenceNumber.greaterThan(lostFrom, lostTo))) {
      return "what counts as lost is not in flight";
    }
    return left < 0 || left > Math.max(0, next - unacknowledged)
        ? "more segments have left the network than were sent"
        : null;
  }
}
