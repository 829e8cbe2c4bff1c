package org.penstock.core.internal.rim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.penstock.api.concurrency.Attempt;
import org.penstock.api.concurrency.Awaited;
import org.penstock.api.concurrency.ConcurrencyStrategy;
import org.penstock.api.concurrency.Section;
import org.penstock.api.concurrency.StrategyHost;
import org.penstock.api.concurrency.StrategyInstance;
import org.penstock.api.runtime.StackRuntime;
import org.penstock.api.runtime.SystemRuntime;
import org.penstock.core.api.CellTimer;
import org.penstock.core.internal.cell.Cell;

/** Strategies are replaced while posts, calls, sleepers and timers are under way. */
@Timeout(120)
class StrategySwapTest {

  private static final int CELLS = 8;
  private static final long SECOND = 1_000_000_000L;

  private final StackRuntime runtime = SystemRuntime.get();
  private final Cell[] cells = new Cell[CELLS];
  private final Rim rim;

  StrategySwapTest() {
    for (int i = 0; i < CELLS; i++) {
      cells[i] = new Cell(i, runtime.nanoTime());
    }
    rim = new Rim("test", runtime, cells, true);
  }

  @AfterEach
  void closes() {
    rim.letIn();
    assertThat(rim.close(runtime.nanoTime() + 10 * SECOND)).isTrue();
    assertThat(rim.overlaps()).isZero();
  }

  @Test
  void workGoesOnThroughAHundredSwaps() throws Exception {
    ConcurrencyStrategy first = strategy("global-lock");
    ConcurrencyStrategy second = strategy("mailbox");
    assertThat(rim.swap(first)).isNull();
    long[] plain = new long[CELLS];
    AtomicBoolean stop = new AtomicBoolean();
    AtomicLong calls = new AtomicLong();
    AtomicLong posts = new AtomicLong();
    AtomicLong waits = new AtomicLong();
    Mailslot mailslot = new Mailslot();
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 2; t++) {
      int seed = t;
      threads.add(
          Thread.ofPlatform()
              .start(() -> {
                for (int i = seed; !stop.get(); i++) {
                  int cell = i % CELLS;
                  rim.call(new Counting(cell, plain));
                  calls.incrementAndGet();
                  rim.post(new Counting(cell, plain));
                  posts.incrementAndGet();
                }
              }));
    }
    threads.add(
        Thread.ofPlatform()
            .start(() -> {
              while (!stop.get()) {
                Taking taking = new Taking(mailslot);
                Awaited ended = rim.await("take", taking, runtime.nanoTime() + SECOND / 100);
                if (ended == Awaited.DONE) {
                  waits.incrementAndGet();
                }
              }
            }));
    threads.add(
        Thread.ofPlatform()
            .start(() -> {
              while (!stop.get()) {
                rim.call(new Putting(mailslot));
              }
            }));
    AtomicInteger ticks = new AtomicInteger();
    Ticking ticking = new Ticking(ticks);
    rim.call(ticking);

    long ticksBefore = 0;
    for (int swap = 0; swap < 100; swap++) {
      assertThat(rim.swap(swap % 2 == 0 ? second : first)).isNull();
      long callsBefore = calls.get();
      ticksBefore = ticks.get();
      long deadline = runtime.nanoTime() + 20 * SECOND;
      while ((calls.get() <= callsBefore || ticks.get() <= ticksBefore)
          && runtime.nanoTime() < deadline) {
        Thread.onSpinWait();
      }
      assertThat(calls.get()).as("calls go on after swap %d", swap).isGreaterThan(callsBefore);
      assertThat(ticks.get())
          .as("timers go on after swap %d", swap)
          .isGreaterThan((int) ticksBefore);
      assertThat(rim.view().statistics().entries()).as("it really ran").isPositive();
    }

