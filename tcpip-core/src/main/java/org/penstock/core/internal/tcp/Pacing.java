package org.penstock.core.internal.tcp;

/**
 * When a connection may send on, where its congestion control names a rate to spread segments by. A
 * leaky bucket: what is sent is owed, and paid off as time passes; when it is paid the next quantum
 * may go at once. At most a quantum is paid in advance, so that a timer that comes late costs no
 * throughput.
 *
 * <p>A connection that is not paced never comes here. Owned by the cell.
 */
final class Pacing {

  /** What may go at once is as much as the rate gives in a millisecond, for the timer's sake. */
  private static final long QUANTA_A_SECOND = 1_000;

  /** And no less than two segments, so that receivers acknowledge at once (RFC 9293 §3.8.6.3). */
  private static final int LEAST_SEGMENTS = 2;

  private static final long MICROSECOND = 1_000;
  private static final long SECOND = 1_000_000;

  /** Beyond 8 Tbit/s nothing is paced. */
  private static final long FASTEST = 1_000_000_000_000L;

  /** What is owed, in millionths of a byte: bytes a second times microseconds. */
  private long owed;

  /** Up to when that was paid. */
  private long paidAt;

  /** Bytes of the present quantum that were not sent yet. */
  private long left;

  /** Begins with nothing owed. */
  void begin(long now) {
    owed = 0;
    left = 0;
    paidAt = now;
  }

  /** How many bytes may go at once at a rate in bytes a second. */
  static long quantum(long rate, int segmentSize) {
    return Math.max(Math.min(rate, FASTEST) / QUANTA_A_SECOND, (long) LEAST_SEGMENTS * segmentSize);
  }

  /** True if something may be sent now. */
  boolean isDue(long rate, int segmentSize, long now) {
    if (left > 0) {
      return true;
    }
    long quantum = quantum(rate, segmentSize);
    pay(Math.min(rate, FASTEST), quantum, now);
    if (owed > 0) {
      return false;
    }
    left = quantum;
    return true;
  }

  private void pay(long speed, long quantum, long now) {
    long micros = (now - paidAt) / MICROSECOND;
    if (micros > 0) {
      // What overflows is more than was ever owed.
      long paid = Math.multiplyHigh(micros, speed) == 0 ? micros * speed : Long.MAX_VALUE;
      owed = paid < 0 || paid > owed + quantum * SECOND ? -quantum * SECOND : owed - paid;
      paidAt += micros * MICROSECOND;
    }
  }

  /** When what is owed will be paid. */
  long due(long rate) {
    long speed = Math.min(rate, FASTEST);
    return paidAt + (owed + speed - 1) / speed * MICROSECOND;
  }

  /** So many bytes were sent. */
  void sent(int bytes) {
    owed += bytes * SECOND;
    left -= bytes;
  }
}
