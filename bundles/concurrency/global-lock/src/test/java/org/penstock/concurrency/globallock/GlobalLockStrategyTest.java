package org.penstock.concurrency.globallock;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.penstock.api.concurrency.ConcurrencyStrategy;
import org.penstock.api.concurrency.StrategyStatistics;
import org.penstock.api.runtime.SystemRuntime;
import org.penstock.testkit.concurrency.StrategyBench;

/** What is the global lock's own: everybody comes in on the own thread. */
class GlobalLockStrategyTest {

  private static StrategyBench bench() {
    return new StrategyBench(new GlobalLockStrategy(), SystemRuntime.get(), () -> {}).open();
  }

  @Test
  void isFoundByServiceLoader() {
    assertThat(ServiceLoader.load(ConcurrencyStrategy.class))
        .anyMatch(
            found -> found instanceof GlobalLockStrategy && found.name().equals("global-lock"));
  }

  @Test
  void whoeverEntersDoesSoOnTheOwnThread() {
    try (StrategyBench bench = bench()) {
      List<Long> threads = new ArrayList<>();
      Runnable note = () -> threads.add(bench.runtime().threadId());
      bench.post(note);
      bench.call(note);
      assertThat(bench.exclusion().deliver(StrategyBench.section(note))).isTrue();
      assertThat(threads).hasSize(3).containsOnly(bench.runtime().threadId());
    }
  }

  @Test
  void whoFindsThePartitionOccupiedLeavesItsSectionToTheOneInside() {
    try (StrategyBench bench = bench()) {
      AtomicBoolean inside = new AtomicBoolean();
      AtomicBoolean posted = new AtomicBoolean();
      List<Long> threads = new ArrayList<>();
      AtomicInteger ran = new AtomicInteger();
      bench.thread(
          "poster",
          () -> {
            bench.until("the other is inside", inside::get);
            bench.post(() -> {
              threads.add(bench.runtime().threadId());
              ran.incrementAndGet();
            });
            // The post has returned: it did not wait for the thread inside.
            posted.set(true);
          });
      bench.call(() -> {
        inside.set(true);
        bench.until("the other has posted", posted::get);
      });
      bench.until("it ran", () -> ran.get() == 1);
      bench.call(() -> {});
      assertThat(threads).containsExactly(bench.runtime().threadId());
    }
  }

  @Test
  void aCallThatHadToWaitIsCounted() {
    try (StrategyBench bench = bench()) {
      AtomicBoolean inside = new AtomicBoolean();
      AtomicBoolean calling = new AtomicBoolean();
      bench.thread(
          "caller",
          () -> {
            bench.until("the other is inside", inside::get);
            calling.set(true);
            bench.call(() -> {});
          });
      bench.call(() -> {
        inside.set(true);
        bench.until("the other calls", calling::get);
        long until = bench.in(2_000_000L);
        bench.until("it had time to find the lock taken", () -> bench.in(0) >= until);
      });
      bench.join();
      StrategyStatistics statistics = bench.instance().statistics();
      assertThat(statistics.contended()).isBetween(0L, 2L);
      assertThat(statistics.waitNanos() > 0).isEqualTo(statistics.contended() > 0);
    }
  }
}
