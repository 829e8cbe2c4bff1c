package org.penstock.testkit.concurrency;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.penstock.api.concurrency.Section;

/** Driver queues are worked by the strategy's threads, which idle in them and let go of them. */
public interface QueueContract extends StrategyUnderTest {

  /** A queue whose frames are counted inside, delivered or posted as the rim does it. */
  private static FakeQueue queue(StrategyBench bench, AtomicInteger frames) {
    return new FakeQueue(
        bench.core(),
        count -> {
          Section section =
              StrategyBench.section(() -> {
                bench.core().counter += count;
                frames.addAndGet(count);
              });
          if (!bench.exclusion().deliver(section)) {
            bench.exclusion().post(section);
          }
        });
  }

  private static void release(StrategyBench bench, FakeQueue queue) {
    assertThat(bench.instance().release(queue, bench.patience())).isTrue();
    queue.released();
  }

  @Test
  default void aDrivenQueueIsWorkedUntilItIsEmpty() {
    try (StrategyBench bench = openBench()) {
      AtomicInteger frames = new AtomicInteger();
      FakeQueue queue = queue(bench, frames);
      queue.arrive(1_000);
      bench.instance().drive(queue, "bench/net0/0");
      bench.until("all frames came up", () -> frames.get() == 1_000);
      release(bench, queue);
    }
  }

  @Test
  default void framesThatArriveLaterAreNoticed() {
    try (StrategyBench bench = openBench()) {
      AtomicInteger frames = new AtomicInteger();
      FakeQueue queue = queue(bench, frames);
      bench.instance().drive(queue, "bench/net0/0");
      for (int i = 1; i <= 200; i++) {
        queue.arrive(1);
        int count = i;
        bench.until("the frame came up", () -> frames.get() == count);
      }
      release(bench, queue);
    }
  }

  @Test
  default void postsCallsAndTimersGoOnBesideAQueue() {
    try (StrategyBench bench = openBench()) {
      AtomicInteger frames = new AtomicInteger();
      AtomicInteger others = new AtomicInteger();
      FakeQueue queue = queue(bench, frames);
      bench.instance().drive(queue, "bench/net0/0");
      for (int i = 0; i < 200; i++) {
        queue.arrive(10);
        bench.post(others::incrementAndGet);
        bench.call(others::incrementAndGet);
        bench.post(() -> bench.core().at(bench.in(100_000L), others::incrementAndGet));
        int count = 3 * (i + 1);
        bench.until("post, call and timer ran", () -> others.get() == count);
      }
      bench.until("all frames came up", () -> frames.get() == 2_000);
      release(bench, queue);
    }
  }

  @Test
  default void severalQueuesAreDrivenAtOnce() {
    try (StrategyBench bench = openBench()) {
      AtomicInteger frames = new AtomicInteger();
      List<FakeQueue> queues = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        FakeQueue queue = queue(bench, frames);
        queues.add(queue);
        bench.instance().drive(queue, "bench/net0/" + i);
      }
      for (int round = 0; round < 100; round++) {
        for (FakeQueue queue : queues) {
          queue.arrive(5);
        }
      }
      bench.until("all frames came up", () -> frames.get() == 2_000);
      for (FakeQueue queue : queues) {
        release(bench, queue);
      }
    }
  }

  @Test
  default void aReleasedQueueIsLeftAlone() {
    try (StrategyBench bench = openBench()) {
      AtomicInteger frames = new AtomicInteger();
      FakeQueue first = queue(bench, frames);
      FakeQueue second = queue(bench, frames);
      for (int round = 0; round < 100; round++) {
        first.driven();
        second.driven();
        bench.instance().drive(first, "bench/net0/0");
        bench.instance().drive(second, "bench/net0/1");
        first.arrive(round % 3);
        // These wake whoever idles, perhaps in a queue that is being released.
        bench.post(() -> bench.core().counter++);
        release(bench, round % 2 == 0 ? first : second);
        bench.post(() -> bench.core().counter++);
        release(bench, round % 2 == 0 ? second : first);
      }
      int before = frames.get();
      first.arrive(1);
      assertThat(bench.call(() -> {})).isTrue();
      assertThat(frames.get()).isEqualTo(before);
    }
  }

  @Test
  default void aQueueDrivenBeforeTheInstanceOpensIsWorkedAfterwards() {
    try (StrategyBench bench = closedBench()) {
      AtomicInteger frames = new AtomicInteger();
      FakeQueue queue = queue(bench, frames);
      queue.arrive(100);
      bench.instance().drive(queue, "bench/net0/0");
      bench.open();
      bench.until("all frames came up", () -> frames.get() == 100);
      release(bench, queue);
    }
  }

  @Test
  default void aQueueCanBeReleasedFromAnInstanceThatNeverOpened() {
    try (StrategyBench bench = closedBench()) {
      FakeQueue queue = queue(bench, new AtomicInteger());
      bench.instance().drive(queue, "bench/net0/0");
      release(bench, queue);
    }
  }

  @Test
  default void aQueueThatWasNeverDrivenIsReleasedAtOnce() {
    try (StrategyBench bench = openBench()) {
      release(bench, queue(bench, new AtomicInteger()));
    }
  }

  @Test
  default void anExceptionOfADriverIsReportedAndItsQueueTriedAgain() {
    try (StrategyBench bench = openBench()) {
      AtomicInteger frames = new AtomicInteger();
      AtomicBoolean thrown = new AtomicBoolean();
      FakeQueue queue =
          new FakeQueue(
              bench.core(),
              count -> {
                if (!thrown.getAndSet(true)) {
                  throw new IllegalStateException("of the driver");
                }
                frames.addAndGet(count);
              });
      queue.arrive(1);
      bench.instance().drive(queue, "bench/net0/0");
      bench.until("it was reported", () -> !bench.host().failures().isEmpty());
      assertThat(bench.host().failures().getFirst().what()).contains("bench/net0/0");
      assertThat(bench.host().failures().getFirst().cause()).hasMessage("of the driver");
      bench.host().forgetFailures();
      assertThat(bench.call(() -> {})).isTrue();
      queue.arrive(7);
      bench.until("it is worked again", () -> frames.get() == 7);
      release(bench, queue);
    }
  }

  @Test
  default void closeLetsGoOfQueuesStillDriven() {
    try (StrategyBench bench = openBench()) {
      AtomicInteger frames = new AtomicInteger();
      FakeQueue first = queue(bench, frames);
      FakeQueue second = queue(bench, frames);
      bench.instance().drive(first, "bench/net0/0");
      bench.instance().drive(second, "bench/net0/1");
      first.arrive(1);
      second.arrive(1);
      bench.until("both were worked", () -> frames.get() == 2);
      bench.retire();
      bench.end();
      first.released();
      second.released();
    }
  }
}
