package org.penstock.testkit.concurrency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.penstock.api.concurrency.Attempt;
import org.penstock.api.concurrency.ExecutionLevel;
import org.penstock.api.concurrency.Section;
import org.penstock.api.concurrency.StrategyStatistics;
import org.penstock.api.concurrency.WrongLevelException;

/** What a single thread may expect of the ways in, whichever strategy it is. */
public interface EntryContract extends StrategyUnderTest {

  /** More than any strategy runs in one occupation. */
  int MANY = 1_000;

  @Test
  default void partitionsAreAtLeastOneAndAtMostTheCells() {
    for (int cells = 1; cells <= 64; cells *= 2) {
      for (int processors = 1; processors <= 128; processors *= 2) {
        assertThat(strategy().partitions(cells, processors)).isBetween(1, cells);
      }
    }
    assertThat(strategy().name()).isNotBlank();
  }

  @Test
  default void postedSectionsRunInTheOrderOfPosting() {
    try (StrategyBench bench = openBench()) {
      List<Integer> ran = new ArrayList<>();
      AtomicInteger count = new AtomicInteger();
      for (int i = 0; i < MANY; i++) {
        int number = i;
        bench.post(() -> {
          ran.add(number);
          count.incrementAndGet();
        });
      }
      bench.until("all have run", () -> count.get() == MANY);
      bench.call(() -> assertThatRanInOrder(bench, ran));
    }
  }

  private static void assertThatRanInOrder(StrategyBench bench, List<Integer> ran) {
    if (!ran.equals(IntStream.range(0, MANY).boxed().toList())) {
      bench.core().violated("ran in another order: " + ran);
    }
  }

  @Test
  default void aSectionMayBePostedAgainOnceItHasBegunToRun() {
    try (StrategyBench bench = openBench()) {
      AtomicInteger runs = new AtomicInteger();
      Section section =
          new Section(0) {
            @Override
            protected void run() {
              if (runs.incrementAndGet() < MANY) {
                bench.exclusion().post(this);
              }
            }
          };
      bench.exclusion().post(section);
      bench.until("it ran so often", () -> runs.get() == MANY);
    }
  }

  @Test
  default void aSectionPostedFromInsideRunsLater() {
    try (StrategyBench bench = openBench()) {
      List<String> order = new ArrayList<>();
      AtomicInteger ran = new AtomicInteger();
      bench.call(() -> {
        bench.post(() -> {
          order.add("posted");
          ran.incrementAndGet();
        });
        order.add("poster");
      });
      bench.until("the posted one ran", () -> ran.get() == 1);
      bench.call(() -> order.add("end"));
      assertThat(order).containsExactly("poster", "posted", "end");
    }
  }

  @Test
  default void aSectionPostedAtTheVeryEndOfAnOccupationRuns() {
    try (StrategyBench bench = openBench()) {
      AtomicInteger ran = new AtomicInteger();
      for (int i = 1; i <= 100; i++) {
        int count = i;
        Runnable last = () -> bench.core().atLeave(() -> bench.post(ran::incrementAndGet));
        if (i % 2 == 0) {
          bench.call(last);
        } else {
          bench.post(last);
        }
        bench.until("the posted one ran", () -> ran.get() == count);
      }
    }
  }

  @Test
  default void aCallRunsAfterWhatItsThreadPostedBefore() {
    try (StrategyBench bench = openBench()) {
      List<Integer> seen = new ArrayList<>();
      for (int i = 0; i < MANY; i++) {
        bench.post(() -> bench.core().counter++);
        if (i % 100 == 0) {
          bench.call(() -> seen.add((int) bench.core().counter));
        }
      }
      assertThat(seen).containsExactly(1, 101, 201, 301, 401, 501, 601, 701, 801, 901);
    }
  }

  @Test
  default void aCallRunsAtCoreLevelAndReturnsWhenItHasRun() {
    try (StrategyBench bench = openBench()) {
      List<ExecutionLevel> levels = new ArrayList<>();
      assertThat(bench.call(() -> levels.add(ExecutionLevel.current()))).isTrue();
      assertThat(levels).containsExactly(ExecutionLevel.CORE);
      assertThat(ExecutionLevel.current()).isEqualTo(ExecutionLevel.PASSIVE);
    }
  }