    stop.set(true);
    for (Thread thread : threads) {
      thread.join(20_000);
      assertThat(thread.isAlive()).isFalse();
    }
    long[] sums = new long[CELLS];
    for (int i = 0; i < CELLS; i++) {
      rim.call(new Summing(i, plain, sums));
    }
    long total = 0;
    for (long sum : sums) {
      total += sum;
    }
    assertThat(total).isEqualTo(calls.get() + posts.get());
    assertThat(waits.get()).isPositive();
    assertThat(rim.view().swaps()).hasSizeGreaterThan(60);
    assertThat(rim.swaps()).isEqualTo(100);
  }

  @Test
  void aParkedStackKeepsWhatIsPostedAndResumes() {
    long[] plain = new long[CELLS];
    rim.post(new Counting(3, plain));
    assertThat(plain[3]).isZero();
    assertThat(rim.swap(strategy("global-lock"))).isNull();
    rim.call(new Counting(3, plain));
    assertThat(plain[3]).isEqualTo(2);
    assertThat(rim.swap(null)).isNull();
    assertThat(rim.strategy()).isEmpty();
    rim.post(new Counting(4, plain));
    assertThat(plain[4]).isZero();
    assertThat(rim.swap(strategy("mailbox"))).isNull();
    rim.call(new Counting(4, plain));
    assertThat(plain[4]).isEqualTo(2);
  }

  @Test
  void aStrategyThatDoesNotStartIsRefusedAndTheOldOneGoesOn() {
    assertThat(rim.swap(strategy("global-lock"))).isNull();
    ConcurrencyStrategy broken =
        new ConcurrencyStrategy() {
          @Override
          public String name() {
            return "broken";
          }

          @Override
          public int partitions(int count, int processors) {
            return 1;
          }

          @Override
          public StrategyInstance start(StrategyHost host) {
            throw new IllegalStateException("no such luck");
          }
        };
    assertThat(rim.swap(broken)).contains("broken").contains("no such luck");
    assertThat(rim.strategy()).isEqualTo("global-lock");
    long[] plain = new long[CELLS];
    rim.call(new Counting(0, plain));
    assertThat(plain[0]).isOne();
  }

  @Test
  void aSwapWhoseFenceIsLateIsRolledBackAndTheOldOneGoesOn() throws Exception {
    assertThat(rim.swap(strategy("global-lock"))).isNull();
    Hanging hanging = new Hanging(0);
    Thread caller = hanging.call();
    long[] plain = new long[CELLS];
    assertThat(rim.swap(strategy("mailbox"))).contains("rolled back");
    rim.post(new Counting(1, plain));
    hanging.end();
    caller.join(20_000);
    rim.call(new Counting(1, plain));
    assertThat(plain[1]).isEqualTo(2);
    assertThat(rim.strategy()).isEqualTo("global-lock");
  }

  @Test
  void timersOfAPartitionThatWasRetiredInVainGoOff() throws Exception {
    assertThat(rim.swap(new ManyLocks(2, strategy("global-lock")))).isNull();
    CountDownLatch wentOff = new CountDownLatch(1);
    CellTimer timer = rim.timer(1, wentOff::countDown);
    // Later than the swap's two seconds of patience, so that it goes off after the rollback.
    rim.call(new Arming(timer, 1, 3 * SECOND));
    Hanging hanging = new Hanging(0);
    Thread caller = hanging.call();

    assertThat(rim.swap(strategy("mailbox"))).contains("1 of 2 partitions did not reach the fence");

    // Nobody enters its partition meanwhile.
    assertThat(wentOff.await(20, TimeUnit.SECONDS)).isTrue();
    hanging.end();
    caller.join(20_000);
  }

  @Test
  void epochsAndSwapsAreCountedFromTheFirstStrategyOn() {
    assertThat(rim.view().epoch()).isZero();

    assertThat(rim.swap(strategy("global-lock"))).isNull();
    assertThat(rim.view().epoch()).isOne();
    assertThat(rim.view().swaps()).as("it replaces none").isEmpty();
    assertThat(rim.swaps()).isZero();

    assertThat(rim.swap(strategy("mailbox"))).isNull();
    assertThat(rim.view().epoch()).isEqualTo(2);
    assertThat(rim.view().swaps()).singleElement().matches(swap -> swap.to().equals("mailbox"));
    assertThat(rim.swaps()).isOne();
  }

  private static ConcurrencyStrategy strategy(String name) {
    for (ConcurrencyStrategy found : ServiceLoader.load(ConcurrencyStrategy.class)) {
      if (found.name().equals(name)) {
        return found;
      }
    }
    throw new AssertionError("no strategy " + name);
  }

  private static final class Counting extends Section {
    private final long[] counts;

    Counting(int cell, long[] counts) {
      super(cell);
      this.counts = counts;
    }

    @Override
    protected void run() {
      counts[cell()]++;
    }
  }

  private static final class Summing extends Section {
    private final long[] counts;
    private final long[] sums;

    Summing(int cell, long[] counts, long[] sums) {
      super(cell);
      this.counts = counts;
      this.sums = sums;
    }

    @Override
    protected void run() {
      sums[cell()] = counts[cell()];
    }
  }

  /** Hangs inside a cell's partition until it is told to end. */
  private final class Hanging extends Section {
    private final CountDownLatch inside = new CountDownLatch(1);
    private final AtomicBoolean ended = new AtomicBoolean();

    Hanging(int cell) {
      super(cell);
    }

    /** A thread that calls it; returns when it hangs. */
    Thread call() throws InterruptedException {
      Thread caller = Thread.ofPlatform().start(() -> rim.call(this));
      assertThat(inside.await(20, TimeUnit.SECONDS)).isTrue();
      return caller;
    }

    void end() {
      ended.set(true);
    }

    @Override
    protected void run() {
      inside.countDown();
      while (!ended.get()) {
        Thread.onSpinWait();
      }
    }
  }

  private final class Arming extends Section {
    private final CellTimer timer;
    private final long nanos;

    Arming(CellTimer timer, int cell, long nanos) {
      super(cell);
      this.timer = timer;
      this.nanos = nanos;
    }

    @Override
    protected void run() {
      timer.arm(rim.now(cell()) + nanos);
    }
  }

  /** What one thread puts and another waits for; lives in cell 5. */
  private static final class Mailslot {
    int letters;
    final Deque<Attempt> waiting = new ArrayDeque<>();
  }

  private static final class Taking extends Attempt {
    private final Mailslot mailslot;

    Taking(Mailslot mailslot) {
      super(5);
      this.mailslot = mailslot;
    }

    @Override
    protected boolean attempt() {
      mailslot.waiting.remove(this);
      if (mailslot.letters > 0) {
        mailslot.letters--;
        return true;
      }
      mailslot.waiting.add(this);
      return false;
    }

    @Override
    protected void abandon() {
      mailslot.waiting.remove(this);
    }
  }

  private final class Putting extends Section {
    private final Mailslot mailslot;

    Putting(Mailslot mailslot) {
      super(5);
      this.mailslot = mailslot;
    }

    @Override
    protected void run() {
      mailslot.letters = Math.min(mailslot.letters + 1, 10);
      Attempt first = mailslot.waiting.peek();
      if (first != null) {
        rim.signal(first);
      }
    }
  }

  /** A timer in cell 6 that arms itself again every 100 µs. */
  private final class Ticking extends Section {
    private final CellTimer timer;

    Ticking(AtomicInteger ticks) {
      super(6);
      this.timer = rim.timer(6, () -> tick(ticks));
    }

    private void tick(AtomicInteger ticks) {
      ticks.incrementAndGet();
      timer.arm(rim.now(6) + 100_000);
    }

    @Override
    protected void run() {
      timer.arm(rim.now(6));
    }
  }
}
