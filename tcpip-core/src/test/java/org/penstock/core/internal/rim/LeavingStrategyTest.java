package org.penstock.core.internal.rim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.penstock.core.internal.rim.SwapBench.SECOND;
import static org.penstock.core.internal.rim.SwapBench.locks;
import static org.penstock.core.internal.rim.SwapBench.strategy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.penstock.api.concurrency.Attempt;
import org.penstock.api.concurrency.Awaited;
import org.penstock.api.concurrency.ConcurrencyStrategy;
import org.penstock.api.view.StrategyView;
import org.penstock.api.view.SwapCause;
import org.penstock.core.api.CellTimer;
import org.penstock.core.internal.rim.SwapBench.Hanging;
import org.penstock.core.internal.rim.SwapBench.Letters;

/** A strategy whose bundle is stopped goes, also where a thread hangs inside it. */
@Timeout(120)
class LeavingStrategyTest {

  private static final int CELLS = 8;

  private final SwapBench bench = new SwapBench(7, CELLS);
  private final Rim rim = bench.rim;

  @AfterEach
  void nobodyOverlapped() {
    assertThat(rim.overlaps()).isZero();
    bench.close();
  }

  private void leave(ConcurrencyStrategy next) {
    assertThat(rim.swap(next, SwapCause.LEAVING)).isNull();
  }

  private StrategyView.Swap lastSwap() {
    return rim.view().swaps().getLast();
  }

  @ParameterizedTest
  @CsvSource({"4, 1", "4, 2", "4, 4", "4, 8", "2, 8", "8, 3"})
  void theCellsThatNobodyHangsInGoOn(int before, int after) {
    assertThat(rim.swap(locks(before))).isNull();
    Hanging hanging = bench.hangIn(1);

    leave(locks(after));

    AtomicInteger ran = new AtomicInteger();
    AtomicInteger waiting = new AtomicInteger();
    for (int cell = 0; cell < CELLS; cell++) {
      boolean closed = cell % before == 1;
      bench.post(cell, closed ? waiting::incrementAndGet : ran::incrementAndGet);
      if (!closed) {
        bench.call(cell, ran::incrementAndGet);
      }
    }
    int closedCells = CELLS / before;
    bench.until("all that can run has run", () -> ran.get() == 2 * (CELLS - closedCells));
    assertThat(waiting).hasValue(0);
    assertThat(hanging.inside).isTrue();

    hanging.end();
    bench.until("the others join", () -> waiting.get() == closedCells);
    bench.until("it is over", () -> rim.view().hung().isEmpty());
    for (int cell = 0; cell < CELLS; cell++) {
      bench.call(cell, ran::incrementAndGet);
    }
  }

  @Test
  void whereItHangsIsSaid() {
    assertThat(rim.swap(locks(4))).isNull();
    Hanging hanging = bench.hangIn(2);

    leave(strategy("mailbox"));

    assertThat(lastSwap().outcome())
        .isEqualTo("done; partition 2 of 4 of strategy 'many-locks-4' hangs and stays closed");
    assertThat(lastSwap().cause()).isEqualTo(SwapCause.LEAVING);
    assertThat(rim.view().name()).isEqualTo("mailbox");
    assertThat(rim.view().hung())
        .singleElement()
        .satisfies(hung -> {
          assertThat(hung.partition()).isEqualTo(2);
          assertThat(hung.cells()).isEqualTo(2);
          assertThat(hung.stackTrace()).contains("SwapBench$Hanging.run");
        });
    hanging.end();
    bench.until("it is over", () -> rim.view().hung().isEmpty());
  }

  @Test
  void ofOnePartitionEverythingWaitsAndThenGoesOn() {
    assertThat(rim.swap(strategy("global-lock"))).isNull();
    Hanging hanging = bench.hangIn(0);
    leave(strategy("mailbox"));
    AtomicInteger ran = new AtomicInteger();
    for (int cell = 0; cell < CELLS; cell++) {
      int here = cell;
      bench.runtime.start("caller", () -> bench.call(here, ran::incrementAndGet));
    }
    bench.runtime.advance(3 * SECOND);
    assertThat(ran).hasValue(0);

    hanging.end();

    bench.until("the callers get in", () -> ran.get() == CELLS);
  }

  @Test
  void whatWaitedForAClosedCellRunsInOrder() {
    assertThat(rim.swap(locks(4))).isNull();
    Hanging hanging = bench.hangIn(1);
    leave(locks(2));
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      int number = i;
      bench.post(5, () -> order.add(number));
    }
    bench.runtime.advance(SECOND);
    assertThat(order).isEmpty();

    hanging.end();

