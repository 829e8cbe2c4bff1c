package org.penstock.concurrency.caller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.penstock.api.concurrency.Awaited;
import org.penstock.api.concurrency.ConcurrencyStrategy;
import org.penstock.api.concurrency.Section;
import org.penstock.api.runtime.RuntimeThread;
import org.penstock.api.runtime.StackRuntime;
import org.penstock.testkit.concurrency.FakeQueue;
import org.penstock.testkit.concurrency.StrategyBench;
import org.penstock.testkit.concurrency.Tokens;
import org.penstock.testkit.runtime.VirtualRuntime;

class CallerStrategyTest {

  private final VirtualRuntime runtime = new VirtualRuntime(1);
  private final CallerStrategy strategy = new CallerStrategy();

  @AfterEach
  void closeRuntime() {
    runtime.close();
  }

  private static StrategyBench bench(CallerStrategy strategy, StackRuntime runtime) {
    return new StrategyBench(strategy, runtime, strategy::poll).open();
  }

  private StrategyBench bench() {
    return bench(strategy, runtime);
  }

  private void onAnotherThread(Runnable body) {
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    RuntimeThread thread =
        runtime.start(
            "another",
            () -> {
              try {
                body.run();
              } catch (Throwable e) {
                thrown.set(e);
              }
            });
    assertThat(thread.join(StackRuntime.NEVER)).isTrue();
    if (thrown.get() instanceof RuntimeException e) {
      throw e;
    }
    assertThat(thrown).hasNullValue();
  }

  @Test
  void isFoundByServiceLoader() {
    assertThat(ServiceLoader.load(ConcurrencyStrategy.class))
        .anyMatch(found -> found instanceof CallerStrategy && found.name().equals("caller"));
  }

  @Test
  void anotherThreadIsRefusedByAnErrorThatNamesBoth() {
    try (StrategyBench bench = bench()) {
      strategy.poll();
      long driver = runtime.threadId();
      List<Runnable> refused =
          List.of(
              strategy::poll,
              strategy::step,
              () -> bench.call(() -> {}),
              () -> bench.exclusion().await(bench.tokens().new Take(), 0));
      for (Runnable entry : refused) {
        assertThatThrownBy(() -> onAnotherThread(entry))
            .isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("stack bench")
            .hasMessageContaining("driven by thread " + driver)
            .hasMessageMatching("(?s).*by thread \\d+, which.*");
      }
    }
  }

  @Test
  void anotherThreadsPostsRunAtTheNextPoll() {
    try (StrategyBench bench = bench()) {
      strategy.poll();
      AtomicInteger ran = new AtomicInteger();
      onAnotherThread(() -> bench.post(ran::incrementAndGet));
      assertThat(ran).hasValue(0);
      assertThat(strategy.nextDeadline()).isLessThanOrEqualTo(runtime.nanoTime());
      assertThat(strategy.poll()).isEqualTo(1);
      assertThat(ran).hasValue(1);
      assertThat(strategy.nextDeadline()).isEqualTo(StackRuntime.NEVER);
    }
  }

  @Test
  void anotherThreadsFramesAreNotLetIn() {
    try (StrategyBench bench = bench()) {
      strategy.poll();
      List<Boolean> in = new ArrayList<>();
      onAnotherThread(
          () -> in.add(bench.exclusion().deliver(StrategyBench.section(() -> in.add(true)))));
      assertThat(in).containsExactly(false);
    }
  }

  @Test
  void theDrivingThreadCanBeChanged() {
    try (StrategyBench bench = bench()) {
      strategy.poll();
      onAnotherThread(() -> {
        strategy.takeOver();
        bench.call(() -> bench.core().counter++);
      });
      assertThatThrownBy(strategy::poll).isInstanceOf(IllegalStateException.class);
      strategy.takeOver();
      strategy.poll();
    }
  }

  @Test
  void aPostOfTheDrivingThreadRunsAtOnce() {
    try (StrategyBench bench = bench()) {
      strategy.poll();
      AtomicInteger ran = new AtomicInteger();
      bench.post(() -> bench.post(ran::incrementAndGet));
      assertThat(ran).hasValue(1);
    }
  }

