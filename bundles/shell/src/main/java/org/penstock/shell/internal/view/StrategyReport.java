package org.penstock.shell.internal.view;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
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
 * @param history whether every swap is shown, and not the last ones only
 */
public record StrategyReport(
    String stack, StrategyView strategy, List<String> available, boolean history)
    implements Report {

  private static final int LAST_SWAPS = 10;

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
          Column.text("BY", swap -> swap.cause().word()),
          Column.number("PAUSE", swap -> swap.isDone() ? Units.time(swap.pauseNanos()) : ""),
          Column.number("CPU-WAIT", swap -> swap.isDone() ? Units.time(swap.runQueueNanos()) : ""),
          Column.number("HANDED-OVER", StrategyView.Swap::handedOver),
          Column.text("OUTCOME", swap -> firstLine(swap.outcome())));

  @Override
  public String text() {
    StrategyStatistics counted = strategy.statistics();
    Layout<Line> lines =
        Layout.of(LINES.columns().get(0), new Column<Line>(stack, false, Line::value));
    List<Line> shown = new ArrayList<>();
    shown.add(new Line("strategy", named(strategy.name())));
    shown.add(new Line("available", String.join(", ", available)));
    shown.add(
        new Line("partitions", strategy.partitions() + " for " + strategy.cells() + " cells"));
    shown.add(new Line("entries", share(counted)));
    shown.add(new Line("posted", counted.posted() + ", " + counted.queued() + " queued now"));
    shown.add(new Line("waits", Long.toString(counted.waits())));
    shown.add(new Line("time waiting", Units.time(counted.waitNanos())));
    shown.add(new Line("time inside", Units.time(counted.holdNanos())));
    shown.add(new Line("longest inside", Units.time(counted.longestHoldNanos())));
    swapLines(shown);
    StringBuilder text = new StringBuilder(lines.format(shown));
    strategy.hung().forEach(hung -> text.append("\n\n").append(text(hung)));
    List<StrategyView.Swap> swaps = strategy.swaps();
    int first = history ? 0 : Math.max(0, swaps.size() - LAST_SWAPS);
    if (!swaps.isEmpty()) {
      text.append("\n\n").append(SWAPS.format(swaps.subList(first, swaps.size())));
    }
    if (first > 0) {
      text.append("\nand ").append(first).append(" before them, which --history shows");
    }
    return text.toString();
  }

  private void swapLines(List<Line> shown) {
    List<StrategyView.Swap> swaps = strategy.swaps();
    if (swaps.isEmpty()) {
      return;
    }
    SwapPauses pauses = SwapPauses.of(swaps);
    int refused = swaps.size() - pauses.count();
    shown.add(
        new Line("swaps", pauses.count() + (refused == 0 ? "" : ", and " + refused + " refused")));
    if (pauses.count() > 0) {
      shown.add(new Line("pauses", pauses.toString()));
    }
    SwapPauses own = SwapPauses.withoutRunQueue(swaps);
    if (!own.equals(pauses)) {
      shown.add(new Line("less CPU-WAIT", own.toString()));
    }
  }

  private static String text(StrategyView.Hung hung) {
    return "partition "
        + hung.partition()
        + " of "
        + hung.partitions()
        + " of "
        + hung.strategy()
        + " stays closed since "
        + TIME.format(instant(hung.sinceWallNanos()))
        + ", with "
        + hung.cells()
        + " cells: a thread hangs in it at\n  "
        + hung.stackTrace().replace("\n", "\n  ");
  }

  private static String firstLine(String text) {
    int end = text.indexOf('\n');
    return end < 0 ? text : text.substring(0, end);
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
