package org.penstock.api.concurrency;

/**
 * What an instance of a strategy counted since it started.
 *
 * @param entries occupations of a partition
 * @param contended entries that found the partition occupied
 * @param posted sections posted
 * @param waits waits that slept
 * @param waitNanos time that callers spent until they were inside
 * @param holdNanos time that partitions were occupied
 * @param longestHoldNanos the longest occupation
 * @param queued sections queued at this moment
 */
public record StrategyStatistics(
    long entries,
    long contended,
    long posted,
    long waits,
    long waitNanos,
    long holdNanos,
    long longestHoldNanos,
    int queued) {

  /** The sum of two partitions' counts; of the longest occupations the longer one. */
  public StrategyStatistics plus(StrategyStatistics other) {
    return new StrategyStatistics(
        entries + other.entries,
        contended + other.contended,
        posted + other.posted,
        waits + other.waits,
        waitNanos + other.waitNanos,
        holdNanos + other.holdNanos,
        Math.max(longestHoldNanos, other.longestHoldNanos),
        queued + other.queued);
  }
}
