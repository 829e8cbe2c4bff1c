package org.penstock.testkit.concurrency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.penstock.api.concurrency.Awaited;
import org.penstock.api.runtime.RuntimeThread;
import org.penstock.api.runtime.StackRuntime;

/** Waits of threads that are not the stack's. */
public interface WaitContract extends StrategyUnderTest {

  /** Waits until so many attempts are registered. */
  private static void untilWaiting(StrategyBench bench, Tokens tokens, int count) {
    bench.until(
        count + " wait",
        () -> {
          int[] waiting = new int[1];
          bench.call(() -> waiting[0] = tokens.waiting());
          return waiting[0] == count;
        });
  }

  private static int abandoned(StrategyBench bench, Tokens tokens) {
    int[] abandoned = new int[1];
    bench.call(() -> abandoned[0] = tokens.abandoned());
    return abandoned[0];
  }

  private static AtomicReference<Awaited> awaiting(
      StrategyBench bench, Tokens tokens, long deadlineNanos) {
    AtomicReference<Awaited> end = new AtomicReference<>();
    bench.thread("wait", () -> end.set(bench.exclusion().await(tokens.new Take(), deadlineNanos)));
    return end;
  }

  @Test
  default void aConditionThatHoldsEndsTheWaitAtOnce() {
    try (StrategyBench bench = openBench()) {
      Tokens tokens = bench.tokens();
      bench.call(tokens::give);
      // Even by a deadline that is past: the attempt comes first.
      assertThat(bench.exclusion().await(tokens.new Take(), 0)).isEqualTo(Awaited.DONE);
      assertThat(abandoned(bench, tokens)).isZero();
    }
  }

  @Test
  default void aSignalEndsTheWait() {
    try (StrategyBench bench = openBench()) {
      Tokens tokens = bench.tokens();
      AtomicReference<Awaited> end = awaiting(bench, tokens, StackRuntime.NEVER);
      untilWaiting(bench, tokens, 1);
      assertThat(bench.instance().statistics().waits()).isPositive();
      bench.post(tokens::give);
      bench.join();
      assertThat(end).hasValue(Awaited.DONE);
    }
  }

  @Test
  default void aSignalInVainDoesNotEndTheWait() {
    try (StrategyBench bench = openBench()) {
      Tokens tokens = bench.tokens();
      AtomicReference<Awaited> end = awaiting(bench, tokens, StackRuntime.NEVER);
      untilWaiting(bench, tokens, 1);
      for (int i = 0; i < 100; i++) {
        bench.call(tokens::signalInVain);
      }
      assertThat(end).hasNullValue();
      bench.post(tokens::give);
      bench.join();
      assertThat(end).hasValue(Awaited.DONE);
      assertThat(abandoned(bench, tokens)).isZero();
    }
  }

  @Test
  default void aDeadlineEndsTheWaitAndTheAttemptIsAbandonedInside() {
    try (StrategyBench bench = openBench()) {
      Tokens tokens = bench.tokens();
      long deadline = bench.in(20_000_000L);
      assertThat(bench.exclusion().await(tokens.new Take(), deadline)).isEqualTo(Awaited.TIMED_OUT);
      assertThat(bench.runtime().nanoTime()).isGreaterThanOrEqualTo(deadline);
      assertThat(abandoned(bench, tokens)).isEqualTo(1);
      untilWaiting(bench, tokens, 0);
    }
  }

  @Test
  default void signalsInVainDoNotKeepAWaitFromItsDeadline() {
    try (StrategyBench bench = openBench()) {
      Tokens tokens = bench.tokens();
      AtomicReference<Awaited> end = awaiting(bench, tokens, bench.in(50_000_000L));
      bench.until(
          "the wait has ended",
          () -> {
            bench.call(tokens::signalInVain);
            return end.get() != null;
          });
      assertThat(end).hasValue(Awaited.TIMED_OUT);
      assertThat(abandoned(bench, tokens)).isEqualTo(1);
    }
  }

  @Test
  default void anInterruptEndsTheWaitAndStaysSet() {
    try (StrategyBench bench = openBench()) {
      Tokens tokens = bench.tokens();
      AtomicReference<Awaited> end = new AtomicReference<>();
      AtomicBoolean still = new AtomicBoolean();
      RuntimeThread thread =
          bench.thread(
              "wait",
              () -> {
                end.set(bench.exclusion().await(tokens.new Take(), StackRuntime.NEVER));
                still.set(Thread.currentThread().isInterrupted());
              });
      untilWaiting(bench, tokens, 1);
      thread.interrupt();
      bench.join();
      assertThat(end).hasValue(Awaited.INTERRUPTED);
      assertThat(still).isTrue();
      assertThat(abandoned(bench, tokens)).isEqualTo(1);
    }
  }

