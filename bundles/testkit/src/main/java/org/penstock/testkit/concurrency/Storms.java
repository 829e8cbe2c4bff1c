package org.penstock.testkit.concurrency;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.penstock.api.concurrency.Awaited;
import org.penstock.api.concurrency.ConcurrencyStrategy;
import org.penstock.api.concurrency.Section;
import org.penstock.api.runtime.StackRuntime;

/**
 * Many threads at one instance, over the machine's runtime or a simulated one. All that can go
 * wrong shows as a wrong count, a violation, or a wait that does not end.
 */
final class Storms {

  private Storms() {}

  /** Calls and posts change plain fields. */
  static void exclusion(StrategyBench closed, int threads, int rounds) {
    try (StrategyBench bench = closed.open()) {
      AtomicInteger posted = new AtomicInteger();
      for (int i = 0; i < threads; i++) {
        bench.thread(
            "enter-" + i,
            () -> {
              for (int round = 0; round < rounds; round++) {
                if (round % 4 == 0) {
                  bench.post(() -> {
                    bench.core().counter++;
                    posted.incrementAndGet();
                  });
                } else if (!bench.call(() -> bench.core().counter++)) {
                  bench.core().violated("a call did not run");
                }
              }
            });
      }
      bench.join();
      int posts = threads * ((rounds + 3) / 4);
      bench.until("all posted sections ran", () -> posted.get() == posts);
      long[] counted = new long[1];
      bench.call(() -> counted[0] = bench.core().counter);
      assertThat(counted[0]).isEqualTo((long) threads * rounds);
    }
  }

  /** Each thread's posts run in its order, also those that run when it calls in between. */
  static void order(StrategyBench closed, int threads, int rounds) {
    try (StrategyBench bench = closed.open()) {
      AtomicInteger ran = new AtomicInteger();
      for (int i = 0; i < threads; i++) {
        long[] last = new long[1];
        bench.thread(
            "post-" + i,
            () -> {
              for (int round = 1; round <= rounds; round++) {
                int number = round;
                bench.post(() -> {
                  if (++last[0] != number) {
                    bench.core().violated("ran " + number + " as the " + last[0] + "th");
                  }
                  ran.incrementAndGet();
                });
                if (round % 97 == 0) {
                  bench.call(() -> {
                    if (last[0] != number) {
                      bench.core().violated("called before " + number + " ran: " + last[0]);
                    }
                  });
                }
              }
            });
      }
      bench.join();
      bench.until("all ran", () -> ran.get() == threads * rounds);
    }
  }

  /** Sections are posted while the thread inside is leaving, and nobody comes in afterwards. */
  static void stragglers(StrategyBench closed, int rounds) {
    try (StrategyBench bench = closed.open()) {
      AtomicInteger leaving = new AtomicInteger();
      AtomicInteger posted = new AtomicInteger();
      AtomicInteger ran = new AtomicInteger();
      bench.thread(
          "post",
          () -> {
            for (int round = 1; round <= rounds; round++) {
              int now = round;
              bench.until("the other leaves", () -> leaving.get() == now);
              bench.post(ran::incrementAndGet);
              posted.set(round);
            }
          });
      for (int i = 1; i <= rounds; i++) {
        int round = i;
        Runnable last =
            () ->
                bench
                    .core()
                    .atLeave(() -> {
                      leaving.set(round);
                      spinUntil(bench, posted, round);
                    });
        if (round % 2 == 0) {
          bench.call(last);
        } else {
          bench.post(last);
        }
        bench.until("the section ran", () -> ran.get() == round);
      }
    }
  }

  /** For the one that is inside; the other is on its way. */
  private static void spinUntil(StrategyBench bench, AtomicInteger counter, int value) {
    long deadline = bench.patience();
    while (counter.get() < value && bench.runtime().nanoTime() < deadline) {
      bench.runtime().spinHint();
    }
  }

