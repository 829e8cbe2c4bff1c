package org.penstock.concurrency.corelock;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.penstock.api.concurrency.ConcurrencyStrategy;
import org.penstock.api.concurrency.Section;
import org.penstock.api.runtime.SystemRuntime;
import org.penstock.testkit.concurrency.FakeQueue;
import org.penstock.testkit.concurrency.StrategyBench;

/** What is core locking's own: callers run what is theirs, the stack thread runs all the rest. */
class CoreLockStrategyTest {

  private static StrategyBench bench() {
    return new StrategyBench(new CoreLockStrategy(), SystemRuntime.get(), () -> {}).open();
  }

  /** The thread that runs what is posted. */
  private static long stackThread(StrategyBench bench) {
    long[] id = new long[1];
    AtomicBoolean ran = new AtomicBoolean();
    bench.post(() -> {
      id[0] = bench.runtime().threadId();
      ran.set(true);
    });
    bench.until("the stack thread ran it", ran::get);
    return id[0];
  }

  @Test
  void isFoundByServiceLoader() {
    assertThat(ServiceLoader.load(ConcurrencyStrategy.class))
        .anyMatch(found -> found instanceof CoreLockStrategy && found.name().equals("core-lock"));
  }

  @Test
  void callersComeInOnTheirOwnThreads() {
    try (StrategyBench bench = bench()) {
      long[] called = new long[1];
      bench.call(() -> called[0] = bench.runtime().threadId());
      assertThat(called[0]).isEqualTo(bench.runtime().threadId()).isNotEqualTo(stackThread(bench));
    }
  }

  @Test
  void readersAreNotLetIn() {
    try (StrategyBench bench = bench()) {
      AtomicInteger ran = new AtomicInteger();
      assertThat(bench.exclusion().deliver(StrategyBench.section(ran::incrementAndGet))).isFalse();
      assertThat(ran).hasValue(0);
    }
  }

  @Test
  void framesAndTimersNeverRunOnACallersThread() {
    try (StrategyBench bench = bench()) {
      long stack = stackThread(bench);
      Set<Long> threads = new HashSet<>();
      AtomicInteger frames = new AtomicInteger();
      AtomicInteger timers = new AtomicInteger();
      FakeQueue queue =
          new FakeQueue(
              bench.core(),
              count -> {
                Section section =
                    StrategyBench.section(() -> {
                      threads.add(bench.runtime().threadId());
                      frames.addAndGet(count);
                    });
                // As the stack does with frames whose reader is not let in.
                if (!bench.exclusion().deliver(section)) {
                  bench.post(section::execute);
                }
              });
      bench.instance().drive(queue, "bench/net0/0");
      for (int i = 0; i < 2_000; i++) {
        queue.arrive(1);
        // Calls find frames in the queue, and timers that are due.
        bench.call(() ->
            bench
                .core()
                .at(
                    0,
                    () -> {
                      threads.add(bench.runtime().threadId());
                      timers.incrementAndGet();
                    }));
      }
      bench.until("all frames came up", () -> frames.get() == 2_000);
      bench.until("all timers ran", () -> timers.get() == 2_000);
      bench.call(() -> {});
      assertThat(threads).containsExactly(stack);
      assertThat(bench.instance().release(queue, bench.patience())).isTrue();
    }
  }

  @Test
  void whoHasPostedNothingDoesNotWaitForWhatOthersPosted() {
    try (StrategyBench bench = bench()) {
      AtomicBoolean called = new AtomicBoolean();
      AtomicBoolean held = new AtomicBoolean();
      AtomicInteger ran = new AtomicInteger();
      // The stack thread is held in a handler, so that what is posted stays in the queue.
      bench.post(() ->
          bench
              .core()
              .indicate(() -> {
                held.set(true);
                bench.until("the caller got in", called::get);
              }));
      bench.until("the stack thread is held", held::get);
      bench.post(ran::incrementAndGet);
      bench.thread(
          "caller",
          () -> {
            bench.call(() -> {});
            called.set(true);
          });
      bench.until("what was posted ran at last", () -> ran.get() == 1);
    }
  }

  @Test
  void aCallInAHandlerOfTheStackThreadRunsWhatStandsInFrontOfIt() {
    try (StrategyBench bench = bench()) {
      List<String> order = new ArrayList<>();
      AtomicBoolean done = new AtomicBoolean();
      AtomicBoolean posted = new AtomicBoolean();
      AtomicBoolean inHandler = new AtomicBoolean();
      bench.thread(
          "other",
          () -> {
            bench.until("the handler runs", inHandler::get);
            bench.post(() -> order.add("posted by another"));
            posted.set(true);
          });
      bench.post(() ->
          bench
              .core()
              .indicate(() -> {
                inHandler.set(true);
                bench.until("the other has posted", posted::get);
                bench.call(() -> order.add("called"));
                done.set(true);
              }));
      bench.until("the handler has returned", done::get);
      bench.call(() -> {});
      assertThat(order).containsExactly("posted by another", "called");
    }
  }
}
