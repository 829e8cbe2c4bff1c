package org.penstock.service.iperf3.internal;

/**
 * Counts what one stream carries at one end. Whoever counts does so one thread at a time; any
 * thread may read. What lies before the end of the omission does not count.
 */
final class Meter {

  private static final double NANOS = 1e9;

  /** RFC 3550 §6.4.1: each new difference changes the estimate by a sixteenth. */
  private static final double JITTER_GAIN = 16;

  /**
   * Counts at one moment.
   *
   * @param bytes of data
   * @param packets datagrams sent, or those that should have come
   * @param lost datagrams that did not come
   * @param jitterSeconds of datagrams
   */
  record Reading(long bytes, long packets, long lost, double jitterSeconds) {

    static final Reading ZERO = new Reading(0, 0, 0, 0);

    /** What was counted since an earlier reading. */
    Reading since(Reading earlier) {
      return new Reading(
          bytes - earlier.bytes, packets - earlier.packets, lost - earlier.lost, jitterSeconds);
    }
  }

  private volatile long bytes;
  private volatile long packets;
  private volatile long lost;
  private volatile double jitter;
  private volatile long lastNanos;
  private volatile Reading omitted = Reading.ZERO;
  private volatile boolean omitting;
  private volatile long omitUntil;

  private double transit = Double.NaN;

  /** Leaves out what is counted before a time. */
  void omit(long untilNanos) {
    omitUntil = untilNanos;
    omitting = true;
  }

  /** Bytes were sent or received. */
  void count(long nowNanos, long length) {
    look(nowNanos);
    bytes = bytes + length;
  }

  /** A datagram was sent. */
  void countSent(long nowNanos, long length) {
    count(nowNanos, length);
    packets = packets + 1;
  }

  /**
   * A datagram was received.
   *
   * @param number its number, from 1
   * @param sentSeconds when it was sent, by the sender's clock
   */
  void countReceived(long nowNanos, long length, long number, double sentSeconds) {
    count(nowNanos, length);
    long highest = packets;
    if (number > highest) {
      lost = lost + (number - highest - 1);
      packets = number;
    } else if (lost > 0) {
      // It was taken for lost when a later one overtook it.
      lost = lost - 1;
    }
    double took = nowNanos / NANOS - sentSeconds;
    if (!Double.isNaN(transit)) {
      jitter = jitter + (Math.abs(took - transit) - jitter) / JITTER_GAIN;
    }
    transit = took;
  }

  private void look(long nowNanos) {
    lastNanos = nowNanos;
    if (omitting && nowNanos - omitUntil >= 0) {
      omitted = all();
      omitting = false;
    }
  }

  /** When something was counted for the last time, 0 for never. */
  long lastNanos() {
    return lastNanos;
  }

  /** Everything counted, the omission included. */
  Reading all() {
    return new Reading(bytes, packets, lost, jitter);
  }

  /** What counts. */
  Reading counted() {
    return omitting ? Reading.ZERO : all().since(omitted);
  }
}
