package org.penstock.concurrency.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.penstock.api.concurrency.ConcurrencyStrategy;
import org.penstock.api.concurrency.Section;
import org.penstock.api.netif.QueueAgent;
import org.penstock.api.runtime.Parker;
import org.penstock.api.runtime.SystemRuntime;
import org.penstock.testkit.concurrency.FakeQueue;
import org.penstock.testkit.concurrency.StrategyBench;

/** What is the mailbox's own: one thread, which reads the first queue and sleeps in it. */
class MailboxStrategyTest {

  private static StrategyBench bench() {
    return new StrategyBench(new MailboxStrategy(), SystemRuntime.get(), () -> {}).open();
  }

  private static long stackThread(StrategyBench bench) {
    long[] id = new long[1];
    bench.call(() -> id[0] = bench.runtime().threadId());
    return id[0];
  }

  @Test
  void isFoundByServiceLoader() {
    assertThat(ServiceLoader.load(ConcurrencyStrategy.class))
        .anyMatch(found -> found instanceof MailboxStrategy && found.name().equals("mailbox"));
  }

  @Test
  void everythingRunsOnTheOneThread() {
    try (StrategyBench bench = bench()) {
      long stack = stackThread(bench);
      assertThat(stack).isNotEqualTo(bench.runtime().threadId());
      List<Long> threads = new ArrayList<>();
      AtomicInteger ran = new AtomicInteger();
      Runnable note =
          () -> {
            threads.add(bench.runtime().threadId());
            ran.incrementAndGet();
          };
      bench.post(note);
      bench.call(note);
      bench.post(() -> bench.core().at(0, note));
      bench.post(() -> bench.core().indicate(note));
      bench.thread("other", () -> bench.call(note));
      bench.until("all ran", () -> ran.get() == 5);
      bench.call(() -> {});
      assertThat(threads).hasSize(5).containsOnly(stack);
    }
  }

  @Test
  void theStackThreadReadsTheFirstQueueAndLetsItsFramesIn() {
    try (StrategyBench bench = bench()) {
      long stack = stackThread(bench);
      AtomicLong reader = new AtomicLong();
      AtomicInteger in = new AtomicInteger();
      FakeQueue queue =
          new FakeQueue(
              bench.core(),
              count -> {
                reader.set(bench.runtime().threadId());
                Section frames = StrategyBench.section(() -> in.addAndGet(count));
                assertThat(bench.exclusion().deliver(frames)).isTrue();
              });
      bench.instance().drive(queue, "bench/net0/0");
      queue.arrive(3);
      bench.until("the frames are in", () -> in.get() == 3);
      assertThat(reader).hasValue(stack);
      assertThat(bench.instance().release(queue, bench.patience())).isTrue();
    }
  }

  @Test
  void furtherQueuesHaveReadersWhoseFramesArePosted() {
    try (StrategyBench bench = bench()) {
      long stack = stackThread(bench);
      FakeQueue first = new FakeQueue(bench.core(), count -> {});
      bench.instance().drive(first, "bench/net0/0");
      AtomicLong reader = new AtomicLong();
      AtomicReference<Boolean> letIn = new AtomicReference<>();
      FakeQueue second =
          new FakeQueue(
              bench.core(),
              count -> {
                reader.set(bench.runtime().threadId());
                letIn.set(bench.exclusion().deliver(StrategyBench.section(() -> {})));
              });
      bench.instance().drive(second, "bench/net1/0");
      second.arrive(1);
      bench.until("the second was read", () -> letIn.get() != null);
      assertThat(letIn).hasValue(false);
      assertThat(reader.get()).isNotEqualTo(stack);
      assertThat(bench.instance().release(second, bench.patience())).isTrue();
      assertThat(bench.instance().release(first, bench.patience())).isTrue();
    }
  }

  /** A queue that counts how often it was woken. */
  private static final class WakeCounter implements QueueAgent {
    private final StrategyBench bench;
    private final AtomicInteger wakes = new AtomicInteger();
    private final AtomicReference<Parker> idler = new AtomicReference<>();

    WakeCounter(StrategyBench bench) {
      this.bench = bench;
    }

    @Override
    public int work(int budget) {
      return 0;
    }

    @Override
    public void idle(long deadlineNanos) {
      Parker parker = bench.runtime().parker();
      int before = wakes.get();
      idler.set(parker);
      while (wakes.get() == before && bench.runtime().nanoTime() < deadlineNanos) {
        parker.park(deadlineNanos);
      }
      idler.set(null);
    }

    @Override
    public void wake() {
      wakes.incrementAndGet();
      Parker parker = idler.get();
      if (parker != null) {
        parker.unpark();
      }
    }
  }

  @Test
  void theQueueIsWokenOnceForAnyNumberOfPostsAndNeverWhileTheThreadWorks() {
    try (StrategyBench bench = bench()) {
      WakeCounter queue = new WakeCounter(bench);
      bench.instance().drive(queue, "bench/net0/0");
      bench.until("the thread idles", () -> queue.idler.get() != null);
      int before = queue.wakes.get();
      AtomicInteger ran = new AtomicInteger();
      AtomicInteger wakesMeanwhile = new AtomicInteger();
      bench.call(() -> {
        int inside = queue.wakes.get();
        for (int i = 0; i < 500; i++) {
          bench.post(ran::incrementAndGet);
        }
        wakesMeanwhile.set(queue.wakes.get() - inside);
      });
      bench.until("all ran", () -> ran.get() == 500);
      assertThat(wakesMeanwhile).hasValue(0);
      assertThat(queue.wakes.get() - before).isEqualTo(1);
      assertThat(bench.instance().release(queue, bench.patience())).isTrue();
    }
  }

  @Test
  void aCallInAHandlerRunsBeforeItReturnsOnTheStackThreadItself() {
    try (StrategyBench bench = bench()) {
      List<String> order = new ArrayList<>();
      AtomicInteger done = new AtomicInteger();
      bench.post(() ->
          bench
              .core()
              .indicate(() -> {
                bench.post(() -> order.add("posted before"));
                boolean ran = bench.call(() -> order.add("called"));
                order.add("returned " + ran);
                done.incrementAndGet();
              }));
      bench.until("the handler has returned", () -> done.get() == 1);
      bench.call(() -> {});
      assertThat(order).containsExactly("posted before", "called", "returned true");
    }
  }
}
