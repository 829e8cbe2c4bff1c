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
 * @param statistics what it counted; all zero if it does not say
 * @param swaps the last {@value #SWAPS_KEPT} swaps, oldest first, without the first strategy's
 *     start
 * @param hung partitions of earlier strategies that are closed because a thread hangs in them
 */
public record StrategyView(
    String name,
    long epoch,
    int partitions,
    int cells,
    StrategyStatistics statistics,
    List<Swap> swaps,
    List<Hung> hung) {

  /** How many swaps a stack remembers. */
  public static final int SWAPS_KEPT = 4096;

  /**
   * A swap that was made or refused.
   *
   * @param wallTimeNanos when, since 1970
   * @param from the strategy before, empty if parked
   * @param to the strategy after, empty if parked
   * @param cause who asked
   * @param pauseNanos how long no partition could be entered, 0 if it was refused
   * @param runQueueNanos how much of the pause the thread that made the swap was ready to run and
   *     waited for a processor. Others that had a part in it may have waited too: the pause less
   *     this is at most too long. 0 where the runtime can't tell
   * @param handedOver sections handed over
   * @param outcome begins with {@code done}, or says why it was refused or rolled back
   */
  public record Swap(
      long wallTimeNanos,
      String from,
      String to,
      SwapCause cause,
      long pauseNanos,
      long runQueueNanos,
      long handedOver,
      String outcome) {

    /** How the outcome of a swap that was done begins. */
    public static final String DONE = "done";

    /** True if the strategy was replaced. */
    public boolean isDone() {
      return outcome.startsWith(DONE);
    }
  }

  /**
   * A partition of a strategy that is gone, in which a thread hangs: its cells wait, the others go
   * on.
   *
   * @param strategy the strategy that it was of
   * @param partition its number
   * @param partitions how many there were
   * @param cells how many cells wait
   * @param sinceWallNanos when it was given up, since 1970
   * @param stackTrace where the thread hangs, one frame a line
   */
  public record Hung(
      String strategy,
      int partition,
      int partitions,
      int cells,
      long sinceWallNanos,
      String stackTrace) {}
}
