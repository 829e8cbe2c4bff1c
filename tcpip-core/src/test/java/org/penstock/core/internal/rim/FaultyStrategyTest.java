package org.penstock.core.internal.rim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.penstock.core.internal.rim.SwapBench.SECOND;
import static org.penstock.core.internal.rim.SwapBench.locks;
import static org.penstock.core.internal.rim.SwapBench.strategy;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.penstock.api.concurrency.ConcurrencyStrategy;
import org.penstock.api.concurrency.StrategyHost;
import org.penstock.api.concurrency.StrategyInstance;
import org.penstock.api.netif.QueueAgent;
import org.penstock.api.runtime.Parker;
import org.penstock.api.view.SwapCause;
import org.penstock.core.api.CellTimer;
import org.penstock.core.internal.rim.FaultyStrategy.At;
import org.penstock.core.internal.rim.FaultyStrategy.How;

/** A strategy that throws or hangs in any of its calls never takes the stack with it. */
@Timeout(120)
class FaultyStrategyTest {

  private static final int CELLS = 4;

  private final SwapBench bench = new SwapBench(3, CELLS);
  private final Rim rim = bench.rim;
  private final AtomicInteger ran = new AtomicInteger();
  private final AtomicInteger worked = new AtomicInteger();
  private volatile Parker idle;

  private final QueueAgent queue =
      new QueueAgent() {
        @Override
        public int work(int budget) {
          worked.incrementAndGet();
          return 0;
        }

        @Override
        public void idle(long deadlineNanos) {
          Parker own = bench.runtime.parker();
          idle = own;
          own.park(Math.min(deadlineNanos, bench.in(SECOND / 1000)));
        }

        @Override
        public void wake() {
          Parker other = idle;
          if (other != null) {
            other.unpark();
          }
        }
      };

  @AfterEach
  void nobodyOverlapped() {
    assertThat(rim.overlaps()).isZero();
    bench.close();
  }

  /** Everything goes on: posts, calls, timers, and the driver queue by one thread at a time. */
  private void goesOn() {
    int before = ran.get();
    CellTimer timer = rim.timer(2, ran::incrementAndGet);
    for (int cell = 0; cell < CELLS; cell++) {
      bench.post(cell, ran::incrementAndGet);
      bench.call(cell, ran::incrementAndGet);
    }
    bench.call(2, () -> timer.arm(rim.now(2) + SECOND));
    bench.until("all ran", () -> ran.get() == before + 2 * CELLS + 1);
    int workedBefore = worked.get();
    bench.until("the queue is driven", () -> worked.get() > workedBefore + 2);
  }

  @ParameterizedTest
  @CsvSource({
    "NAME, THROWS", "NAME, HANGS",
    "PARTITIONS, THROWS", "PARTITIONS, HANGS",
    "START, THROWS", "START, HANGS",
    "EXCLUSION, THROWS", "EXCLUSION, HANGS",
    "OPEN, THROWS", "OPEN, HANGS",
    "OPENED, THROWS", "OPENED, HANGS",
    "DRIVE, THROWS", "DRIVE, HANGS"
  })
  void oneThatCannotBeginIsRejectedAndTheOldOneGoesOn(At at, How how) {
    assertThat(rim.swap(locks(2))).isNull();
    rim.drive(queue, "queue");
    bench.post(1, ran::incrementAndGet);

    String refused = rim.swap(new FaultyStrategy(strategy("global-lock"), at, how, bench.runtime));

    assertThat(refused)
        .contains(how == How.THROWS ? "no such luck" : "FaultyStrategy.reached")
        .contains(at == At.NAME ? "FaultyStrategy" : "'faulty'");
    assertThat(rim.strategy()).isEqualTo("many-locks-2");
    assertThat(rim.view().swaps()).singleElement().matches(swap -> !swap.isDone());
    goesOn();
    assertThat(rim.swap(strategy("mailbox"))).isNull();
    goesOn();
  }

  @ParameterizedTest
  @CsvSource({"RELEASE, THROWS", "RELEASE, HANGS"})
  void oneThatDoesNotLetGoOfADriverQueueKeepsItWhileThatIsItsChoice(At at, How how) {
    FaultyStrategy faulty = new FaultyStrategy(strategy("global-lock"), at, how, bench.runtime);
    assertThat(rim.swap(faulty)).isNull();
    rim.drive(queue, "queue");

    assertThat(rim.swap(locks(2), SwapCause.RANKING)).contains("queue was not released");

    assertThat(rim.inForce()).isSameAs(faulty);
    goesOn();
  }

  @ParameterizedTest
  @EnumSource
  void oneThatCannotCloseIsReportedAndTheNextGoesOn(How how) {
    assertThat(rim.swap(new FaultyStrategy(strategy("global-lock"), At.CLOSE, how, bench.runtime)))
        .isNull();
    rim.drive(queue, "queue");

    assertThat(rim.swap(locks(2))).isNull();

    goesOn();
  }

  @ParameterizedTest
  @EnumSource
  void oneThatDoesNotSayWhatItCountsGoesOn(How how) {
    assertThat(
            rim.swap(
                new FaultyStrategy(strategy("global-lock"), At.STATISTICS, how, bench.runtime)))
        .isNull();
    rim.drive(queue, "queue");

    assertThat(rim.view().statistics().entries()).isZero();

    goesOn();
  }

  @Test
  void aLeavingOneThatKeepsADriverQueueGoesAndTheQueueFollows() {
    boolean[] stuck = {true};
    int[] inside = new int[1];
    int[] most = new int[1];
    QueueAgent sticky =
        new QueueAgent() {
          @Override
          public int work(int budget) {
            most[0] = Math.max(most[0], ++inside[0]);
            while (stuck[0]) {
              bench.runtime.parker().parkUninterruptibly(bench.in(SECOND / 100));
            }
            worked.incrementAndGet();
            inside[0]--;
            return 0;
          }

          @Override
          public void idle(long deadlineNanos) {
            bench.runtime.parker().park(Math.min(deadlineNanos, bench.in(SECOND / 1000)));
          }

          @Override
          public void wake() {}
        };
    assertThat(rim.swap(strategy("global-lock"))).isNull();
    rim.drive(sticky, "sticky");
    bench.until("a thread is in it", () -> inside[0] == 1);

    assertThat(rim.swap(strategy("global-lock"), SwapCause.LEAVING)).isNull();
    bench.runtime.advance(3 * SECOND);
    assertThat(most[0]).as("threads in the queue").isOne();
    stuck[0] = false;

    bench.until("the next one drives it", () -> worked.get() > 100);
    assertThat(most[0]).isOne();
  }

  @ParameterizedTest
  @ValueSource(ints = {Integer.MIN_VALUE, -1, 0, CELLS + 1})
  void anImpossibleNumberOfPartitionsIsRefused(int partitions) {
    assertThat(rim.swap(strategy("global-lock"))).isNull();

    assertThat(rim.swap(new ManyLocks(partitions, strategy("global-lock"))))
        .contains("wants " + partitions + " partitions of 4 cells")
        .contains("1 to 4");
  }

  @Test
  void oneThatStartsNothingIsRefused() {
    ConcurrencyStrategy nothing =
        new ConcurrencyStrategy() {
          @Override
          public String name() {
            return "nothing";
          }

          @Override
          public int partitions(int cells, int processors) {
            return 1;
          }

          @Override
          public StrategyInstance start(StrategyHost host) {
            return null;
          }
        };
    assertThat(rim.swap(nothing)).contains("'nothing' started nothing");
    assertThat(rim.strategy()).isEmpty();
  }
}