  @Test
  void handlersThatPostAgainWithoutEndAreCutOff() {
    try (StrategyBench bench = bench()) {
      AtomicInteger turns = new AtomicInteger();
      boolean[] enough = new boolean[1];
      Section section =
          new Section(0) {
            @Override
            protected void run() {
              bench
                  .core()
                  .indicate(() -> {
                    turns.incrementAndGet();
                    if (!enough[0]) {
                      bench.exclusion().post(this);
                    }
                  });
            }
          };
      assertThat(bench.exclusion().call(section)).isTrue();
      int first = turns.get();
      assertThat(first).isPositive();
      assertThat(strategy.step()).isPositive();
      assertThat(turns.get()).isGreaterThan(first);
      enough[0] = true;
      strategy.poll();
    }
  }

  @Test
  void timersRunWhenTheClockHasMovedAndThePollComes() {
    try (StrategyBench bench = bench()) {
      List<Long> ran = new ArrayList<>();
      for (long due : new long[] {300, 100, 200}) {
        bench.call(() -> bench.core().at(due, () -> ran.add(due)));
      }
      assertThat(strategy.nextDeadline()).isEqualTo(100);
      assertThat(strategy.poll()).isZero();
      runtime.advanceTo(250);
      assertThat(ran).isEmpty();
      assertThat(strategy.poll()).isEqualTo(2);
      assertThat(ran).containsExactly(100L, 200L);
      assertThat(strategy.nextDeadline()).isEqualTo(300);
      runtime.advanceTo(300);
      assertThat(strategy.poll()).isEqualTo(1);
      assertThat(strategy.nextDeadline()).isEqualTo(StackRuntime.NEVER);
    }
  }

  /** A cable that carries a number each way: what comes in at one end comes out at the other. */
  private static final class Cable {
    private final List<String> log = new ArrayList<>();
    private final FakeQueue[] ends = new FakeQueue[2];

    private FakeQueue end(StrategyBench bench, int index, int bounces) {
      AtomicInteger left = new AtomicInteger(bounces);
      FakeQueue queue =
          new FakeQueue(
              bench.core(),
              count ->
                  bench
                      .exclusion()
                      .deliver(
                          StrategyBench.section(() -> {
                            log.add(index + "x" + count);
                            if (left.getAndDecrement() > 0) {
                              ends[1 - index].arrive(1);
                            }
                          })));
      ends[index] = queue;
      return queue;
    }
  }

  @Test
  void onePollDoesAllThatOneFrameLeadsToOnBothStacks() {
    try (StrategyBench a = bench();
        StrategyBench b = bench()) {
      Cable cable = new Cable();
      a.instance().drive(cable.end(a, 0, 3), "a");
      b.instance().drive(cable.end(b, 1, 3), "b");
      cable.ends[0].arrive(1);
      strategy.poll();
      assertThat(cable.log).containsExactly("0x1", "1x1", "0x1", "1x1", "0x1", "1x1", "0x1");
      assertThat(cable.ends[0].idles() + cable.ends[1].idles()).as("never idles").isZero();
      a.instance().release(cable.ends[0], 0);
      b.instance().release(cable.ends[1], 0);
    }
  }

  @Test
  void aStepEndsAlsoWhereStacksKeepEachOtherBusy() {
    try (StrategyBench a = bench();
        StrategyBench b = bench()) {
      Cable cable = new Cable();
      a.instance().drive(cable.end(a, 0, Integer.MAX_VALUE), "a");
      b.instance().drive(cable.end(b, 1, Integer.MAX_VALUE), "b");
      cable.ends[0].arrive(1);
      for (int i = 0; i < 10; i++) {
        assertThat(strategy.step()).isPositive();
      }
      assertThat(cable.log).hasSizeBetween(10, 20);
      a.instance().release(cable.ends[0], 0);
      b.instance().release(cable.ends[1], 0);
    }
  }

  private static List<String> story(long seed) {
    try (VirtualRuntime runtime = new VirtualRuntime(seed)) {
      CallerStrategy strategy = new CallerStrategy();
      List<String> log = new ArrayList<>();
      try (StrategyBench bench = bench(strategy, runtime)) {
        for (int i = 0; i < 200; i++) {
          String name = String.valueOf(i);
          long due = runtime.nanoTime() + runtime.random().nextInt(10_000);
          bench.call(() -> bench.core().at(due, () -> log.add(name + "@" + runtime.nanoTime())));
          runtime.advance(runtime.random().nextInt(1_000));
          strategy.poll();
        }
      }
      return log;
    }
  }

  @Test
  void theSameCallsClockAndSeedGiveTheSame() {
    assertThat(story(4)).hasSizeGreaterThan(100).isEqualTo(story(4)).isNotEqualTo(story(5));
  }