  @Test
  default void aCallFromInsideRunsAtOnceAsPartOfTheOccupation() {
    try (StrategyBench bench = openBench()) {
      List<String> order = new ArrayList<>();
      assertThat(
              bench.call(() -> {
                order.add("before");
                boolean ran = bench.call(() -> order.add("inner"));
                order.add("after, " + ran);
              }))
          .isTrue();
      assertThat(order).containsExactly("before", "inner", "after, true");
    }
  }

  @Test
  default void aCallFromInsideAnotherPartitionIsRefused() {
    try (StrategyBench outer = openBench();
        StrategyBench bench = openBench()) {
      Queue<Throwable> thrown = new ConcurrentLinkedQueue<>();
      AtomicInteger ran = new AtomicInteger();
      outer.call(() -> {
        try {
          bench.call(ran::incrementAndGet);
        } catch (IllegalStateException e) {
          thrown.add(e);
        }
      });
      assertThat(thrown).hasSize(1);
      assertThat(thrown.element()).hasMessageContaining("bench").hasMessageContaining("call");
      assertThat(ran).hasValue(0);
    }
  }

  @Test
  default void aPostFromInsideAnotherPartitionRunsOutsideOfIt() {
    try (StrategyBench outer = openBench();
        StrategyBench bench = openBench()) {
      AtomicInteger done = new AtomicInteger();
      outer.call(() -> {
        for (int i = 0; i < MANY; i++) {
          bench.post(() -> {
            if (outer.core().isInside()) {
              bench.core().violated("ran inside of another partition");
            }
            // The handlers must not run there either; the fake partition looks.
            bench.core().indicate(done::incrementAndGet);
          });
        }
      });
      bench.until("all ran, and their handlers", () -> done.get() == MANY);
    }
  }

  @Test
  default void framesAreDeliveredByTheirThreadOrNotLetIn() {
    try (StrategyBench bench = openBench()) {
      AtomicInteger ran = new AtomicInteger();
      Section frames = StrategyBench.section(ran::incrementAndGet);
      boolean in = bench.exclusion().deliver(frames);
      assertThat(ran).hasValue(in ? 1 : 0);
    }
  }

  @Test
  default void framesFromInsideAnotherPartitionAreNotLetIn() {
    try (StrategyBench outer = openBench();
        StrategyBench bench = openBench()) {
      List<Boolean> in = new ArrayList<>();
      outer.call(
          () -> in.add(bench.exclusion().deliver(StrategyBench.section(() -> in.add(true)))));
      assertThat(in).containsExactly(false);
    }
  }

  @Test
  default void anExceptionOfASectionStaysThere() {
    try (StrategyBench bench = openBench()) {
      AtomicInteger ran = new AtomicInteger();
      for (int i = 0; i < 10; i++) {
        bench.post(() -> {
          throw new IllegalArgumentException("of a posted section");
        });
        bench.call(() -> {
          throw new IllegalArgumentException("of a called section");
        });
        bench
            .exclusion()
            .deliver(
                StrategyBench.section(() -> {
                  throw new IllegalArgumentException("of frames");
                }));
        bench.post(ran::incrementAndGet);
      }
      bench.until("those in between ran", () -> ran.get() == 10);
    }
  }

