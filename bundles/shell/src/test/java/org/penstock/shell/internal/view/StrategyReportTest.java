package org.penstock.shell.internal.view;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.penstock.api.concurrency.StrategyStatistics;
import org.penstock.api.view.StrategyView;
import org.penstock.api.view.StrategyView.Hung;
import org.penstock.api.view.StrategyView.Swap;
import org.penstock.api.view.SwapCause;

/** How a strategy and its swaps are shown. */
class StrategyReportTest {

  private static final StrategyStatistics COUNTED =
      new StrategyStatistics(1000, 25, 400, 7, 12_500_000, 90_000_000, 1_200_000, 3);

  private static String shown(List<Swap> swaps, List<Hung> hung, boolean history) {
    StrategyView view = new StrategyView("mailbox", 9, 1, 64, COUNTED, swaps, hung);
    return new StrategyReport("a", view, List.of("global-lock", "mailbox"), history).text();
  }

  private static Swap done(long pause, long runQueue) {
    return new Swap(0, "global-lock", "mailbox", SwapCause.COMMAND, pause, runQueue, 2, Swap.DONE);
  }

  @Test
  void whatItCounted() {
    assertThat(shown(List.of(), List.of(), false))
        .isEqualTo(
            """
            STACK           a
            strategy        mailbox
            available       global-lock, mailbox
            partitions      1 for 64 cells
            entries         1000, 25 (2.5 %) found the partition occupied
            posted          400, 3 queued now
            waits           7
            time waiting    12.5 ms
            time inside     90.0 ms
            longest inside  1.20 ms\
            """);
  }

  @Test
  void swapsWithWhoAskedAndWhatTheyCost() {
    Swap refused =
        new Swap(
            0, "mailbox", "spin-lock", SwapCause.RANKING, 0, 0, 0, "did not start\nat some.Line");

    assertThat(shown(List.of(done(80_000, 20_000), refused), List.of(), false))
        .contains(
            """
            swaps           1, and 1 refused
            pauses          p50 80.0 us, p99 80.0 us, most 80.0 us
            less CPU-WAIT   p50 60.0 us, p99 60.0 us, most 60.0 us
            """)
        .containsPattern(
            "TIME +FROM +TO +BY +PAUSE +CPU-WAIT +HANDED-OVER +OUTCOME\n"
                + "[0-9:.]+ +global-lock +mailbox +command +80.0 us +20.0 us +2 +done\n"
                + "[0-9:.]+ +mailbox +spin-lock +ranking +- +- +0 +did not start$");
  }

  @Test
  void theLastTenSwapsOrAll() {
    List<Swap> swaps = new ArrayList<>();
    for (int i = 1; i <= 200; i++) {
      swaps.add(done(i * 1000, 0));
    }
    assertThat(shown(swaps, List.of(), false))
        .contains("pauses          p50 100 us, p99 198 us, most 200 us")
        .doesNotContain("less CPU-WAIT")
        .contains("191 us")
        .doesNotContain("190 us")
        .endsWith("and 190 before them, which --history shows");
    assertThat(shown(swaps, List.of(), true).lines().filter(line -> line.endsWith("done")))
        .hasSize(200);
  }

  @Test
  void aPartitionThatSomebodyHangsIn() {
    Hung hung = new Hung("striped", 2, 4, 16, 0, "some.Class.run(Class.java:1)\nother.Class.run");

    assertThat(shown(List.of(), List.of(hung), false))
        .containsPattern("partition 2 of 4 of striped stays closed since [0-9:.]+, with 16 cells")
        .endsWith("hangs in it at\n  some.Class.run(Class.java:1)\n  other.Class.run");
  }
}