    bench.until("all ran", () -> order.size() == 100);
    assertThat(order).isSorted();
  }

  @Test
  void timersOfAClosedCellGoOffAfterwards() {
    assertThat(rim.swap(locks(4))).isNull();
    AtomicInteger wentOff = new AtomicInteger();
    CellTimer timer = rim.timer(5, wentOff::incrementAndGet);
    bench.call(5, () -> timer.arm(rim.now(5) + 3 * SECOND));
    Hanging hanging = bench.hangIn(1);
    leave(locks(2));
    bench.runtime.advance(5 * SECOND);
    assertThat(wentOff).hasValue(0);

    hanging.end();

    bench.until("it goes off", () -> wentOff.get() == 1);
  }

  @Test
  void aWaitForAClosedCellEndsAtItsDeadlineAndLeavesNothingBehind() {
    assertThat(rim.swap(locks(4))).isNull();
    Letters letters = new Letters(5);
    Attempt taking = letters.take();
    Awaited[] ended = new Awaited[1];
    long deadline = bench.in(6 * SECOND);
    bench.runtime.start("waiting", () -> ended[0] = rim.await("take", taking, deadline));
    bench.until("it waits", () -> !letters.waiting.isEmpty());
    Hanging hanging = bench.hangIn(1);
    leave(locks(2));

    // The thread sleeps in the partition that hangs, and only that partition can let it go.
    hanging.end();
    bench.until("it is over", () -> rim.view().hung().isEmpty());
    bench.until("the wait ends", () -> ended[0] == Awaited.TIMED_OUT);
    assertThat(letters.waiting).isEmpty();

    Hanging again = bench.hangIn(1);
    leave(locks(4));
    assertThat(rim.await("take", taking, bench.in(SECOND))).isEqualTo(Awaited.TIMED_OUT);
    again.end();
    bench.until("it is over", () -> rim.view().hung().isEmpty());
    bench.call(5, () -> letters.put(rim));
    assertThat(rim.await("take", taking, bench.in(SECOND))).isEqualTo(Awaited.DONE);
  }

  @Test
  void cellsStayClosedOverFurtherSwaps() {
    assertThat(rim.swap(locks(4))).isNull();
    Hanging hanging = bench.hangIn(1);
    leave(locks(8));
    assertThat(rim.swap(strategy("mailbox"))).isNull();
    assertThat(rim.swap(null)).isNull();
    assertThat(rim.swap(locks(2))).isNull();
    AtomicInteger ran = new AtomicInteger();
    AtomicInteger waited = new AtomicInteger();
    bench.post(5, waited::incrementAndGet);
    bench.call(2, ran::incrementAndGet);
    bench.call(3, ran::incrementAndGet);
    assertThat(waited).hasValue(0);
    assertThat(ran).hasValue(2);

    hanging.end();

    bench.until("it joins the one in force", () -> waited.get() == 1);
  }

  @Test
  void aCellComesBackIntoAParkedStackToo() {
    assertThat(rim.swap(locks(4))).isNull();
    Hanging hanging = bench.hangIn(1);
    leave(null);
    AtomicInteger ran = new AtomicInteger();
    bench.post(5, ran::incrementAndGet);
    hanging.end();
    bench.until("it is over", () -> rim.view().hung().isEmpty());
    assertThat(ran).hasValue(0);

    assertThat(rim.swap(strategy("mailbox"))).isNull();

    bench.until("it runs", () -> ran.get() == 1);
  }

  @Test
  void aFenceIsNotTakenForPassedWhileSomebodyHangs() {
    assertThat(rim.swap(locks(4))).isNull();
    Hanging hanging = bench.hangIn(1);
    leave(locks(2));
    assertThat(rim.fenceAll(bench.in(SECOND))).isFalse();
    hanging.end();
    bench.until("it is over", () -> rim.view().hung().isEmpty());
    assertThat(rim.fenceAll(bench.in(SECOND))).isTrue();
  }

  @Test
  void aStoppedStackLetsGoOfThoseWhoWait() {
    assertThat(rim.swap(locks(4))).isNull();
    bench.hangIn(1);
    leave(locks(2));
    Throwable[] thrown = new Throwable[1];
    bench.runtime.start(
        "caller",
        () -> {
          try {
            bench.call(5, () -> {});
          } catch (IllegalStateException e) {
            thrown[0] = e;
          }
        });
    bench.runtime.advance(SECOND);

    assertThat(rim.close(bench.in(5 * SECOND))).as("a thread is left inside").isFalse();

    bench.until("the caller is told", () -> thrown[0] != null);
    assertThat(thrown[0]).hasMessageContaining("has stopped");
  }

  @Test
  void theSameByChoiceIsRolledBackWithTheReason() {
    assertThat(rim.swap(locks(4))).isNull();
    Hanging hanging = bench.hangIn(1);

    String refused = rim.swap(strategy("mailbox"), SwapCause.COMMAND);

    assertThat(refused)
        .startsWith("rolled back: 1 of 4 partitions did not reach the fence in 2 s")
        .contains("SwapBench$Hanging.run");
    assertThat(lastSwap().outcome()).isEqualTo(refused);
    assertThat(lastSwap().cause()).isEqualTo(SwapCause.COMMAND);
    assertThat(rim.strategy()).isEqualTo("many-locks-4");
    AtomicInteger ran = new AtomicInteger();
    bench.call(2, ran::incrementAndGet);
    hanging.end();
    bench.call(5, ran::incrementAndGet);
    assertThat(ran).hasValue(2);
    assertThat(rim.swap(strategy("mailbox"))).isNull();
  }
}
