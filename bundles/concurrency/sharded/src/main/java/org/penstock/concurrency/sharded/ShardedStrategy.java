package org.penstock.concurrency.sharded;

import org.penstock.api.concurrency.ConcurrencyStrategy;
import org.penstock.api.concurrency.StrategyHost;
import org.penstock.api.concurrency.StrategyInstance;
import org.penstock.api.concurrency.support.PartitionThreads;

/**
 * Many partitions, and a thread for each that alone is ever inside it. Each thread drives a driver
 * queue, takes in what belongs to its own partition to the end, and has the rest posted to the
 * shards it belongs to.
 */
public final class ShardedStrategy implements ConcurrencyStrategy {

  /** The strategy's name. */
  public static final String STRATEGY = "sharded";

  /** The number of shards that stands for one for each processor. */
  public static final int ONE_FOR_EACH_PROCESSOR = 0;

  /** The most shards that may be asked for. A stack never has more than it has cells. */
  public static final int MOST_SHARDS = 4096;

  private final int shards;

  /** One shard for each processor. */
  public ShardedStrategy() {
    this(ONE_FOR_EACH_PROCESSOR);
  }

  /**
   * A number of shards.
   *
   * @param shards 1 to {@value #MOST_SHARDS}, or {@link #ONE_FOR_EACH_PROCESSOR}
   */
  public ShardedStrategy(int shards) {
    if (shards < 0 || shards > MOST_SHARDS) {
      throw new IllegalArgumentException(
          shards + " shards are not 1 to " + MOST_SHARDS + ", nor 0 for one a processor");
    }
    this.shards = shards;
  }

  @Override
  public String name() {
    return STRATEGY;
  }

  @Override
  public int partitions(int cells, int processors) {
    return Math.clamp(shards == ONE_FOR_EACH_PROCESSOR ? processors : shards, 1, cells);
  }

  @Override
  public StrategyInstance start(StrategyHost host) {
    return PartitionThreads.start(host, STRATEGY, "shard");
  }
}
