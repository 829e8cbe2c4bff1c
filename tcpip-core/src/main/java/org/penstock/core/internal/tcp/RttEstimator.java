package org.penstock.core.internal.tcp;

import org.penstock.api.congestion.CongestionState;

/**
 * The round-trip time and the retransmission timeout made from it (RFC 6298). Nanoseconds; owned by
 * the cell.
 */
final class RttEstimator {

  /** G of RFC 6298 §2: the clock's granularity. */
  private static final long GRANULARITY = 1_000_000L;

  private static final int MOST_BACK_OFF = 16;

  private final long minimum;
  private long smoothed;
  private long variation;
  private long leastRtt = Long.MAX_VALUE;
  private long timeout = TcpLimits.INITIAL_RTO;
  private int backOff;

  /** An estimator that never goes below a least timeout. */
  RttEstimator(long minimum) {
    // Differs from RFC 6298 §2.4 (1 s), because recovery from a lost tail would take a second on
    // paths of a millisecond; 200 ms by default, as Linux.
    this.minimum = minimum;
  }

  /** Takes the round-trip time of a segment that was sent once (Karn, RFC 6298 §3). */
  void sample(long rtt) {
    if (smoothed == 0) {
      // RFC 6298 §2.2.
      smoothed = Math.max(rtt, 1);
      variation = rtt / 2;
    } else {
      // RFC 6298 §2.3: alpha = 1/8, beta = 1/4.
      variation = variation - variation / 4 + Math.abs(smoothed - rtt) / 4;
      smoothed = Math.max(smoothed - smoothed / 8 + rtt / 8, 1);
    }
    // Differs from RFC 6298 §2.4, which compares the least timeout with the sum, in that it is
    // added
    // to the round-trip time, as by Linux: a peer may delay its acknowledgements for nearly as long
    // without being taken for lost.
    timeout = smoothed + Math.max(minimum, Math.max(GRANULARITY, 4 * variation));
    timeout = Math.min(timeout, Math.max(minimum, TcpLimits.MAXIMUM_RTO));
    // RFC 6298 §5: a new sample collapses what was backed off.
    backOff = 0;
  }

  /** Takes any round-trip time by our own clock, of which the least counts. */
  void observe(long rtt) {
    leastRtt = Math.min(leastRtt, rtt);
  }

  /** RFC 6298 §5.5: the next timeout takes twice as long. */
  void backOff() {
    backOff = Math.min(backOff + 1, MOST_BACK_OFF);
  }

  /** True if there was no sample since a timeout. */
  boolean isBackedOff() {
    return backOff > 0;
  }

  /** The way is free again: what was backed off meanwhile says nothing about the network. */
  void forgetBackOff() {
    backOff = 0;
  }

  /** The way is another, and may be shorter: its least round-trip time is to be found. */
  void forgetMinimum() {
    leastRtt = Long.MAX_VALUE;
  }

  /** RFC 6298 §5.7: the SYN was sent again, so there is no sample when data begins. */
  void afterSynLoss() {
    timeout = Math.max(minimum, TcpLimits.RTO_AFTER_SYN_LOSS);
    backOff = 0;
  }

  /** The retransmission timeout now. */
  long timeout() {
    return timeout(backOff);
  }

  /** The timeout backed off that many times. */
  long timeout(int times) {
    long shifted = timeout << Math.min(times, MOST_BACK_OFF);
    return Math.min(shifted, Math.max(timeout, TcpLimits.MAXIMUM_RTO));
  }

  /** The smoothed round-trip time, 0 before the first sample. */
  long smoothed() {
    return smoothed;
  }

  /** The least retransmission timeout there can be. */
  long minimumTimeout() {
    return minimum;
  }

  /** The least round-trip time of this way, {@code Long.MAX_VALUE} before its first sample. */
  long minimum() {
    return leastRtt;
  }

  /** Writes what congestion control is told. */
  void describe(CongestionState state) {
    state.smoothedRtt(smoothed);
    state.minimumRtt(leastRtt);
  }
}
