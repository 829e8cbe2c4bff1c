package org.penstock.testkit.concurrency;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.penstock.api.concurrency.Attempt;
import org.penstock.api.concurrency.Awaited;
import org.penstock.api.concurrency.ConcurrencyStrategy;
import org.penstock.api.concurrency.Exclusion;
import org.penstock.api.concurrency.Section;
import org.penstock.api.concurrency.StrategyInstance;
import org.penstock.api.runtime.Parker;
import org.penstock.api.runtime.RuntimeThread;
import org.penstock.api.runtime.StackRuntime;

/**
 * Swaps in the steps of the stack: start the next, closed; publish it; a fence section retires the
 * old; open the new; close the old. The little rim in here does what the stack's does.
 */
final class HandOverStorm {

  private record Guard(FakeHost host, StrategyInstance instance) {
    Exclusion exclusion() {
      return instance.exclusion(0);
    }
  }

  private final ConcurrencyStrategy even;
  private final ConcurrencyStrategy odd;
  private final RecordingRuntime runtime;
  private final FakeCore core;
  private final Tokens tokens;
  private final AtomicBoolean enough = new AtomicBoolean();
  private final AtomicInteger posted = new AtomicInteger();
  private final AtomicInteger ran = new AtomicInteger();
  private final AtomicInteger given = new AtomicInteger();
  private final AtomicInteger taken = new AtomicInteger();
  private final AtomicInteger timersSet = new AtomicInteger();
  private final AtomicInteger timersRun = new AtomicInteger();
  private volatile Guard guard;

  HandOverStorm(ConcurrencyStrategy even, ConcurrencyStrategy odd, StackRuntime runtime) {
    this.even = even;
    this.odd = odd;
    this.runtime = new RecordingRuntime(runtime);
    this.core = new FakeCore(this.runtime);
    this.tokens = new Tokens(core, () -> guard.exclusion());
    this.guard = start(even);
  }

  private Guard start(ConcurrencyStrategy strategy) {
    FakeHost host = new FakeHost("swap", runtime, core, section -> guard.exclusion().post(section));
    return new Guard(host, strategy.start(host));
  }

  private void call(Runnable body) {
    Section section = StrategyBench.section(body);
    while (!guard.exclusion().call(section)) {
      // Retired between two reads of the field; the next is published already.
      runtime.spinHint();
    }
  }

  private Awaited await(Attempt attempt) {
    long deadline = runtime.nanoTime() + StrategyBench.PATIENCE_NANOS;
    Awaited end = guard.exclusion().await(attempt, deadline);
    while (end == Awaited.MOVED && runtime.nanoTime() < deadline) {
      end = guard.exclusion().await(attempt, deadline);
    }
    return end;
  }

  void run(int threads, int swaps) {
    guard.instance.open();
    List<RuntimeThread> started = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      started.add(runtime.start("work-" + i, this::work));
      started.add(runtime.start("take-" + i, this::take));
    }
    for (int swap = 1; swap <= swaps; swap++) {
      swap(swap % 2 == 0 ? even : odd);
      // So that every instance gets something to do.
      int done = ran.get();
      until("the new instance works", () -> ran.get() > done);
    }
    enough.set(true);
    // A token for each that may still wait.
    for (int i = 0; i < threads; i++) {
      give();
    }
    for (RuntimeThread thread : started) {
      until("all threads of the test ended", () -> !thread.isAlive());
    }
    assertThat(runtime.thrown()).isEmpty();
    until("all posted sections ran once", () -> ran.get() == posted.get());
    until("all timers ran", () -> timersRun.get() == timersSet.get());
    int[] left = new int[2];
    call(() -> {
      left[0] = tokens.count();
      left[1] = tokens.waiting();
    });
    assertThat(left[0]).as("tokens left").isEqualTo(given.get() - taken.get());
    assertThat(left[1]).as("registered").isZero();
    end();
  }

  /** Posts, calls, sets timers, and gives tokens. */
  private void work() {
    for (int round = 0; !enough.get(); round++) {
      posted.incrementAndGet();
      guard
          .exclusion()
          .post(
              StrategyBench.section(() -> {
                core.counter++;
                core.indicate(ran::incrementAndGet);
              }));
      if (round % 3 == 0) {
        give();
      }
      if (round % 5 == 0) {
        timersSet.incrementAndGet();
        long deadline = runtime.nanoTime() + 1_000L * (round % 100);
        call(() -> core.at(deadline, timersRun::incrementAndGet));
      }
      int behind = posted.get() - ran.get();
      if (behind > 1_000) {
        until("some of what was posted ran", () -> posted.get() - ran.get() < 500);
      }
    }
  }

  private void give() {
    given.incrementAndGet();
    call(tokens::give);
  }

  private void take() {
    Tokens.Take take = tokens.new Take();
    while (!enough.get()) {
      Awaited end = await(take);
      if (end != Awaited.DONE) {
        throw new AssertionError("a wait ended " + end);
      }
      taken.incrementAndGet();
    }
  }

  private void swap(ConcurrencyStrategy strategy) {
    Guard before = guard;
    Guard after = start(strategy);
    guard = after;
    before.exclusion().post(StrategyBench.section(before.host.partition()::retire));
    until("the fence has run", before.host.partition()::wasRetired);
    after.instance.open();
    close(before);
  }

  private void close(Guard old) {
    long deadline = runtime.nanoTime() + StrategyBench.PATIENCE_NANOS;
    assertThat(old.instance.close(deadline)).as("the old one closed in time").isTrue();
    assertThat(old.host.failures()).isEmpty();
  }

  private void end() {
    guard.exclusion().post(StrategyBench.section(guard.host.partition()::retire));
    until("the last fence has run", guard.host.partition()::wasRetired);
    close(guard);
    assertThat(core.violations()).isEmpty();
    until("no thread is left", () -> runtime.alive().isEmpty());
  }

  private void until(String what, BooleanSupplier holds) {
    long deadline = runtime.nanoTime() + StrategyBench.PATIENCE_NANOS;
    Parker parker = runtime.parker();
    while (!holds.getAsBoolean()) {
      if (runtime.nanoTime() >= deadline) {
        throw new AssertionError(
            "still not so: "
                + what
                + "\nthreads:\n"
                + String.join("\n", runtime.alive())
                + "\nviolations: "
                + core.violations());
      }
      parker.parkUninterruptibly(runtime.nanoTime() + 100_000L);
    }
  }
}
