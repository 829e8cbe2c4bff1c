package org.penstock.concurrency.striped;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.penstock.api.concurrency.ConcurrencyStrategy;
import org.penstock.api.runtime.SystemRuntime;
import org.penstock.testkit.concurrency.StrategyBench;

/** What is striped's own: partitions that do not notice each other. */
class StripedStrategyTest {

  private final StrategyBench bench =
      new StrategyBench(new StripedStrategy(4), SystemRuntime.get(), () -> {}).open();

  @AfterEach
  void closes() {
    bench.close();
  }

  @Test
  void isFoundByServiceLoader() {
    assertThat(ServiceLoader.load(ConcurrencyStrategy.class))
        .anyMatch(found -> found instanceof StripedStrategy && found.name().equals("striped"));
  }

  @Test
  void theNumberOfPartitionsIsAPowerOfTwoThatSuitsTheProcessors() {
    StripedStrategy byProcessors = new StripedStrategy();
    assertThat(byProcessors.partitions(64, 1)).isEqualTo(4);
    assertThat(byProcessors.partitions(64, 2)).isEqualTo(8);
    assertThat(byProcessors.partitions(64, 3)).isEqualTo(16);
    assertThat(byProcessors.partitions(64, 64)).isEqualTo(64);
    assertThat(byProcessors.partitions(2, 8)).isEqualTo(2);
    assertThat(byProcessors.partitions(4096, 100_000)).isEqualTo(StripedStrategy.MOST_PARTITIONS);
    assertThat(new StripedStrategy(2).partitions(64, 16)).isEqualTo(2);
    assertThat(new StripedStrategy(128).partitions(64, 1)).isEqualTo(64);
    assertThatThrownBy(() -> new StripedStrategy(6))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'6'");
  }

  @Test
  void twoThreadsAreInTwoPartitionsAtTheSameTime() {
    AtomicInteger inside = new AtomicInteger();
    Runnable meet =
        () -> {
          inside.incrementAndGet();
          bench.until("the other is inside its partition as well", () -> inside.get() == 2);
        };
    bench.thread("other", () -> bench.call(1, meet));
    assertThat(bench.call(0, meet)).isTrue();
    bench.join();
    assertThat(inside).hasValue(2);
  }

  @Test
  void whatIsPostedFromPartitionToPartitionRunsOnTheSameThreadWhenThatIsOut() {
    List<Integer> order = new ArrayList<>();
    List<Long> threads = new ArrayList<>();
    bench.call(
        0,
        () -> {
          bench.post(
              1,
              () -> {
                bench.post(
                    2,
                    () -> {
                      order.add(2);
                      threads.add(bench.runtime().threadId());
                    });
                order.add(1);
                threads.add(bench.runtime().threadId());
              });
          order.add(0);
        });
    assertThat(order).containsExactly(0, 1, 2);
    assertThat(threads).containsOnly(bench.runtime().threadId());
  }

  @Test
  void aCallFromPartitionToPartitionIsRefused() {
    List<Throwable> thrown = new ArrayList<>();
    bench.call(
        0,
        () -> {
          try {
            bench.call(1, () -> {});
          } catch (IllegalStateException e) {
            thrown.add(e);
          }
        });
    assertThat(thrown).hasSize(1);
    assertThat(thrown.getFirst())
        .hasMessageContaining("call")
        .hasMessageContaining("striped")
        .hasMessageContaining("post a section instead");
  }

  @Test
  void timersOfAPartitionAreKeptWhileAnotherHangs() {
    AtomicBoolean hangs = new AtomicBoolean();
    AtomicBoolean ran = new AtomicBoolean();
    AtomicBoolean ranInTheOther = new AtomicBoolean();
    // The thread that keeps the deadlines finds the first due where somebody is inside.
    long due = bench.in(20_000_000L);
    bench.call(0, () -> bench.core(0).at(due, () -> ranInTheOther.set(true)));
    bench.thread(
        "hangs",
        () ->
            bench.call(
                0,
                () -> {
                  hangs.set(true);
                  bench.until("the timer of partition 1 ran", ran::get);
                }));
    bench.until("partition 0 is occupied", hangs::get);
    bench.call(1, () -> bench.core(1).at(due + 1_000_000L, () -> ran.set(true)));
    bench.join();
    assertThat(ran).isTrue();
    bench.until("that of partition 0 runs when it is left", ranInTheOther::get);
  }
}
