package org.penstock.core.internal.tcp;

/**
 * What duplicate acknowledgements say where the peer does not acknowledge selectively: that
 * segments have left the network, though not which (RFC 5681 §3.2, RFC 6582).
 *
 * <p>Instead of inflating the congestion window by each of them, as RFC 6582 §3.2 has it, the
 * segment that has left is taken off the flight: the same thing, but the window stays what
 * congestion control says. Owned by the cell.
 */
final class DuplicateAcknowledgments {

  private int count;
  private long left;

  /** None has come. */
  void clear() {
    count = 0;
    left = 0;
  }

  /** How many came in a row. */
  int count() {
    return count;
  }

  /** Bytes that have left the network. */
  long left() {
    return left;
  }

  /**
   * Another one has come.
   *
   * @param others bytes in flight beside the segment that is missing: no more can have arrived, so
   *     forged acknowledgements don't open the window without end
   */
  void arrived(int segmentSize, long others) {
    if (count < Integer.MAX_VALUE) {
      count++;
    }
    left = Math.clamp(left + segmentSize, 0, Math.max(0, others));
  }

  /** It says nothing of what is in flight, since all of that counts as lost. */
  void arrived() {
    if (count < Integer.MAX_VALUE) {
      count++;
    }
  }

  /** A partial acknowledgement: of what has left, part was acknowledged by it (RFC 6582 §3.2). */
  void partial(int acknowledged, int segmentSize, long others) {
    count = 0;
    left = Math.clamp(left - Math.max(0, acknowledged - segmentSize), 0, Math.max(0, others));
  }
}
