package org.penstock.testkit.concurrency;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.penstock.api.concurrency.Section;

/** How an instance begins and how it ends. */
public interface HandOverContract extends StrategyUnderTest {

  private static List<Section> sections(int count, AtomicInteger ran) {
    List<Section> sections = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      sections.add(StrategyBench.section(ran::incrementAndGet));
    }
    return sections;
  }

  @Test
  default void postsWaitUntilTheInstanceOpens() {
    try (StrategyBench bench = closedBench()) {
      AtomicInteger ran = new AtomicInteger();
      sections(200, ran).forEach(bench.exclusion()::post);
      bench.settle();
      assertThat(ran).hasValue(0);
      bench.open();
      bench.until("all ran", () -> ran.get() == 200);
    }
  }

  @Test
  default void framesAreNotLetInUntilTheInstanceOpens() {
    try (StrategyBench bench = closedBench()) {
      AtomicInteger ran = new AtomicInteger();
      assertThat(bench.exclusion().deliver(sections(1, ran).getFirst())).isFalse();
      assertThat(ran).hasValue(0);
    }
  }

  @Test
  default void whatStandsBehindTheFenceIsPassedOnInOrder() {
    try (StrategyBench bench = openBench()) {
      AtomicInteger ran = new AtomicInteger();
      List<Section> before = sections(200, ran);
      List<Section> behind = sections(200, ran);
      bench.call(() -> {
        // Posted from inside, so that none runs before the fence stands in line.
        before.forEach(bench.exclusion()::post);
        bench.post(bench.host().partition()::retire);
        behind.forEach(bench.exclusion()::post);
      });
      bench.until("all were passed on", () -> bench.forwarded().size() == 200);
      assertThat(ran).hasValue(200);
      assertThat(bench.forwarded()).isEqualTo(behind);
      bench.retire();
      bench.end();
    }
  }

  @Test
  default void aRetiredPartitionRunsNothingAndSaysSo() {
    try (StrategyBench bench = openBench()) {
      AtomicInteger ran = new AtomicInteger();
      bench.retire();
      List<Section> sections = sections(12, ran);
      assertThat(bench.exclusion().call(sections.get(0))).isFalse();
      assertThat(bench.exclusion().deliver(sections.get(1))).isFalse();
      List<Section> posted = sections.subList(2, 12);
      posted.forEach(bench.exclusion()::post);
      bench.until("the posted ones were passed on", () -> bench.forwarded().size() == 10);
      assertThat(bench.forwarded()).isEqualTo(posted);
      assertThat(ran).hasValue(0);
    }
  }

  @Test
  default void aClosedInstancePassesOnAndSaysSo() {
    try (StrategyBench bench = openBench()) {
      AtomicInteger ran = new AtomicInteger();
      bench.retire();
      bench.end();
      List<Section> sections = sections(12, ran);
      assertThat(bench.exclusion().call(sections.get(0))).isFalse();
      assertThat(bench.exclusion().deliver(sections.get(1))).isFalse();
      List<Section> posted = sections.subList(2, 12);
      posted.forEach(bench.exclusion()::post);
      assertThat(bench.forwarded()).isEqualTo(posted);
      assertThat(ran).hasValue(0);
      assertThat(bench.instance().statistics().queued()).isZero();
    }
  }

  @Test
  default void aClosedInstancePassesOnWhatComesFromInsideAnotherPartition() {
    try (StrategyBench outer = openBench();
        StrategyBench bench = openBench()) {
      bench.retire();
      bench.end();
      AtomicInteger ran = new AtomicInteger();
      List<Section> posted = sections(10, ran);
      outer.call(() -> posted.forEach(bench.exclusion()::post));
      assertThat(bench.forwarded()).isEqualTo(posted);
      assertThat(ran).hasValue(0);
    }
  }

  @Test
  default void anInstanceThatNeverOpenedPassesOnWhatItGot() {
    try (StrategyBench bench = closedBench()) {
      AtomicInteger ran = new AtomicInteger();
      List<Section> posted = sections(100, ran);
      posted.forEach(bench.exclusion()::post);
      AtomicInteger refused = new AtomicInteger();
      bench.thread(
          "call",
          () -> {
            if (!bench.call(ran::incrementAndGet)) {
              refused.incrementAndGet();
            }
          });
      bench.retire();
      bench.end();
      bench.join();
      assertThat(refused).hasValue(1);
      assertThat(bench.forwarded()).isEqualTo(posted);
      assertThat(ran).hasValue(0);
    }
  }
}
