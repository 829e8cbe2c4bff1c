package org.penstock.concurrency.spinlock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.penstock.api.concurrency.ConcurrencyStrategy;
import org.penstock.testkit.concurrency.StrategyBench;

/** What is the spin lock's own: who waits for it stays on the processor. */
class SpinLockStrategyTest {

  private static StrategyBench bench(SpinLockKind kind, WatchedRuntime runtime) {
    SpinLockStrategy strategy = new SpinLockStrategy(kind, SpinLockStrategy.DEFAULT_TURNS);
    return new StrategyBench(strategy, runtime, () -> {}).open();
  }

  @Test
  void isFoundByServiceLoader() {
    assertThat(ServiceLoader.load(ConcurrencyStrategy.class))
        .anyMatch(found -> found instanceof SpinLockStrategy && found.name().equals("spin-lock"));
  }

  @ParameterizedTest
  @EnumSource
  void whoFindsItTakenSpinsAndGivesWayAndNeverParks(SpinLockKind kind) {
    WatchedRuntime runtime = new WatchedRuntime();
    try (StrategyBench bench = bench(kind, runtime)) {
      bench.call(() -> {
        bench.thread("wait", () -> runtime.watch(() -> bench.call(() -> {})));
        // Long enough for any lock that parks to have done so.
        bench.until(
            "the other has spun for long or parked",
            () -> runtime.spins() > 100 * SpinLockStrategy.DEFAULT_TURNS || runtime.parks() > 0);
      });
      bench.join();
      assertThat(runtime.parks()).isZero();
      assertThat(runtime.ways()).isGreaterThanOrEqualTo(100);
    }
  }

  @Test
  void withoutTurnsItNeverGivesWay() {
    WatchedRuntime runtime = new WatchedRuntime();
    SpinLockStrategy strategy = new SpinLockStrategy(SpinLockKind.TICKET, 0);
    try (StrategyBench bench = new StrategyBench(strategy, runtime, () -> {}).open()) {
      bench.call(() -> {
        bench.thread("wait", () -> runtime.watch(() -> bench.call(() -> {})));
        bench.until("the other has spun for long", () -> runtime.spins() > 10_000);
      });
      bench.join();
      assertThat(runtime.ways()).isZero();
      assertThat(runtime.parks()).isZero();
    }
  }

  @Test
  void ticketsAreServedInTheOrderInWhichTheyWereDrawn() {
    WatchedRuntime runtime = new WatchedRuntime();
    List<Integer> order = new ArrayList<>();
    try (StrategyBench bench = bench(SpinLockKind.TICKET, runtime)) {
      bench.call(() -> {
        for (int i = 0; i < 6; i++) {
          int number = i;
          int spinning = i + 1;
          bench.thread("wait-" + i, () -> runtime.watch(() -> bench.call(() -> order.add(number))));
          bench.until("it has drawn its number", () -> runtime.spinners() == spinning);
        }
      });
      bench.join();
    }
    assertThat(order).isEqualTo(IntStream.range(0, 6).boxed().toList());
  }

  @Test
  void turnsOutOfBoundsAreRefused() {
    assertThatThrownBy(() -> new SpinLockStrategy(SpinLockKind.TICKET, -1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("spin.turns")
        .hasMessageContaining("-1")
        .hasMessageContaining("0 to 1000000");
  }
}
