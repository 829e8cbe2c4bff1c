package org.penstock.core.internal.tcp;

import org.jspecify.annotations.Nullable;
import org.penstock.core.internal.wire.SequenceNumber;

/**
 * What of the flight counts as lost, and when that is recovered: fast retransmit and the NewReno
 * algorithm (RFC 5681 §3.2, RFC 6582), and what a retransmission timeout starts (RFC 6298 §5.4).
 * The flight itself is the {@link Scoreboard}'s.
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

  private final Scoreboard board;
  private final DuplicateAcknowledgments duplicates = new DuplicateAcknowledgments();
  private Phase phase = Phase.OPEN;
  private int point;
  private boolean forced;

  LossRecovery(Scoreboard board) {
    this.board = board;
  }

  /** Begins with the initial sequence number. */
  void begin(int initial) {
    phase = Phase.OPEN;
    point = initial;
  }

  Phase phase() {
    return phase;
  }

  /**
   * What the last recovery covers, or covered: RecoveryPoint of RFC 6675 §5. Differs from "recover"
   * of RFC 6582 in that it is the sequence number behind the highest.
   */
  int point() {
    return point;
  }

  /** True if something counts as lost and was not sent again. */
  boolean hasLost() {
    return board.lost() > 0;
  }

  /** True if a segment is to be sent again whatever the windows are. */
  boolean isForced() {
    return forced;
  }

  /** Sequence numbers in flight: sent, neither acknowledged nor lost nor known to have arrived. */
  long inFlight(int unacknowledged, int next) {
    return Math.max(0, next - unacknowledged - board.lost() - board.sacked() - duplicates.left());
  }

  /**
   * A duplicate acknowledgement has come: another segment has arrived.
   *
   * @return true if fast retransmit begins
   */
  boolean duplicate(int unacknowledged, int next, int segmentSize) {
    if (phase == Phase.TIMEOUT) {
      duplicates.arrived();
      return false;
    }
    duplicates.arrived(segmentSize, next - unacknowledged - board.lost() - segmentSize);
    // RFC 6582 §3.2 step 2: not again for what the last recovery has covered.
    return phase == Phase.OPEN
        && duplicates.count() == THRESHOLD
        && SequenceNumber.greaterThan(unacknowledged, point);
  }

  /** Fast retransmit: the first segment counts as lost. */
  void beginFast(int next, int segmentSize) {
    phase = Phase.FAST;
    point = next;
    board.loseFirst(segmentSize);
    forced = true;
  }

  /** The retransmission timer has expired: everything counts as lost. */
  void beginTimeout(int next) {
    phase = Phase.TIMEOUT;
    // RFC 6582 §3.2 step 4.
    point = next;
    duplicates.clear();
    board.loseAll();
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
    forced = false;
    if (phase == Phase.FAST && SequenceNumber.lessThan(unacknowledged, point)) {
      // RFC 6582 §3.2 step 3, partial acknowledgement: the next segment is lost too. The window is
      // deflated by what was acknowledged and inflated by one segment.
      board.loseFirst(segmentSize);
      forced = true;
      duplicates.partial(acknowledged, segmentSize, next - unacknowledged - board.lost());
      return false;
    }
    duplicates.clear();
    if (phase != Phase.OPEN && SequenceNumber.greaterOrEqual(unacknowledged, point)) {
      // RFC 6582 §3.2 step 3, full acknowledgement.
      phase = Phase.OPEN;
      return true;
    }
    return false;
  }

  /** A part of what was lost has been sent again. */
  void sentAgain() {
    forced = false;
  }

  /** What is wrong, for tests; null if nothing is. */
  @Nullable String check(int unacknowledged, int next) {
    if (duplicates.left() > next - unacknowledged) {
      return "more segments have left the network than were sent";
    }
    return phase == Phase.OPEN && board.lost() > 0 ? "something is lost without recovery" : null;
  }
}
