package org.penstock.concurrency.striped;

import org.penstock.api.concurrency.ConcurrencyStrategy;
import org.penstock.api.concurrency.StrategyHost;
import org.penstock.api.concurrency.StrategyInstance;
import org.penstock.api.concurrency.support.LockInstance;
import org.penstock.api.sync.Mutex;

/**
 * Many partitions, a mutex for each: whoever wants in comes in on the own thread, and waits only
 * for those who want into the same partition.
 */
public final class StripedStrategy implements ConcurrencyStrategy {

  /** The strategy's name. */
  public static final String STRATEGY = "striped";

  /** The number of partitions that stands for: as many as suit the processors. */
  public static final int BY_PROCESSORS = 0;

  /** The most partitions that may be set. */
  public static final int MOST_PARTITIONS = 1024;

  /** Threads meet seldom where there are some times as many partitions as run at once. */
  private static final int PER_PROCESSOR = 4;

  private final int wanted;

  /** As many partitions as suit the processors. */
  public StripedStrategy() {
    this(BY_PROCESSORS);
  }

  /**
   * A number of partitions, though never more than the stack has cells.
   *
   * @param partitions a power of two up to {@value #MOST_PARTITIONS}, or {@link #BY_PROCESSORS}
   * @throws IllegalArgumentException if it is none of these
   */
  public StripedStrategy(int partitions) {
    boolean allowed =
        partitions == BY_PROCESSORS
            || (partitions > 0
                && partitions <= MOST_PARTITIONS
                && Integer.bitCount(partitions) == 1);
    if (!allowed) {
      throw new IllegalArgumentException(
          "property 'partitions' has the value '"
              + partitions
              + "'; allowed: a power of two up to "
              + MOST_PARTITIONS
              + ", or 0 for as many as suit the processors");
    }
    this.wanted = partitions;
  }

  @Override
  public String name() {
    return STRATEGY;
  }

  @Override
  public int partitions(int cells, int processors) {
    int count = wanted;
    if (count == BY_PROCESSORS) {
      int least = PER_PROCESSOR * Math.min(processors, MOST_PARTITIONS);
      count = Math.min(MOST_PARTITIONS, Integer.highestOneBit(2 * least - 1));
    }
    return Math.min(cells, count);
  }

  @Override
  public StrategyInstance start(StrategyHost host) {
    return LockInstance.start(host, STRATEGY, () -> new Mutex(host.runtime()));
  }

  @Override
  public String toString() {
    return STRATEGY + "[" + (wanted == BY_PROCESSORS ? "by processors" : wanted) + "]";
  }
}
