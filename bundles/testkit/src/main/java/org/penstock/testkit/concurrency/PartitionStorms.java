package org.penstock.testkit.concurrency;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.penstock.api.concurrency.Awaited;
import org.penstock.api.concurrency.ExecutionLevel;

/**
 * Storms over all partitions of an instance and between them. With one partition they are those of
 * {@link Storms} once more.
 */
final class PartitionStorms {

  private PartitionStorms() {}

  /** Every thread calls and posts into every partition, plain fields change in each. */
  static void everyPartition(StrategyBench closed, int threads, int rounds) {
    try (StrategyBench bench = closed.open()) {
      AtomicInteger posted = new AtomicInteger();
      int partitions = bench.partitions();
      for (int i = 0; i < threads; i++) {
        int first = i;
        bench.thread(
            "enter-" + i,
            () -> {
              for (int round = 0; round < rounds * partitions; round++) {
                int partition = (first + round) % partitions;
                FakeCore core = bench.core(partition);
                if (round % 3 == 0) {
                  bench.post(
                      partition,
                      () -> {
                        core.counter++;
                        posted.incrementAndGet();
                      });
                } else if (!bench.call(partition, () -> core.counter++)) {
                  core.violated("a call did not run");
                }
              }
            });
      }
      bench.join();
      int posts = threads * ((rounds * partitions + 2) / 3);
      bench.until("all posted sections ran", () -> posted.get() == posts);
      for (int i = 0; i < partitions; i++) {
        FakeCore core = bench.core(i);
        long[] counted = new long[1];
        bench.call(i, () -> counted[0] = core.counter);
        assertThat(counted[0]).isEqualTo((long) threads * rounds);
      }
    }
  }

  /** From inside each partition sections are posted to each; each sender's keep their order. */
  static void orderBetweenPartitions(StrategyBench closed, int rounds) {
    try (StrategyBench bench = closed.open()) {
      int partitions = bench.partitions();
      AtomicInteger ran = new AtomicInteger();
      for (int from = 0; from < partitions; from++) {
        int sender = from;
        int[] last = new int[partitions];
        bench.post(from, () -> postOn(bench, sender, last, ran, 1, rounds));
      }
      bench.until("all ran", () -> ran.get() == partitions * partitions * rounds);
    }
  }

  private static void postOn(
      StrategyBench bench, int sender, int[] last, AtomicInteger ran, int number, int rounds) {
    for (int to = 0; to < bench.partitions(); to++) {
      int target = to;
      bench.post(
          to,
          () -> {
            if (++last[target] != number) {
              bench
                  .core(target)
                  .violated(number + " from " + sender + " ran as the " + last[target] + "th");
            }
            if (bench.core(sender).isInside() && sender != target) {
              bench.core(target).violated("ran inside of partition " + sender);
            }
            ran.incrementAndGet();
          });
    }
    if (number < rounds) {
      bench.post(sender, () -> postOn(bench, sender, last, ran, number + 1, rounds));
    }
  }

  /**
   * Handlers of every partition call into the next one, all at the same time: whatever thread runs
   * them, none may wait for another in a circle.
   */
  static void callsInCircles(StrategyBench closed, int rounds) {
    try (StrategyBench bench = closed.open()) {
      int partitions = bench.partitions();
      AtomicInteger done = new AtomicInteger();
      for (int i = 0; i < partitions; i++) {
        int partition = i;
        bench.post(i, () -> circle(bench, partition, rounds, done));
      }
      bench.until("all circles were run", () -> done.get() == partitions);
    }
  }

  private static void circle(StrategyBench bench, int partition, int left, AtomicInteger done) {
    FakeCore core = bench.core(partition);
    core.indicate(() -> {
      if (ExecutionLevel.current() != ExecutionLevel.DISPATCH) {
        core.violated("a handler at level " + ExecutionLevel.current());
      }
      int next = (partition + 1) % bench.partitions();
      List<String> order = new ArrayList<>();
      bench.post(next, () -> order.add("posted before"));
      boolean ran =
          bench.call(
              next,
              () -> {
                order.add("called");
                bench.core(next).counter++;
              });
      order.add("returned");
      if (!ran || !order.equals(List.of("posted before", "called", "returned"))) {
        core.violated("a call into partition " + next + ": " + ran + ", " + order);
      }
      if (left == 0) {
        done.incrementAndGet();
      } else {
        bench.post(partition, () -> circle(bench, partition, left - 1, done));
      }
    });
  }

  /** Threads wait in one partition each, and wake each other from one to the next. */
  static void pingPongBetweenPartitions(StrategyBench closed, int rounds) {
    try (StrategyBench bench = closed.open()) {
      int players = Math.max(2, bench.partitions());
      List<Tokens> tokens = new ArrayList<>();
      for (int i = 0; i < players; i++) {
        tokens.add(bench.tokens(i % bench.partitions()));
      }
      for (int i = 0; i < players; i++) {
        int me = i;
        int next = (i + 1) % players;
        bench.thread(
            "play-" + i,
            () -> {
              int mine = me % bench.partitions();
              int theirs = next % bench.partitions();
              Tokens.Take take = tokens.get(me).new Take(mine);
              for (int round = 0; round < rounds; round++) {
                Awaited end = bench.exclusion(mine).await(take, bench.patience());
                if (end != Awaited.DONE) {
                  throw new AssertionError("round " + round + " ended " + end);
                }
                if (round % 2 == 0) {
                  bench.post(theirs, tokens.get(next)::give);
                } else {
                  bench.call(theirs, tokens.get(next)::give);
                }
              }
            });
      }
      bench.post(tokens.getFirst()::give);
      bench.join();
    }
  }

  /** Queues whose frames belong to all partitions in turns. */
  static void framesOfEveryPartition(StrategyBench closed, int queues, int rounds) {
    try (StrategyBench bench = closed.open()) {
      int partitions = bench.partitions();
      AtomicInteger frames = new AtomicInteger();
      for (int i = 0; i < queues; i++) {
        int[] turn = new int[1];
        FakeQueue queue =
            new FakeQueue(
                bench.core(),
                count -> {
                  for (int frame = 0; frame < count; frame++) {
                    int partition = turn[0]++ % partitions;
                    bench.deliver(
                        partition,
                        () -> {
                          bench.core(partition).counter++;
                          bench.core(partition).indicate(frames::incrementAndGet);
                        });
                  }
                });
        bench.instance().drive(queue, "bench/net0/" + i);
        bench.thread(
            "arrive-" + i,
            () -> {
              for (int round = 0; round < rounds; round++) {
                queue.arrive(partitions);
                bench.post(round % partitions, () -> {});
              }
            });
      }
      bench.join();
      bench.until("all frames were handled", () -> frames.get() == queues * rounds * partitions);
      for (int i = 0; i < partitions; i++) {
        FakeCore core = bench.core(i);
        long[] counted = new long[1];
        bench.call(i, () -> counted[0] = core.counter);
        assertThat(counted[0]).isEqualTo((long) queues * rounds);
      }
    }
  }
}
