package org.penstock.core.internal.icmp;

import java.util.concurrent.atomic.AtomicLong;

/**
 * A token bucket shared by all cells of a stack: one atomic word, which holds the time at which the
 * bucket was last empty. From any thread.
 */
final class RateLimit {

  private final long intervalNanos;
  private final int burst;
  private final AtomicLong emptyAt = new AtomicLong(Long.MIN_VALUE / 2);

  /**
   * A full bucket.
   *
   * @param intervalNanos the time in which one token comes in
   * @param burst tokens it holds
   */
  RateLimit(long intervalNanos, int burst) {
    this.intervalNanos = intervalNanos;
    this.burst = burst;
  }

  /**
   * Takes tokens, if there is at least one. The rest, where more are taken than there are, is owed.
   */
  boolean take(long now, int tokens) {
    long seen;
    long empty;
    do {
      seen = emptyAt.get();
      empty = Math.max(seen, now - burst * intervalNanos);
      if (now - empty < intervalNanos) {
        return false;
      }
    } while (!emptyAt.compareAndSet(seen, empty + tokens * intervalNanos));
    return true;
  }
}
