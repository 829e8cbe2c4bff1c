package org.penstock.concurrency.sharded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.penstock.api.concurrency.ConcurrencyStrategy;
import org.penstock.api.runtime.SystemRuntime;
import org.penstock.testkit.concurrency.FakeQueue;
import org.penstock.testkit.concurrency.StrategyBench;
import org.penstock.testkit.runtime.VirtualRuntime;

/** What is the shards' own: a thread for each partition, side by side, each with a queue. */
class ShardedStrategyTest {

  private static final int SHARDS = 3;

  private static StrategyBench bench() {
    return new StrategyBench(new ShardedStrategy(SHARDS), SystemRuntime.get(), () -> {}).open();
  }

  private static long threadOf(StrategyBench bench, int partition) {
    long[] id = new long[1];
    bench.call(partition, () -> id[0] = bench.runtime().threadId());
    return id[0];
  }

  @Test
  void isFoundByServiceLoader() {
    assertThat(ServiceLoader.load(ConcurrencyStrategy.class))
        .anyMatch(found -> found instanceof ShardedStrategy && found.name().equals("sharded"));
  }

  @Test
  void thereIsAShardForEachProcessorUnlessANumberIsGiven() {
    assertThat(new ShardedStrategy().partitions(64, 6)).isEqualTo(6);
    assertThat(new ShardedStrategy().partitions(4, 6)).isEqualTo(4);
    assertThat(new ShardedStrategy(3).partitions(64, 6)).isEqualTo(3);
    assertThat(new ShardedStrategy(100).partitions(64, 6)).isEqualTo(64);
    assertThatThrownBy(() -> new ShardedStrategy(-1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("-1");
  }

  @Test
  void everythingOfAPartitionRunsOnItsOwnThread() {
    try (StrategyBench bench = bench()) {
      List<Long> threads = new ArrayList<>();
      for (int partition = 0; partition < SHARDS; partition++) {
        int mine = partition;
        long own = threadOf(bench, mine);
        threads.add(own);
        AtomicInteger ran = new AtomicInteger();
        Runnable check =
            () -> {
              if (bench.runtime().threadId() != own) {
                bench.core(mine).violated("another thread than the shard's");
              }
              ran.incrementAndGet();
            };
        bench.post(mine, check);
        bench.call(mine, check);
        bench.post(mine, () -> bench.core(mine).at(0, check));
        bench.post(mine, () -> bench.core(mine).indicate(check));
        bench.until("all ran", () -> ran.get() == 4);
      }
      assertThat(threads).doesNotHaveDuplicates().doesNotContain(bench.runtime().threadId());
    }
  }

  @Test
  void partitionsAreOccupiedAtTheSameTime() {
    try (StrategyBench bench = bench()) {
      AtomicInteger inside = new AtomicInteger();
      AtomicInteger met = new AtomicInteger();
      for (int partition = 0; partition < SHARDS; partition++) {
        bench.post(
            partition,
            () -> {
              // Each leaves only when all have come: one after the other they never would.
              inside.incrementAndGet();
              long deadline = bench.patience();
              while (inside.get() < SHARDS && bench.runtime().nanoTime() < deadline) {
                bench.runtime().spinHint();
              }
              if (inside.get() == SHARDS) {
                met.incrementAndGet();
              }
            });
      }
      bench.until("all met", () -> met.get() == SHARDS);
    }
  }

  @Test
  void eachShardReadsAQueueAndTakesInWhatIsItsOwn() {
    try (StrategyBench bench = bench()) {
      AtomicLongArray readers = new AtomicLongArray(SHARDS);
      AtomicInteger letIn = new AtomicInteger();
      AtomicInteger refused = new AtomicInteger();
      List<FakeQueue> queues = new ArrayList<>();
      for (int i = 0; i < SHARDS; i++) {
        int number = i;
        FakeQueue queue =
            new FakeQueue(
                bench.core(),
                count -> {
                  readers.set(number, bench.runtime().threadId());
                  for (int to = 0; to < SHARDS; to++) {
                    boolean in = bench.exclusion(to).deliver(StrategyBench.section(to, () -> {}));
                    (in ? letIn : refused).incrementAndGet();
                  }
                });
        bench.instance().drive(queue, "bench/net0/" + i);
        queues.add(queue);
      }
      queues.forEach(queue -> queue.arrive(1));
      bench.until("all were read", () -> letIn.get() + refused.get() == SHARDS * SHARDS);
      assertThat(letIn).hasValue(SHARDS);
      for (int i = 0; i < SHARDS; i++) {
        assertThat(readers.get(i)).isEqualTo(threadOf(bench, i));
      }
      queues.forEach(
          queue -> assertThat(bench.instance().release(queue, bench.patience())).isTrue());
    }
  }

  @Test
  void aFurtherQueueHasAReaderUntilAShardIsFreeForIt() {
    try (StrategyBench bench = bench()) {
      List<FakeQueue> queues = new ArrayList<>();
      for (int i = 0; i < SHARDS; i++) {
        FakeQueue queue = new FakeQueue(bench.core(), count -> {});
        bench.instance().drive(queue, "bench/net0/" + i);
        queues.add(queue);
      }
      AtomicLong reader = new AtomicLong();
      AtomicInteger read = new AtomicInteger();
      FakeQueue further =
          new FakeQueue(
              bench.core(),
              count -> {
                reader.set(bench.runtime().threadId());
                read.addAndGet(count);
              });
      bench.instance().drive(further, "bench/net1/0");
      further.arrive(1);
      bench.until("it was read", () -> read.get() == 1);
      for (int i = 0; i < SHARDS; i++) {
        assertThat(reader.get()).isNotEqualTo(threadOf(bench, i));
      }
      // A driver is replaced: the new one's queue is driven while the old one's still is.
      assertThat(bench.instance().release(queues.get(1), bench.patience())).isTrue();
      further.arrive(1);
      bench.until("it was read again", () -> read.get() == 2);
      assertThat(reader.get()).isEqualTo(threadOf(bench, 1));
      for (FakeQueue queue : List.of(further, queues.get(0), queues.get(2))) {
        assertThat(bench.instance().release(queue, bench.patience())).isTrue();
        queue.released();
      }
    }
  }

  @Test
  void aShardWithoutAQueueSleepsAndIsWokenByAPostFromAnother() {
    try (StrategyBench bench = bench()) {
      AtomicInteger turns = new AtomicInteger();
      for (int round = 1; round <= 200; round++) {
        int count = round;
        bench.post(0, () -> bench.post(1, () -> bench.post(2, turns::incrementAndGet)));
        bench.until("the post went round", () -> turns.get() == count);
      }
      long entries = bench.instance().statistics().entries();
      long later = bench.in(20_000_000L);
      bench.until("some time went by", () -> bench.runtime().nanoTime() >= later);
      assertThat(bench.instance().statistics().entries()).isEqualTo(entries);
    }
  }

  /** The shard that is called is held up until the one that waits for it has served others. */
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("org.penstock.testkit.concurrency.SimulationContract#seeds")
  void aShardThatWaitsForAnotherServesItsOwnPartition(long seed) {
    int calls = 20;
    try (VirtualRuntime runtime = new VirtualRuntime(seed);
        StrategyBench bench = new StrategyBench(new ShardedStrategy(2), runtime, () -> {}).open()) {
      AtomicBoolean inSecond = new AtomicBoolean();
      AtomicBoolean served = new AtomicBoolean();
      AtomicBoolean returned = new AtomicBoolean();
      Runnable waitInside =
          () -> {
            inSecond.set(true);
            while (!served.get()) {
              bench.runtime().spinHint();
            }
          };
      Runnable handler =
          () -> {
            bench.call(1, waitInside);
            returned.set(true);
          };
      bench.post(0, () -> bench.core(0).indicate(handler));
      bench.until("the first waits for the second", inSecond::get);
      for (int i = 0; i < calls; i++) {
        assertThat(bench.call(0, () -> bench.core(0).counter++)).isTrue();
      }
      assertThat(returned).isFalse();
      served.set(true);
      bench.until("the handler's call returned", returned::get);
    }
  }

  /** Handlers of two stacks that call into each other's shards at the same moment. */
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("org.penstock.testkit.concurrency.SimulationContract#seeds")
  void shardsOfTwoStacksMayCallEachOther(long seed) {
    try (VirtualRuntime runtime = new VirtualRuntime(seed);
        StrategyBench a = new StrategyBench(new ShardedStrategy(2), runtime, () -> {}).open();
        StrategyBench b = new StrategyBench(new ShardedStrategy(2), runtime, () -> {}).open()) {
      AtomicInteger done = new AtomicInteger();
      for (int partition = 0; partition < 2; partition++) {
        int mine = partition;
        int other = 1 - partition;
        a.post(mine, () -> callOver(a, mine, b, other, 20, done));
        b.post(mine, () -> callOver(b, mine, a, other, 20, done));
      }
      a.until("all calls returned", () -> done.get() == 4);
    }
  }

  private static void callOver(
      StrategyBench from, int mine, StrategyBench to, int other, int left, AtomicInteger done) {
    from.core(mine)
        .indicate(() -> {
          if (!to.call(other, () -> to.core(other).counter++)) {
            to.core(other).violated("a call did not run");
          }
          if (left == 0) {
            done.incrementAndGet();
          } else {
            from.post(mine, () -> callOver(from, mine, to, other, left - 1, done));
          }
        });
  }
}
