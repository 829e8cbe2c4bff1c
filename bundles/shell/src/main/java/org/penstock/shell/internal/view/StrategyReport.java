package org.penstock.shell.internal.view;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import org.penstock.api.concurrency.StrategyStatistics;
import org.penstock.api.view.StrategyView;
import org.penstock.shell.internal.Report;
import org.penstock.shell.internal.table.Column;
import org.penstock.shell.internal.table.Layout;
import org.penstock.shell.internal.table.Units;

/**
 * A stack's concurrency strategy and those it could have.
 *
 * @param stack the stack's name
 * @param strategy the one in force
 * @param available the names of those that are installed
 */
public record StrategyReport(String stack, StrategyView strategy, List<String> available)
    implements Report {

  private static final long SECOND = 1_000_000_000L;
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT).withZone(ZoneId.systemDefault());

  private record Line(String what, String value) {}

  private static final Layout<Line> LINES =
      Layout.of(Column.text("STACK", Line::what), Column.text("", Line::value));

  private static final Layout<StrategyView.Swap> SWAPS =
      Layout.of(
          Column.text("TIME", swap -> TIME.format(instant(swap.wallTimeNanos()))),
          Column.text("FROM", swap -> named(swap.from())),
          Column.text("TO", swap -> named(swap.to())),
          Column.number("PAUSE", swap -> Units.time(swap.pauseNanos())),
          Column.number("HANDED-OVER", StrategyView.Swap::handedOver),
          Column.text("OUTCOME", StrategyView.Swap::outcome));

  @Override
  public String text() {
    StrategyStatistics counted = strategy.statistics();
    Layout<Line> lines =
        Layout.of(LINES.columns().get(0), new Column<Line>(stack, false, Line::value));
    String table =
        lines.format(
            List.of(
                new Line("strategy", named(strategy.name())),
                new Line("available", String.join(", ", available)),
                new Line(
                    "partitions", strategy.partitions() + " for " + strategy.cells() + " cells"),
                new Line("entries", share(counted)),
                new Line("posted", counted.posted() + ", " + counted.queued() + " queued now"),
                new Line("waits", Long.toString(counted.waits())),
                new Line("time waiting", Units.time(counted.waitNanos())),
                new Line("time inside", Units.time(counted.holdNanos())),
                new Line("longest inside", Units.time(counted.longestHoldNanos()))));
    List<StrategyView.Swap> swaps = strategy.swaps();
    return swaps.isEmpty() ? table : table + "\n\n" + SWAPS.format(swaps);
  }

  private static String share(StrategyStatistics counted) {
    if (counted.entries() == 0) {
      return "0";
    }
    double percent = 100.0 * counted.contended() / counted.entries();
    return String.format(
        Locale.ROOT,
        "%d, %d (%.1f %%) found the partition occupied",
        counted.entries(),
        counted.contended(),
        percent);
  }

  private static String named(String strategyName) {
    return strategyName.isEmpty() ? "(parked)" : strategyName;
  }

  private static Instant instant(long wallTimeNanos) {
    return Instant.ofEpochSecond(wallTimeNanos / SECOND, wallTimeNanos % SECOND);
  }
}
