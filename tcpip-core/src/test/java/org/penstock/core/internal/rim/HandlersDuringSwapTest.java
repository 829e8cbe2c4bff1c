package org.penstock.core.internal.rim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.penstock.api.concurrency.Attempt;
import org.penstock.api.concurrency.Awaited;
import org.penstock.api.concurrency.ConcurrencyStrategy;
import org.penstock.api.concurrency.Indication;
import org.penstock.api.concurrency.Section;
import org.penstock.api.runtime.StackRuntime;
import org.penstock.api.runtime.SystemRuntime;
import org.penstock.core.internal.cell.Cell;

/**
 * Event handlers that enter the stack again while its strategy is replaced. Under a strategy with a
 * thread of its own they run on the very thread that has to run the fence.
 */
@Timeout(120)
class HandlersDuringSwapTest {

  private static final int CELLS = 4;
  private static final long SECOND = 1_000_000_000L;

  private final StackRuntime runtime = SystemRuntime.get();
  private final Cell[] cells = new Cell[CELLS];
  private final Rim rim;
  private final AtomicInteger handled = new AtomicInteger();
  private final AtomicInteger called = new AtomicInteger();
  private volatile boolean stopped;

  HandlersDuringSwapTest() {
    for (int i = 0; i < CELLS; i++) {
      cells[i] = new Cell(i, runtime.nanoTime());
    }
    rim = new Rim("test", runtime, cells, true);
  }

  /** Leaves a handler that calls, and posts itself again. */
  private final class Busy extends Section {
    private final Section[] inner = new Section[CELLS];

    private final Indication handler =
        new Indication() {
          @Override
          protected void indicate() {
            // Into its own cell and the others, which may lie in other partitions.
            for (Section section : inner) {
              rim.call(section);
            }
            handled.incrementAndGet();
            if (!stopped) {
              rim.post(Busy.this);
            }
          }
        };

    Busy(int cell) {
      super(cell);
      for (int i = 0; i < CELLS; i++) {
        inner[i] =
            new Section(i) {
              @Override
              protected void run() {
                called.incrementAndGet();
              }
            };
      }
    }

    @Override
    protected void run() {
      rim.indicate(cell(), handler);
    }
  }

  private static ConcurrencyStrategy strategy(String name) {
    for (ConcurrencyStrategy found : ServiceLoader.load(ConcurrencyStrategy.class)) {
      if (found.name().equals(name)) {
        return found;
      }
    }
    throw new AssertionError("no strategy " + name);
  }

  @Test
  void aHandlerThatCallsDoesNotHoldUpTheSwap() {
    List<ConcurrencyStrategy> strategies =
        List.of(strategy("global-lock"), strategy("sharded"), strategy("mailbox"));
    assertThat(rim.swap(strategies.getLast())).isNull();
    for (int cell = 0; cell < CELLS; cell++) {
      rim.post(new Busy(cell));
    }
    for (int swap = 0; swap < 40; swap++) {
      int before = handled.get();
      assertThat(rim.swap(strategies.get(swap % 3))).as("swap %d", swap).isNull();
      long deadline = runtime.nanoTime() + 20 * SECOND;
      while (handled.get() < before + 20 && runtime.nanoTime() < deadline) {
        Thread.onSpinWait();
      }
      assertThat(handled.get()).as("handlers go on after swap %d", swap).isGreaterThan(before);
    }
    stopped = true;
    assertThat(rim.close(runtime.nanoTime() + 10 * SECOND)).isTrue();
    assertThat(called.get()).isGreaterThanOrEqualTo(CELLS * handled.get());
    assertThat(rim.overlaps()).isZero();
  }

  @Test
  void aStoppedStackRefusesCallsAndEndsWaits() {
    assertThat(rim.swap(strategy("global-lock"))).isNull();
    assertThat(rim.close(runtime.nanoTime() + 10 * SECOND)).isTrue();
    Section section =
        new Section(0) {
          @Override
          protected void run() {
            called.incrementAndGet();
          }
        };
    assertThatThrownBy(() -> rim.call(section))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("stack test has stopped");
    rim.post(section);
    Attempt never =
        new Attempt(0) {
          @Override
          protected boolean attempt() {
            return false;
          }

          @Override
          protected void abandon() {}
        };
    assertThat(rim.await("wait", never, StackRuntime.NEVER)).isEqualTo(Awaited.TIMED_OUT);
    assertThat(called).hasValue(0);
  }
}
