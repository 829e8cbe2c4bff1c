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
    Exclusion exclusion(int partition) {
      return instance.exclusion(partition);
    }

    void postFences() {
      host.retire((partition, fence) -> exclusion(partition).post(fence));
    }
  }

  private final ConcurrencyStrategy even;
  private final ConcurrencyStrategy odd;
  private final RecordingRuntime runtime;
  private final List<FakeCore> cores = new ArrayList<>();
  private final List<Tokens> tokens = new ArrayList<>();
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
    int cells = StrategyBench.CELLS;
    int processors = runtime.processors();
    int partitions =
        Math.min(even.partitions(cells, processors), odd.partitions(cells, processors));
    for (int i = 0; i < partitions; i++) {
      int partition = i;
      FakeCore core = new FakeCore(this.runtime);
      cores.add(core);
      tokens.add(new Tokens(core, () -> guard.exclusion(partition)));
    }
    this.guard = start(even);
  }

  private Guard start(ConcurrencyStrategy strategy) {
    FakeHost host =
        new FakeHost(
            "swap", runtime, cores, section -> guard.exclusion(section.cell()).post(section));
    return new Guard(host, strategy.start(host));
  }

  private void call(int partition, Runnable body) {
    Section section = StrategyBench.section(partition, body);
    while (!guard.exclusion(partition).call(section)) {
      // Retired between two reads of the field; the next is published already.
      runtime.spinHint();
    }
  }

  private Awaited await(Attempt attempt) {
    long deadline = runtime.nanoTime() + StrategyBench.PATIENCE_NANOS;
    Awaited end = guard.exclusion(attempt.cell()).await(attempt, deadline);
    while (end == Awaited.MOVED && runtime.nanoTime() < deadline) {
      end = guard.exclusion(attempt.cell()).await(attempt, deadline);
    }
    return end;
  }

  void run(int threads, int swaps) {
    guard.instance.open();
    List<RuntimeThread> started = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      started.add(runtime.start("work-" + i, this::work));
      int partition = i % cores.size();
      started.add(runtime.start("take-" + i, () -> take(partition)));
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
      give(i % cores.size());
    }
    for (RuntimeThread thread : started) {
      until("all threads of the test ended", () -> !thread.isAlive());
    }
    assertThat(runtime.thrown()).isEmpty();
    until("all posted sections ran once", () -> ran.get() == posted.get());
    until("all timers ran", () -> timersRun.get() == timersSet.get());
    int[] left = new int[2];
    for (int i = 0; i < cores.size(); i++) {
      Tokens of = tokens.get(i);
      call(
          i,
          () -> {
            left[0] += of.count();
            left[1] += of.waiting();
          });
    }
    assertThat(left[0]).as("tokens left").isEqualTo(given.get() - taken.get());
    assertThat(left[1]).as("registered").isZero();
    end();
  }

  /** Posts, calls, sets timers, and gives tokens. */
  private void work() {
    for (int round = 0; !enough.get(); round++) {
      int partition = round % cores.size();
      FakeCore core = cores.get(partition);
      posted.incrementAndGet();
      guard
          .exclusion(partition)
          .post(
              StrategyBench.section(
                  partition,
                  () -> {
                    core.counter++;
                    core.indicate(ran::incrementAndGet);
                  }));
      if (round % 3 == 0) {
        give(partition);
      }
      if (round % 5 == 0) {
        timersSet.incrementAndGet();
        long deadline = runtime.nanoTime() + 1_000L * (round % 100);
        call(partition, () -> core.at(deadline, timersRun::incrementAndGet));
      }
      int behind = posted.get() - ran.get();
      if (behind > 1_000) {
        until("some of what was posted ran", () -> posted.get() - ran.get() < 500);
      }
    }
  }

  private void give(int partition) {
    given.incrementAndGet();
    call(partition, tokens.get(partition)::give);
  }

  private void take(int partition) {
    Tokens.Take take = tokens.get(partition).new Take(partition);
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
    before.postFences();
    until("the fences have run", before.host::wasRetired);
    after.instance.open();
    close(before);
  }

  private void close(Guard old) {
    long deadline = runtime.nanoTime() + StrategyBench.PATIENCE_NANOS;
    assertThat(old.instance.close(deadline)).as("the old one closed in time").isTrue();
    assertThat(old.host.failures()).isEmpty();
  }

  private void end() {
    guard.postFences();
    until("the last fences have run", guard.host::wasRetired);
    close(guard);
    assertThat(violations()).isEmpty();
    until("no thread is left", () -> runtime.alive().isEmpty());
  }

  private List<AssertionError> violations() {
    return cores.stream().flatMap(core -> core.violations().stream()).toList();
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
                + violations());
      }
      parker.parkUninterruptibly(runtime.nanoTime() + 100_000L);
    }
  }
}