  @Test
  void aWaitPollsAndEndsWhenTheConditionHolds() {
    try (StrategyBench bench = bench()) {
      Tokens tokens = bench.tokens();
      AtomicInteger frames = new AtomicInteger();
      FakeQueue queue =
          new FakeQueue(
              bench.core(),
              count ->
                  bench
                      .exclusion()
                      .deliver(
                          StrategyBench.section(() -> {
                            frames.addAndGet(count);
                            tokens.give();
                          })));
      queue.arrive(1);
      bench.instance().drive(queue, "bench/net0/0");
      assertThat(bench.exclusion().await(tokens.new Take(), StackRuntime.NEVER))
          .isEqualTo(Awaited.DONE);
      assertThat(frames).hasValue(1);
      bench.instance().release(queue, 0);
    }
  }

  @Test
  void aWaitThatWouldSleepFailsAndIsAbandoned() {
    try (StrategyBench bench = bench()) {
      Tokens tokens = bench.tokens();
      bench.call(() -> bench.core().at(5_000, tokens::give));
      assertThatThrownBy(() -> bench.exclusion().await(tokens.new Take(), StackRuntime.NEVER))
          .isInstanceOf(WouldSleepException.class)
          .hasMessageContaining("stack bench")
          .hasMessageContaining("5000 ns");
      bench.call(
          () -> assertThat(List.of(tokens.waiting(), tokens.abandoned())).containsExactly(0, 1));
      assertThat(runtime.nanoTime()).isZero();
    }
  }

  @Test
  void aWaitWhoseDeadlineIsPastTimesOut() {
    try (StrategyBench bench = bench()) {
      Tokens tokens = bench.tokens();
      runtime.advance(1_000);
      assertThat(bench.exclusion().await(tokens.new Take(), 1_000)).isEqualTo(Awaited.TIMED_OUT);
    }
  }

  @Test
  void anInterruptedThreadsWaitEndsAtOnce() {
    try (StrategyBench bench = bench()) {
      Thread.currentThread().interrupt();
      assertThat(bench.exclusion().await(bench.tokens().new Take(), StackRuntime.NEVER))
          .isEqualTo(Awaited.INTERRUPTED);
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void withAWaitingTheClockMovesInsideABlockingCall() {
    CallerStrategy moving =
        new CallerStrategy(deadline -> {
          if (deadline == StackRuntime.NEVER) {
            return false;
          }
          runtime.advanceTo(deadline);
          return true;
        });
    try (StrategyBench bench = bench(moving, runtime)) {
      Tokens tokens = bench.tokens();
      bench.call(() -> bench.core().at(5_000, tokens::give));
      assertThat(bench.exclusion().await(tokens.new Take(), StackRuntime.NEVER))
          .isEqualTo(Awaited.DONE);
      assertThat(runtime.nanoTime()).isEqualTo(5_000);
      assertThat(bench.exclusion().await(tokens.new Take(), 8_000)).isEqualTo(Awaited.TIMED_OUT);
      assertThat(runtime.nanoTime()).isEqualTo(8_000);
      assertThatThrownBy(() -> bench.exclusion().await(tokens.new Take(), StackRuntime.NEVER))
          .isInstanceOf(WouldSleepException.class)
          .hasMessageContaining("no timer");
    }
  }

  @Test
  void aHandlerDoesNotPoll() {
    try (StrategyBench bench = bench()) {
      List<String> refused = new ArrayList<>();
      Runnable poll =
          () -> {
            try {
              strategy.poll();
            } catch (IllegalStateException e) {
              refused.add(e.getMessage());
            }
          };
      bench.call(poll);
      bench.call(() -> bench.core().indicate(poll));
      assertThat(refused).hasSize(2);
      assertThat(refused.get(0)).contains("CORE");
      assertThat(refused.get(1)).contains("DISPATCH");
    }
  }

  @Test
  void aClosedStackIsNoLongerPolled() {
    AtomicInteger worked = new AtomicInteger();
    try (StrategyBench bench = bench()) {
      bench.call(() -> bench.core().at(10, worked::incrementAndGet));
    }
    runtime.advance(100);
    assertThat(strategy.poll()).isZero();
    assertThat(strategy.nextDeadline()).isEqualTo(StackRuntime.NEVER);
    assertThat(worked).hasValue(0);
  }
}
