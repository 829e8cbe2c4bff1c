package org.penstock.api.view;

import java.util.List;
import org.penstock.api.concurrency.StrategyStatistics;

/**
 * The concurrency strategy in force.
 *
 * @param name its name, empty while the stack is parked
 * @param epoch 0 before the first strategy, 1 under it, and more after every swap, be it done,
 *     refused or rolled back
 * @param partitions its partitions
 * @param cells the stack's cells
 * @param statistics what it counted
 * @param swaps the last swaps, oldest first, without the first strategy's start
 */
public record StrategyView(
    String name,
    long epoch,
    int partitions,
    int cells,
    StrategyStatistics statistics,
    List<Swap> swaps) {

  /**
   * A swap that was made or refused.
   *
   * @param wallTimeNanos when, since 1970
   * @param from the strategy before, empty if parked
   * @param to the strategy after, empty if parked
   * @param pauseNanos how long no partition could be entered, 0 if it was refused
   * @param handedOver sections handed over
   * @param outcome {@code done}, or why it was refused or rolled back
   */
  public record Swap(
      long wallTimeNanos,
      String from,
      String to,
      long pauseNanos,
      long handedOver,
      String outcome) {}
}
