package org.penstock.testkit.concurrency;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.penstock.api.netif.QueueAgent;
import org.penstock.api.runtime.Parker;
import org.penstock.api.runtime.StackRuntime;

/** What a strategy's own threads must not do: enter too early, hang, or run in vain. */
public interface BoundsContract extends StrategyUnderTest {

  @Test
  default void callsBlockUntilTheInstanceOpens() {
    try (StrategyBench bench = closedBench()) {
      AtomicInteger ran = new AtomicInteger();
      bench.thread("call", () -> bench.call(ran::incrementAndGet));
      assertThat(ran).hasValue(0);
      bench.open();
      bench.until("it ran", () -> ran.get() == 1);
    }
  }

  @Test
  default void closeGivesUpInTimeIfTheInstanceHangs() {
    try (StrategyBench bench = openBench()) {
      AtomicInteger state = new AtomicInteger();
      bench.thread(
          "hang",
          () ->
              bench.post(() -> {
                state.set(1);
                while (state.get() == 1) {
                  bench.runtime().spinHint();
                }
              }));
      bench.until("a section hangs inside", () -> state.get() == 1);
      bench.postFences();
      assertThat(bench.instance().close(bench.in(20_000_000L))).isFalse();
      state.set(2);
      bench.end();
    }
  }

  /** A driver that does not come back until it is told so. */
  final class Stuck implements QueueAgent {
    private final StackRuntime runtime;
    private final AtomicBoolean free = new AtomicBoolean();
    private final AtomicBoolean entered = new AtomicBoolean();

    Stuck(StackRuntime runtime) {
      this.runtime = runtime;
    }

    @Override
    public int work(int budget) {
      entered.set(true);
      Parker parker = runtime.parker();
      while (!free.get()) {
        parker.parkUninterruptibly(runtime.nanoTime() + 1_000_000L);
      }
      return 0;
    }

    @Override
    public void idle(long deadlineNanos) {
      runtime.parker().park(Math.min(deadlineNanos, runtime.nanoTime() + 1_000_000L));
    }

    @Override
    public void wake() {}
  }

  @Test
  default void aDriverThatHangsIsReportedByReleaseInTime() {
    try (StrategyBench bench = openBench()) {
      Stuck queue = new Stuck(bench.runtime());
      bench.instance().drive(queue, "bench/net0/0");
      bench.until("its driver hangs", queue.entered::get);
      assertThat(bench.instance().release(queue, bench.in(20_000_000L))).isFalse();
      queue.free.set(true);
      assertThat(bench.instance().release(queue, bench.patience())).isTrue();
    }
  }

  @Test
  default void anIdleInstanceStaysIdle() {
    try (StrategyBench bench = openBench()) {
      FakeQueue queue = new FakeQueue(bench.core(), count -> {});
      bench.instance().drive(queue, "bench/net0/0");
      bench.until("a thread idles in the queue", queue::isIdle);
      long idles = queue.idles();
      long later = bench.in(20_000_000L);
      bench.until("some time went by", () -> bench.runtime().nanoTime() >= later);
      assertThat(queue.idles() - idles).isLessThanOrEqualTo(2);
      assertThat(bench.instance().release(queue, bench.patience())).isTrue();
    }
  }
}
