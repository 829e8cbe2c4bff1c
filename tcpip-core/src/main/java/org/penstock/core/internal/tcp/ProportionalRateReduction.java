package org.penstock.core.internal.tcp;

/**
 * Proportional rate reduction: how much may be sent with each acknowledgement during fast recovery,
 * so that the flight comes down to ssthresh smoothly, and not below it (RFC 9937 §6). The names in
 * the comments are the RFC's. Owned by the cell; sizes in bytes.
 */
final class ProportionalRateReduction {

  private long threshold;
  private long flight;
  private long delivered;
  private long out;
  private long count;

  /**
   * Recovery begins.
   *
   * @param ssthresh what congestion control aims at
   * @param recoverFs RecoverFS: what was in flight, with what this acknowledgement has delivered
   */
  void begin(long ssthresh, long recoverFs) {
    threshold = ssthresh;
    flight = Math.max(1, recoverFs);
    delivered = 0;
    out = 0;
    count = 0;
  }

  /**
   * An acknowledgement has come.
   *
   * @param newly DeliveredData
   * @param inFlight inflight, after what was found lost
   * @param safe SafeACK: SND.UNA has advanced, and nothing more was found lost
   */
  void acknowledged(long newly, long inFlight, boolean safe, int segmentSize) {
    delivered += newly;
    if (newly > 0) {
      if (inFlight > threshold) {
        // CEIL(prr_delivered * ssthresh / RecoverFS) - prr_out
        count = ceilingOfShare() - out;
      } else {
        // PRR-CRB, or with a safe acknowledgement PRR-SSRB.
        count = Math.max(delivered - out, newly) + (safe ? segmentSize : 0);
        count = Math.min(threshold - inFlight, count);
      }
    }
    if (out == 0 && count < segmentSize) {
      // The fast retransmit.
      count = segmentSize;
    }
    count = Math.max(0, count);
  }

  /**
   * The reordering timer has found something lost. Differs from RFC 9937, which knows
   * acknowledgements only, in that one segment may go: where all that was sent again was lost too,
   * no acknowledgement comes any more.
   */
  void reorderingTimeout(long inFlight, int segmentSize) {
    if (inFlight < threshold || out == 0) {
      count = Math.max(count, segmentSize);
    }
  }

  private long ceilingOfShare() {
    // Windows are below 2^31, so the product fits.
    return (Math.min(delivered, Integer.MAX_VALUE) * Math.min(threshold, Integer.MAX_VALUE)
            + flight
            - 1)
        / flight;
  }

  /** Something was sent, new or again. */
  void sent(int bytes) {
    out += bytes;
    count = Math.max(0, count - bytes);
  }

  /** What may be sent: what is left of sndcnt. */
  long room() {
    return count;
  }
}
