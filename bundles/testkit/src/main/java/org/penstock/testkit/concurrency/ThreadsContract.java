package org.penstock.testkit.concurrency;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.penstock.api.runtime.SystemRuntime;

/**
 * What many threads may expect of a strategy that lets them in. The {@link Storms} are the same
 * ones that the simulated contract replays from seeds.
 */
public interface ThreadsContract extends StrategyUnderTest {

  @Test
  default void oneThreadIsInsideAtATime() {
    Storms.exclusion(closedBench(), 8, 5_000);
  }

  @Test
  default void whatOneThreadWroteIsVisibleToTheNext() {
    StrategyBench bench = closedBench();
    bench.core().withoutSentinel();
    Storms.exclusion(bench, 8, 5_000);
  }

  @Test
  default void everyThreadsPostsKeepTheirOrder() {
    Storms.order(closedBench(), 6, 5_000);
  }

  @Test
  default void whatIsPostedWhileTheThreadInsideLeavesIsNotLeftBehind() {
    Storms.stragglers(closedBench(), 500);
  }

  @Test
  default void handlersThatPostAgainWithoutEndKeepNobody() {
    Storms.perpetual(closedBench(), 4);
  }

  @Test
  default void framesOfManyThreadsAllArrive() {
    Storms.delivery(closedBench(), 4, 5_000);
  }

  @Test
  default void noSignalIsLost() {
    Storms.pingPong(closedBench(), 3, 3_000);
  }

  @Test
  default void noTokenIsLostWhereManyWait() {
    Storms.tokens(closedBench(), 4, 3_000);
  }

  @Test
  default void noTokenIsLostToDeadlinesThatComeAtTheSameTime() {
    Storms.deadlines(closedBench(), 4, 500);
  }

  @Test
  default void aCallerGetsInWhileOthersNeverStop() {
    Storms.pressure(closedBench(), 3, 200);
  }

  @Test
  default void queuesAreDrivenWhileOthersPost() {
    Storms.queues(closedBench(), 4, 500);
  }

  @Test
  default void nothingIsLostWhileInstancesTakeTurns() {
    Storms.handOver(strategy(), strategy(), SystemRuntime.get(), 4, 60);
  }

  @Test
  default void anInterruptedThreadGetsInLikeAnyOther() {
    try (StrategyBench bench = openBench()) {
      for (int i = 0; i < 3; i++) {
        bench.thread(
            "interrupted-" + i,
            () -> {
              Thread.currentThread().interrupt();
              for (int call = 0; call < 1_000; call++) {
                bench.call(() -> bench.core().counter++);
              }
              if (!Thread.currentThread().isInterrupted()) {
                bench.core().violated("the interrupt status was taken away");
              }
            });
      }
      bench.join();
      long[] counted = new long[1];
      bench.call(() -> counted[0] = bench.core().counter);
      assertThat(counted[0]).isEqualTo(3_000);
    }
  }
}
