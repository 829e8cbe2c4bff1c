package org.penstock.testkit.concurrency;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Deadlines that a partition announces are kept, by whatever thread. */
public interface TimerContract extends StrategyUnderTest {

  @Test
  default void aTimerRunsWhenItIsDueAndNotBefore() {
    try (StrategyBench bench = openBench()) {
      long due = bench.in(20_000_000L);
      AtomicLong ranAt = new AtomicLong(-1);
      bench.call(() -> bench.core().at(due, () -> ranAt.set(bench.runtime().nanoTime())));
      bench.until("the timer ran", () -> ranAt.get() >= 0);
      assertThat(ranAt.get()).isGreaterThanOrEqualTo(due);
    }
  }

  @Test
  default void anEarlierTimerIsNotHeldUpByALaterOne() {
    try (StrategyBench bench = openBench()) {
      AtomicInteger ran = new AtomicInteger();
      for (int i = 0; i < 50; i++) {
        // The strategy sleeps for the late one when the early one is announced.
        bench.call(() -> bench.core().at(bench.in(2 * StrategyBench.PATIENCE_NANOS), () -> {}));
        bench.post(() -> bench.core().at(bench.in(100_000L), ran::incrementAndGet));
        int count = i + 1;
        bench.until("the early timer ran", () -> ran.get() == count);
      }
    }
  }

  @Test
  default void timersSetByTimersAreKept() {
    try (StrategyBench bench = openBench()) {
      AtomicInteger ran = new AtomicInteger();
      Runnable[] again = new Runnable[1];
      again[0] =
          () -> {
            if (ran.incrementAndGet() < 20) {
              bench.core().at(bench.in(200_000L), again[0]);
            }
          };
      bench.post(() -> bench.core().at(bench.in(200_000L), again[0]));
      bench.until("all ran", () -> ran.get() == 20);
    }
  }

  @Test
  default void moreTimersThanOneOccupationRunsAreAllRunInOrder() {
    try (StrategyBench bench = openBench()) {
      List<Integer> order = new ArrayList<>();
      AtomicInteger ran = new AtomicInteger();
      bench.call(() -> {
        for (int i = 0; i < 100; i++) {
          int number = i;
          bench
              .core()
              .at(
                  0,
                  () -> {
                    order.add(number);
                    ran.incrementAndGet();
                  });
        }
      });
      bench.until("all ran", () -> ran.get() == 100);
      bench.call(() -> assertThat(order).isSorted());
      assertThat(order).hasSize(100).isSorted();
    }
  }

  @Test
  default void timersSetFromFramesAndHandlersAreKept() {
    try (StrategyBench bench = openBench()) {
      AtomicInteger ran = new AtomicInteger();
      Runnable set = () -> bench.core().at(bench.in(1_000_000L), ran::incrementAndGet);
      if (!bench.exclusion().deliver(StrategyBench.section(set))) {
        bench.post(set);
      }
      bench.post(() -> bench.core().indicate(() -> bench.call(set)));
      bench.until("both ran", () -> ran.get() == 2);
    }
  }

  @Test
  default void timersThatTheInstanceBeforeLeftAreKept() {
    try (StrategyBench bench = closedBench()) {
      AtomicInteger ran = new AtomicInteger();
      FakePartition partition = bench.host().partition();
      partition.enter();
      bench.core().at(bench.in(1_000_000L), ran::incrementAndGet);
      partition.leave();
      // Nobody enters it from now on but the strategy itself.
      bench.open();
      bench.until("the timer ran", () -> ran.get() == 1);
    }
  }

  @Test
  default void noTimerRunsOnceThePartitionIsRetired() {
    AtomicInteger ran = new AtomicInteger();
    try (StrategyBench bench = openBench()) {
      bench.call(() -> bench.core().at(bench.in(5_000_000L), ran::incrementAndGet));
      bench.retire();
      int before = ran.get();
      long later = bench.in(20_000_000L);
      bench.until("it would have been due", () -> bench.runtime().nanoTime() >= later);
      bench.end();
      assertThat(ran.get()).isEqualTo(before);
    }
  }
}