  /** Handlers post again without end; nobody who only posted or called may be kept by them. */
  static void perpetual(StrategyBench closed, int threads) {
    try (StrategyBench bench = closed.open()) {
      AtomicBoolean enough = new AtomicBoolean();
      AtomicInteger turns = new AtomicInteger();
      for (int i = 0; i < threads; i++) {
        boolean posts = i % 2 == 0;
        Section section =
            new Section(0) {
              @Override
              protected void run() {
                bench
                    .core()
                    .indicate(() -> {
                      turns.incrementAndGet();
                      if (!enough.get()) {
                        bench.exclusion().post(this);
                      }
                    });
              }
            };
        bench.thread(
            "start-" + i,
            () -> {
              if (posts) {
                bench.exclusion().post(section);
              } else {
                bench.exclusion().call(section);
              }
            });
      }
      bench.join();
      int before = turns.get();
      bench.until("it goes on without those who began it", () -> turns.get() > before + 100);
      enough.set(true);
    }
  }

  /** Frames are let in or posted, as the rim does it. */
  static void delivery(StrategyBench closed, int threads, int rounds) {
    try (StrategyBench bench = closed.open()) {
      AtomicInteger frames = new AtomicInteger();
      for (int i = 0; i < threads; i++) {
        bench.thread(
            "push-" + i,
            () -> {
              for (int round = 0; round < rounds; round++) {
                Section section =
                    StrategyBench.section(() -> {
                      bench.core().counter++;
                      bench.core().indicate(frames::incrementAndGet);
                    });
                if (!bench.exclusion().deliver(section)) {
                  bench.exclusion().post(section);
                }
              }
            });
      }
      bench.join();
      bench.until("all were handled", () -> frames.get() == threads * rounds);
    }
  }

  /** Threads take tokens, others give them; each token that is given is taken. */
  static void tokens(StrategyBench closed, int threads, int rounds) {
    try (StrategyBench bench = closed.open()) {
      Tokens tokens = bench.tokens();
      for (int i = 0; i < threads; i++) {
        bench.thread(
            "take-" + i,
            () -> {
              Tokens.Take take = tokens.new Take();
              for (int round = 0; round < rounds; round++) {
                Awaited end = bench.exclusion().await(take, bench.patience());
                if (end != Awaited.DONE) {
                  throw new AssertionError("round " + round + " ended " + end);
                }
              }
            });
        int giver = i;
        bench.thread(
            "give-" + i,
            () -> {
              for (int round = 0; round < rounds; round++) {
                if ((round + giver) % 2 == 0) {
                  bench.post(tokens::give);
                } else {
                  bench.call(tokens::give);
                }
                if (round % 7 == 0) {
                  bench.call(tokens::signalInVain);
                }
              }
            });
      }
      bench.join();
      bench.call(() -> {
        if (tokens.count() != 0 || tokens.waiting() != 0) {
          bench.core().violated(tokens.count() + " left, " + tokens.waiting() + " waiting");
        }
      });
    }
  }

  /**
   * Pairs of threads wake each other in turns: every signal counts, since the next comes only after
   * it has arrived.
   */
  static void pingPong(StrategyBench closed, int pairs, int rounds) {
    try (StrategyBench bench = closed.open()) {
      for (int i = 0; i < pairs; i++) {
        Tokens ping = bench.tokens();
        Tokens pong = bench.tokens();
        boolean posts = i % 2 == 0;
        bench.thread("ping-" + i, () -> play(bench, ping, pong, rounds, posts));
        bench.thread("pong-" + i, () -> play(bench, pong, ping, rounds, posts));
        bench.post(ping::give);
      }
      bench.join();
    }
  }

  private static void play(
      StrategyBench bench, Tokens mine, Tokens theirs, int rounds, boolean posts) {
    Tokens.Take take = mine.new Take();
    for (int round = 0; round < rounds; round++) {
      Awaited end = bench.exclusion().await(take, bench.patience());
      if (end != Awaited.DONE) {
        throw new AssertionError("round " + round + " ended " + end);
      }
      if (posts) {
        bench.post(theirs::give);
      } else {
        bench.call(theirs::give);
      }
    }
  }

