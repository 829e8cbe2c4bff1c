package org.penstock.testkit.concurrency;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.penstock.api.concurrency.Section;

/**
 * What holds for every partition by itself, and between several. A strategy of one partition
 * fulfils it as well.
 */
public interface PartitionsContract extends StrategyUnderTest {

  @Test
  default void everyPartitionIsExclusive() {
    PartitionStorms.everyPartition(closedBench(), 4, 2_000);
  }

  @Test
  default void postsFromInsideOnePartitionToAnotherKeepTheirOrder() {
    PartitionStorms.orderBetweenPartitions(closedBench(), 1_000);
  }

  @Test
  default void handlersThatCallIntoEachOthersPartitionsAllReturn() {
    PartitionStorms.callsInCircles(closedBench(), 500);
  }

  @Test
  default void noSignalBetweenPartitionsIsLost() {
    PartitionStorms.pingPongBetweenPartitions(closedBench(), 1_000);
  }

  @Test
  default void framesOfEveryPartitionArrive() {
    PartitionStorms.framesOfEveryPartition(closedBench(), 3, 1_000);
  }

  @Test
  default void timersOfEveryPartitionAreKeptWhileItIsIdle() {
    try (StrategyBench bench = openBench()) {
      AtomicInteger ran = new AtomicInteger();
      for (int i = 0; i < bench.partitions(); i++) {
        FakeCore core = bench.core(i);
        long due = bench.in(2_000_000L * (i + 1));
        bench.call(i, () -> core.at(due, ran::incrementAndGet));
      }
      bench.until("the timers ran", () -> ran.get() == bench.partitions());
    }
  }

  @Test
  default void timersThatWereLeftBehindInEveryPartitionAreKept() {
    try (StrategyBench bench = closedBench()) {
      AtomicInteger ran = new AtomicInteger();
      for (int i = 0; i < bench.partitions(); i++) {
        FakePartition partition = bench.host().partition(i);
        partition.enter();
        bench.core(i).at(bench.in(1_000_000L), ran::incrementAndGet);
        partition.leave();
      }
      // Nobody enters them from now on but the strategy itself.
      bench.open();
      bench.until("the timers ran", () -> ran.get() == bench.partitions());
    }
  }

  @Test
  default void aCallFromInsideAnotherPartitionOfTheSameStackIsRefused() {
    try (StrategyBench bench = openBench()) {
      int other = bench.partitions() - 1;
      AtomicInteger ran = new AtomicInteger();
      Queue<Throwable> thrown = new ConcurrentLinkedQueue<>();
      bench.call(() -> {
        try {
          bench.call(other, ran::incrementAndGet);
        } catch (IllegalStateException e) {
          thrown.add(e);
        }
      });
      // From inside the one there is, it is part of the occupation.
      assertThat(thrown).hasSize(other == 0 ? 0 : 1);
      assertThat(ran).hasValue(other == 0 ? 1 : 0);
    }
  }

  @Test
  default void onePartitionIsRetiredWhileTheOthersGoOn() {
    try (StrategyBench bench = openBench()) {
      AtomicInteger ran = new AtomicInteger();
      bench.post(bench.host().partition()::retire);
      bench.until("the first is retired", bench.host().partition()::wasRetired);
      List<Section> posted = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        Section section = StrategyBench.section(ran::incrementAndGet);
        posted.add(section);
        bench.exclusion().post(section);
      }
      for (int i = 1; i < bench.partitions(); i++) {
        assertThat(bench.call(i, () -> {})).isTrue();
      }
      bench.until("what was posted to it was passed on", () -> bench.forwarded().size() == 100);
      assertThat(bench.forwarded()).isEqualTo(posted);
      assertThat(ran).hasValue(0);
    }
  }

  @Test
  default void everyPartitionPassesOnWhatItGotBeforeItOpened() {
    try (StrategyBench bench = closedBench()) {
      AtomicInteger ran = new AtomicInteger();
      for (int i = 0; i < bench.partitions(); i++) {
        for (int n = 0; n < 10; n++) {
          bench.post(i, ran::incrementAndGet);
        }
      }
      bench.retire();
      bench.end();
      assertThat(bench.forwarded()).hasSize(10 * bench.partitions());
      assertThat(ran).hasValue(0);
    }
  }
}