  @Test
  default void anInterruptBeforeTheWaitLeavesTheAttemptItsChance() {
    try (StrategyBench bench = openBench()) {
      Tokens tokens = bench.tokens();
      bench.call(tokens::give);
      Queue<Awaited> ends = new ConcurrentLinkedQueue<>();
      bench.thread(
          "wait",
          () -> {
            Thread.currentThread().interrupt();
            ends.add(bench.exclusion().await(tokens.new Take(), StackRuntime.NEVER));
            ends.add(bench.exclusion().await(tokens.new Take(), StackRuntime.NEVER));
          });
      bench.join();
      assertThat(List.copyOf(ends)).containsExactly(Awaited.DONE, Awaited.INTERRUPTED);
    }
  }

  @Test
  default void anAttemptThatThrowsFailsItsWaiterOnly() {
    try (StrategyBench bench = openBench()) {
      Tokens tokens = bench.tokens();
      IllegalStateException failure = new IllegalStateException("of the attempt");
      Queue<Throwable> thrown = new ConcurrentLinkedQueue<>();
      bench.thread(
          "wait",
          () -> {
            try {
              bench.exclusion().await(tokens.new Take(failure), StackRuntime.NEVER);
            } catch (IllegalStateException e) {
              thrown.add(e);
            }
          });
      bench.join();
      assertThat(thrown).containsExactly(failure);
      assertThat(bench.call(() -> {})).isTrue();
    }
  }

  @Test
  default void sleepersMoveWhenTheInstanceCloses() {
    try (StrategyBench bench = openBench()) {
      Tokens tokens = bench.tokens();
      Queue<Awaited> ends = new ConcurrentLinkedQueue<>();
      for (int i = 0; i < 5; i++) {
        bench.thread(
            "wait-" + i,
            () -> ends.add(bench.exclusion().await(tokens.new Take(), StackRuntime.NEVER)));
      }
      untilWaiting(bench, tokens, 5);
      bench.retire();
      bench.end();
      bench.join();
      assertThat(ends).hasSize(5).containsOnly(Awaited.MOVED);
    }
  }

  @Test
  default void aWaitOnARetiredOrClosedInstanceMoves() {
    try (StrategyBench bench = openBench()) {
      Tokens tokens = bench.tokens();
      bench.retire();
      Queue<Awaited> ends = new ConcurrentLinkedQueue<>();
      Runnable wait =
          () -> ends.add(bench.exclusion().await(tokens.new Take(), StackRuntime.NEVER));
      bench.thread("retired", wait);
      bench.join();
      bench.end();
      bench.thread("closed", wait);
      bench.join();
      assertThat(List.copyOf(ends)).containsExactly(Awaited.MOVED, Awaited.MOVED);
    }
  }

  @Test
  default void aWaitThatHasEndedLeavesNoRecordOfItsThread() {
    try (StrategyBench bench = openBench()) {
      Tokens tokens = bench.tokens();
      Tokens.Take take = tokens.new Take();
      bench.call(tokens::give);
      assertThat(bench.exclusion().await(take, 0)).isEqualTo(Awaited.DONE);
      assertThat(take.sleeper()).as("after DONE").isNull();
      assertThat(bench.exclusion().await(take, 0)).isEqualTo(Awaited.TIMED_OUT);
      assertThat(take.sleeper()).as("after TIMED_OUT").isNull();
      Tokens.Take failing = tokens.new Take(new IllegalStateException("of the attempt"));
      assertThatThrownBy(() -> bench.exclusion().await(failing, StackRuntime.NEVER))
          .hasMessage("of the attempt");
      assertThat(failing.sleeper()).as("after an exception").isNull();
      AtomicReference<Awaited> end = new AtomicReference<>();
      bench.thread("wait", () -> end.set(bench.exclusion().await(take, StackRuntime.NEVER)));
      untilWaiting(bench, tokens, 1);
      bench.retire();
      bench.end();
      bench.join();
      assertThat(end).hasValue(Awaited.MOVED);
      assertThat(take.sleeper()).as("after MOVED").isNull();
    }
  }

  @Test
  default void aWaitThatFindsThePartitionRetiredLeavesNoRecordOfItsThread() {
    try (StrategyBench bench = openBench()) {
      Tokens.Take take = bench.tokens().new Take();
      bench.retire();
      assertThat(bench.exclusion().await(take, StackRuntime.NEVER)).isEqualTo(Awaited.MOVED);
      assertThat(take.sleeper()).isNull();
    }
  }

  @Test
  default void waitsBlockUntilTheInstanceOpens() {
    try (StrategyBench bench = closedBench()) {
      Tokens tokens = bench.tokens();
      AtomicBoolean opened = new AtomicBoolean();
      Queue<String> wrong = new ConcurrentLinkedQueue<>();
      bench.thread(
          "wait",
          () -> {
            Awaited end = bench.exclusion().await(tokens.new Take(), StackRuntime.NEVER);
            if (end != Awaited.DONE || !opened.get()) {
              wrong.add(end + ", opened " + opened);
            }
          });
      bench.post(tokens::give);
      opened.set(true);
      bench.open();
      bench.join();
      assertThat(wrong).isEmpty();
    }
  }
}