  /** Waits whose deadline races with the signal: each ends one way, and tokens are not lost. */
  static void deadlines(StrategyBench closed, int threads, int rounds) {
    try (StrategyBench bench = closed.open()) {
      Tokens tokens = bench.tokens();
      AtomicInteger taken = new AtomicInteger();
      AtomicInteger late = new AtomicInteger();
      for (int i = 0; i < threads; i++) {
        bench.thread(
            "take-" + i,
            () -> {
              Tokens.Take take = tokens.new Take();
              for (int round = 0; round < rounds; round++) {
                switch (bench.exclusion().await(take, bench.in(round % 40 * 500L))) {
                  case DONE -> taken.incrementAndGet();
                  case TIMED_OUT -> late.incrementAndGet();
                  default -> throw new AssertionError("moved or interrupted");
                }
              }
            });
        bench.thread(
            "give-" + i,
            () -> {
              for (int round = 0; round < rounds; round++) {
                bench.call(tokens::give);
                bench.runtime().parker().parkUninterruptibly(bench.in(round % 40 * 500L));
              }
            });
      }
      bench.join();
      assertThat(taken.get() + late.get()).isEqualTo(threads * rounds);
      int[] left = new int[3];
      bench.call(() -> {
        left[0] = tokens.count();
        left[1] = tokens.waiting();
        left[2] = tokens.abandoned();
      });
      assertThat(left[0]).as("tokens left").isEqualTo(threads * rounds - taken.get());
      assertThat(left[1]).as("registered").isZero();
      assertThat(left[2]).as("abandoned").isEqualTo(late.get());
    }
  }

  /** Posters and pushers go on until a caller has been in so often. */
  static void pressure(StrategyBench closed, int threads, int rounds) {
    try (StrategyBench bench = closed.open()) {
      AtomicBoolean enough = new AtomicBoolean();
      for (int i = 0; i < threads; i++) {
        bench.thread(
            "press-" + i,
            () -> {
              AtomicLong ran = new AtomicLong();
              long posted = 0;
              while (!enough.get()) {
                // Some way ahead of what has run, so that there is always more to do.
                if (posted - ran.get() < 200) {
                  posted++;
                  bench.post(ran::incrementAndGet);
                } else {
                  bench.runtime().spinHint();
                }
                bench.exclusion().deliver(StrategyBench.section(() -> bench.core().counter++));
              }
            });
      }
      bench.thread(
          "call",
          () -> {
            try {
              for (int round = 0; round < rounds; round++) {
                bench.call(() -> bench.core().counter++);
              }
            } finally {
              enough.set(true);
            }
          });
      bench.join();
    }
  }

  /** Queues are driven and released while frames, posts and timers come. */
  static void queues(StrategyBench closed, int queues, int rounds) {
    try (StrategyBench bench = closed.open()) {
      AtomicInteger frames = new AtomicInteger();
      AtomicInteger others = new AtomicInteger();
      for (int i = 0; i < queues; i++) {
        String name = "bench/net0/" + i;
        FakeQueue queue = counting(bench, frames);
        bench.instance().drive(queue, name);
        bench.thread("arrive-" + i, () -> arrive(bench, queue, rounds, others));
      }
      bench.join();
      int arrived = queues * rounds;
      bench.until("all frames came up", () -> frames.get() == arrived);
      bench.until("all posts and timers ran", () -> others.get() == 2 * arrived);
      FakeQueue again = counting(bench, frames);
      for (int round = 0; round < rounds; round++) {
        again.driven();
        bench.instance().drive(again, "bench/net0/again");
        bench.post(others::incrementAndGet);
        assertThat(bench.instance().release(again, bench.patience())).isTrue();
        again.released();
      }
    }
  }

  private static FakeQueue counting(StrategyBench bench, AtomicInteger frames) {
    return new FakeQueue(
        bench.core(),
        count -> {
          Section section = StrategyBench.section(() -> frames.addAndGet(count));
          if (!bench.exclusion().deliver(section)) {
            bench.exclusion().post(section);
          }
        });
  }

  private static void arrive(
      StrategyBench bench, FakeQueue queue, int rounds, AtomicInteger others) {
    for (int round = 0; round < rounds; round++) {
      queue.arrive(1);
      bench.post(others::incrementAndGet);
      long due = bench.in(10_000L * round);
      bench.post(() -> bench.core().at(due, others::incrementAndGet));
    }
  }

  /** Instances guard one core in turns, while sections, waits and timers go on. */
  static void handOver(
      ConcurrencyStrategy even, ConcurrencyStrategy odd, StackRuntime runtime, int threads, int n) {
    new HandOverStorm(even, odd, runtime).run(threads, n);
  }
}
