package org.penstock.shell.internal.view;

import java.util.List;
import java.util.function.ToLongFunction;
import org.penstock.api.view.StrategyView;
import org.penstock.shell.internal.table.Units;

/**
 * How long the swaps that were done held a stack up. A percentile is the smallest pause that so
 * many in a hundred did not exceed.
 *
 * @param count swaps that were done
 * @param p50 of the pauses in nanoseconds
 * @param p99 of the pauses in nanoseconds
 * @param max of the pauses in nanoseconds
 */
record SwapPauses(int count, long p50, long p99, long max) {

  /** The whole pauses. */
  static SwapPauses of(List<StrategyView.Swap> swaps) {
    return of(swaps, StrategyView.Swap::pauseNanos);
  }

  /** The pauses less what the swapping thread waited for a processor. */
  static SwapPauses withoutRunQueue(List<StrategyView.Swap> swaps) {
    return of(swaps, swap -> swap.pauseNanos() - swap.runQueueNanos());
  }

  private static SwapPauses of(
      List<StrategyView.Swap> swaps, ToLongFunction<StrategyView.Swap> measure) {
    long[] sorted =
        swaps.stream().filter(StrategyView.Swap::isDone).mapToLong(measure).sorted().toArray();
    return new SwapPauses(
        sorted.length, percentile(sorted, 50), percentile(sorted, 99), percentile(sorted, 100));
  }

  private static long percentile(long[] sorted, int percent) {
    int rank = (int) Math.ceilDiv((long) sorted.length * percent, 100L);
    return sorted.length == 0 ? 0 : sorted[rank - 1];
  }

  @Override
  public String toString() {
    return "p50 " + Units.time(p50) + ", p99 " + Units.time(p99) + ", most " + Units.time(max);
  }
}
