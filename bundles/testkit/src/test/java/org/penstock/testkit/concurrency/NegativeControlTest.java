package org.penstock.testkit.concurrency;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.penstock.testkit.concurrency.SimpleLock.Fault;
import org.penstock.testkit.runtime.VirtualRuntime;

/** The storms find what is wrong with a strategy, and nothing in one that is right. */
class NegativeControlTest {

  private static final int SEEDS = 24;

  private static final Map<Fault, Consumer<StrategyBench>> STORMS =
      Map.of(
          Fault.FRAMES_UNLOCKED, bench -> Storms.delivery(bench, 3, 40),
          Fault.SECTION_STRANDED, bench -> Storms.stragglers(bench, 5),
          Fault.SIGNAL_FORGOTTEN, bench -> Storms.pingPong(bench, 2, 20),
          Fault.DEADLINE_NOT_TOLD, bench -> Storms.queues(bench, 3, 20),
          Fault.NOT_ABANDONED, bench -> Storms.deadlines(bench, 3, 20));

  private static @Nullable Throwable run(@Nullable Fault fault, Fault storm, long seed) {
    try (VirtualRuntime runtime = new VirtualRuntime(seed)) {
      STORMS.get(storm).accept(new StrategyBench(new SimpleLock(fault), runtime, () -> {}));
      return null;
    } catch (AssertionError e) {
      return e;
    }
  }

  @ParameterizedTest
  @EnumSource
  void aStrategyWithThisFaultIsCaught(Fault fault) {
    int caught = 0;
    for (long seed = 1; seed <= SEEDS; seed++) {
      if (run(fault, fault, seed) != null) {
        caught++;
      }
    }
    // The faults are rare: some seeds miss them. That is why there are many seeds.
    assertThat(caught).isGreaterThanOrEqualTo(SEEDS / 4);
  }

  @ParameterizedTest
  @EnumSource
  void aStrategyWithoutFaultIsNot(Fault storm) {
    for (long seed = 1; seed <= SEEDS; seed++) {
      assertThat(run(null, storm, seed)).as("seed %d", seed).isNull();
    }
  }

  @Test
  void aSeedThatFailsFailsAgain() {
    for (long seed = 1; seed <= SEEDS; seed++) {
      Throwable first = run(Fault.FRAMES_UNLOCKED, Fault.FRAMES_UNLOCKED, seed);
      Throwable second = run(Fault.FRAMES_UNLOCKED, Fault.FRAMES_UNLOCKED, seed);
      assertThat(message(first)).isEqualTo(message(second));
    }
  }

  private static @Nullable String message(@Nullable Throwable thrown) {
    return thrown == null ? null : thrown.getMessage();
  }
}