  @Test
  default void indicationsAreMadeAtDispatchLevelByTheThreadThatLeft() {
    try (StrategyBench bench = openBench()) {
      Queue<String> wrong = new ConcurrentLinkedQueue<>();
      List<Integer> order = new ArrayList<>();
      AtomicInteger made = new AtomicInteger();
      for (int i = 0; i < 100; i++) {
        int number = i;
        Runnable body =
            () -> {
              long thread = bench.runtime().threadId();
              bench
                  .core()
                  .indicate(() -> {
                    if (ExecutionLevel.current() != ExecutionLevel.DISPATCH) {
                      wrong.add("level " + ExecutionLevel.current());
                    }
                    if (bench.runtime().threadId() != thread) {
                      wrong.add("another thread");
                    }
                    if (bench.core().isInside()) {
                      wrong.add("inside");
                    }
                    synchronized (order) {
                      order.add(number);
                    }
                    made.incrementAndGet();
                  });
            };
        if (i % 2 == 0) {
          bench.post(body);
        } else {
          bench.call(body);
        }
        int count = i + 1;
        bench.until("the handler was called", () -> made.get() == count);
      }
      assertThat(wrong).isEmpty();
      assertThat(order).isEqualTo(IntStream.range(0, 100).boxed().toList());
    }
  }

  @Test
  default void aHandlerMayEnterAgain() {
    try (StrategyBench bench = openBench()) {
      AtomicInteger done = new AtomicInteger();
      Queue<Throwable> thrown = new ConcurrentLinkedQueue<>();
      bench.post(() ->
          bench
              .core()
              .indicate(() -> {
                try {
                  bench.call(() -> bench.core().indicate(done::incrementAndGet));
                  bench.post(() -> bench.core().indicate(done::incrementAndGet));
                } catch (RuntimeException e) {
                  thrown.add(e);
                }
              }));
      bench.until("both were handled", () -> done.get() == 2 || !thrown.isEmpty());
      assertThat(thrown).isEmpty();
    }
  }

  @Test
  default void aHandlerThatThrowsHarmsNobody() {
    try (StrategyBench bench = openBench()) {
      AtomicInteger handled = new AtomicInteger();
      bench.post(() -> {
        bench
            .core()
            .indicate(() -> {
              throw new IllegalArgumentException("of a handler");
            });
        bench.core().indicate(handled::incrementAndGet);
      });
      bench.until("the second handler was called", () -> handled.get() == 1);
      assertThat(bench.call(() -> {})).isTrue();
    }
  }

  @Test
  default void blockingIsRefusedInsideAndInHandlers() {
    try (StrategyBench bench = openBench()) {
      Tokens tokens = bench.tokens();
      Attempt take = tokens.new Take();
      Queue<Throwable> thrown = new ConcurrentLinkedQueue<>();
      Runnable blocking =
          () -> {
            try {
              bench.exclusion().await(take, bench.patience());
            } catch (WrongLevelException e) {
              thrown.add(e);
            }
          };
      bench.call(blocking);
      bench.call(() -> bench.core().indicate(blocking));
      bench.until("both were refused", () -> thrown.size() == 2);
      assertThat(thrown)
          .allSatisfy(e -> assertThat(e).hasMessageContaining(strategy().name()))
          .allSatisfy(e -> assertThat(e).hasMessageContaining("await"));
    }
  }

  @Test
  default void entriesAndPostsAreCounted() {
    try (StrategyBench bench = openBench()) {
      // Enough for a strategy that times only some of its occupations.
      for (int i = 0; i < 100; i++) {
        bench.post(() -> takeSomeTime(bench));
        bench.call(() -> takeSomeTime(bench));
      }
      bench.until("nothing is queued", () -> bench.instance().statistics().queued() == 0);
      StrategyStatistics statistics = bench.instance().statistics();
      assertThat(statistics.posted()).isEqualTo(100);
      // Two for each at most: a caller may come in to see that its posts stand before it.
      assertThat(statistics.entries()).isBetween(1L, 400L);
      assertThat(statistics.longestHoldNanos()).isPositive();
      assertThat(statistics.holdNanos()).isGreaterThanOrEqualTo(statistics.longestHoldNanos());
    }
  }

  private static void takeSomeTime(StrategyBench bench) {
    long begun = bench.runtime().nanoTime();
    while (bench.runtime().nanoTime() == begun) {
      bench.core().counter++;
    }
  }

  @Test
  default void thereIsOnlyTheExclusionOfItsPartitions() {
    try (StrategyBench bench = openBench()) {
      int beyond = bench.partitions();
      assertThatThrownBy(() -> bench.instance().exclusion(beyond))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("" + beyond);
    }
  }
}
