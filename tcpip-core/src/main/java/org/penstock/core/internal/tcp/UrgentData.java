package org.penstock.core.internal.tcp;

import org.penstock.core.internal.wire.SequenceNumber;

/**
 * Where the urgent data of one direction ends: SND.UP or RCV.UP (RFC 9293 §3.8.5). The bytes are
 * part of the stream and stay in line; the pointer names the one behind them (RFC 6093 §3). Owned
 * by the cell.
 */
final class UrgentData {

  private boolean pending;
  private int end;

  /**
   * An urgent pointer.
   *
   * @param to where it points
   * @param done the first sequence number that is still to be acknowledged, or read
   * @return true if there is urgent data now that was not known of before
   */
  boolean extend(int to, int done) {
    advance(done);
    if (!SequenceNumber.greaterThan(to, pending ? end : done)) {
      return false;
    }
    end = to;
    pending = true;
    return true;
  }

  /** Everything before that sequence number is acknowledged, or read. */
  void advance(int done) {
    if (pending && SequenceNumber.lessOrEqual(end, done)) {
      pending = false;
    }
  }

  /** True if some of it is not acknowledged, or not read. */
  boolean isPending() {
    return pending;
  }

  /** How far from a sequence number to its end; 0 if that is past. */
  int from(int sequence) {
    return pending ? Math.max(0, end - sequence) : 0;
  }
}
