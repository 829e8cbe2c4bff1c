package org.penstock.testkit.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.penstock.api.runtime.Parker;
import org.penstock.api.runtime.RuntimeThread;
import org.penstock.api.runtime.StackRuntime;
import org.penstock.api.sync.Mutex;
import org.penstock.api.sync.Semaphore;

class VirtualRuntimeTest {

  @Test
  void timeStandsStillUntilTheDriverMovesIt() {
    try (VirtualRuntime runtime = new VirtualRuntime(1)) {
      assertThat(runtime.nanoTime()).isZero();
      assertThat(runtime.nanoTime()).isZero();
      runtime.advance(1_500);
      assertThat(runtime.nanoTime()).isEqualTo(1_500);
      runtime.advanceTo(1_000);
      assertThat(runtime.nanoTime()).isEqualTo(1_500);
      assertThat(runtime.wallTimeNanos()).isEqualTo(1_767_225_600_000_001_500L);
    }
  }

  @Test
  void timeJumpsToTheDeadlineOfTheOnlyThread() {
    try (VirtualRuntime runtime = new VirtualRuntime(1)) {
      assertThat(runtime.parker().park(3_600_000_000_000L)).isTrue();
      assertThat(runtime.nanoTime()).isEqualTo(3_600_000_000_000L);
    }
  }

  @Test
  void threadsThatSleepWakeInTheOrderOfTheirDeadlines() {
    try (VirtualRuntime runtime = new VirtualRuntime(7)) {
      List<Integer> order = new ArrayList<>();
      List<RuntimeThread> threads = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        int number = (i * 7) % 10;
        threads.add(
            runtime.start(
                "sleep-" + number,
                () -> {
                  runtime.parker().park(1_000_000_000L * (number + 1));
                  order.add(number);
                }));
      }
      runtime.advanceTo(5_500_000_000L);
      assertThat(order).containsExactly(0, 1, 2, 3, 4);
      for (RuntimeThread thread : threads) {
        assertThat(thread.join(StackRuntime.NEVER)).isTrue();
      }
      assertThat(order).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
      assertThat(runtime.nanoTime()).isBetween(10_000_000_000L, 10_001_000_000L);
    }
  }

  /** What three threads did that add to a plain number with a switching point in between. */
  private static String race(long seed) {
    try (VirtualRuntime runtime = new VirtualRuntime(seed)) {
      int[] counter = new int[1];
      StringBuilder trace = new StringBuilder();
      List<RuntimeThread> threads = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        String name = String.valueOf((char) ('a' + i));
        threads.add(
            runtime.start(
                name,
                () -> {
                  for (int round = 0; round < 20; round++) {
                    int read = counter[0];
                    runtime.nanoTime();
                    counter[0] = read + 1;
                    trace.append(name);
                  }
                }));
      }
      threads.forEach(thread -> thread.join(StackRuntime.NEVER));
      return counter[0] + " at " + runtime.nanoTime() + ": " + trace;
    }
  }

  @Test
  void aSeedRunsTheSameWayEveryTime() {
    for (long seed = 1; seed <= 20; seed++) {
      assertThat(race(seed)).isEqualTo(race(seed));
    }
  }

  @Test
  void seedsFindManyInterleavingsAndLostUpdates() {
    Set<String> outcomes = new HashSet<>();
    int lost = 0;
    for (long seed = 1; seed <= 50; seed++) {
      String outcome = race(seed);
      outcomes.add(outcome);
      lost += outcome.startsWith("60 ") ? 0 : 1;
    }
    assertThat(outcomes).hasSizeGreaterThan(40);
    assertThat(lost).isGreaterThan(25);
  }

  @Test
  void aMutexLosesNoUpdateUnderAnySeed() {
    for (long seed = 1; seed <= 100; seed++) {
      try (VirtualRuntime runtime = new VirtualRuntime(seed)) {
        Mutex mutex = new Mutex(runtime);
        int[] counter = new int[1];
        List<RuntimeThread> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
          threads.add(
              runtime.start(
                  "lock-" + i,
                  () -> {
                    for (int round = 0; round < 10; round++) {
                      mutex.lock();
                      int read = counter[0];
                      runtime.nanoTime();
                      counter[0] = read + 1;
                      mutex.unlock();
                    }
                  }));
        }
        threads.forEach(thread -> thread.join(StackRuntime.NEVER));
        assertThat(counter[0]).as("seed %d", seed).isEqualTo(40);
      }
    }
  }

  @Test
  void noThreadStarvesAtAMutexThatIsHardlyEverFree() {
    for (long seed = 1; seed <= 100; seed++) {
      try (VirtualRuntime runtime = new VirtualRuntime(seed)) {
        Mutex mutex = new Mutex(runtime);
        boolean[] enough = new boolean[1];
        int[] passes = new int[1];
        List<RuntimeThread> threads = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
          threads.add(
              runtime.start(
                  "hog-" + i,
                  () -> {
                    while (!enough[0]) {
                      mutex.lock();
                      passes[0]++;
                      mutex.unlock();
                    }
                  }));
        }
        int longest = 0;
        for (int round = 0; round < 20; round++) {
          int before = passes[0];
          mutex.lock();
          longest = Math.max(longest, passes[0] - before);
          mutex.unlock();
        }
        enough[0] = true;
        threads.forEach(thread -> thread.join(StackRuntime.NEVER));
        // The passes of one wake-up are not bounded by much, but there are only sixteen wake-ups.
        assertThat(longest).as("seed %d", seed).isLessThan(2_000);
      }
    }
  }

  @Test
  void aSemaphoreLosesNoWakeUpUnderAnySeed() {
    for (long seed = 1; seed <= 100; seed++) {
      try (VirtualRuntime runtime = new VirtualRuntime(seed)) {
        Semaphore semaphore = new Semaphore(runtime, 0);
        List<RuntimeThread> threads = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
          threads.add(
              runtime.start(
                  "take-" + i,
                  () -> {
                    for (int round = 0; round < 20; round++) {
                      semaphore.acquire(StackRuntime.NEVER);
                    }
                  }));
          threads.add(
              runtime.start(
                  "give-" + i,
                  () -> {
                    for (int round = 0; round < 20; round++) {
                      runtime.nanoTime();
                      semaphore.release();
                    }
                  }));
          threads.add(
              runtime.start(
                  "hasty-" + i,
                  () -> {
                    for (int round = 0; round < 20; round++) {
                      if (semaphore.acquire(runtime.nanoTime() + 200) == Semaphore.Acquired.TAKEN) {
                        semaphore.release();
                      }
                    }
                  }));
        }
        // A lost wake-up is a deadlock, and that is reported.
        threads.forEach(thread -> thread.join(StackRuntime.NEVER));
        assertThat(semaphore.available()).as("seed %d", seed).isZero();
      }
    }
  }

  @Test
  void aDeadlockIsReportedWithEveryThreadsStack() {
    try (VirtualRuntime runtime = new VirtualRuntime(3)) {
      Mutex left = new Mutex(runtime);
      Mutex right = new Mutex(runtime);
      RuntimeThread one = runtime.start("one", () -> lockBoth(runtime, left, right));
      runtime.start("two", () -> lockBoth(runtime, right, left));
      assertThatThrownBy(() -> one.join(StackRuntime.NEVER))
          .isInstanceOf(SimulationStuckError.class)
          .hasMessageContaining("deadlock")
          .hasMessageContaining("seed 3")
          .hasMessageContaining("2 one: WAITING without deadline")
          .hasMessageContaining("3 two: WAITING without deadline")
          .hasMessageContaining("lockBoth");
    }
  }

  private static void lockBoth(StackRuntime runtime, Mutex first, Mutex second) {
    first.lock();
    runtime.parker().park(runtime.nanoTime() + 1_000_000);
    second.lock();
  }

  @Test
  void aLivelockIsReported() {
    try (VirtualRuntime runtime = new VirtualRuntime(3)) {
      runtime.start("sleeper", () -> runtime.parker().park(StackRuntime.NEVER));
      assertThatThrownBy(
              () -> {
                while (true) {
                  runtime.spinHint();
                }
              })
          .isInstanceOf(SimulationStuckError.class)
          .hasMessageContaining("livelock");
    }
  }

  @Test
  void anInterruptWakesAndStaysSet() {
    try (VirtualRuntime runtime = new VirtualRuntime(5)) {
      AtomicReference<String> seen = new AtomicReference<>();
      RuntimeThread thread =
          runtime.start(
              "sleeper",
              () -> {
                boolean told = !runtime.parker().park(StackRuntime.NEVER);
                seen.set(told + " " + Thread.currentThread().isInterrupted());
              });
      runtime.advance(1_000);
      thread.interrupt();
      assertThat(thread.join(StackRuntime.NEVER)).isTrue();
      assertThat(seen).hasValue("true true");
    }
  }

  @Test
  void anInterruptDoesNotEndAnUninterruptibleWait() {
    try (VirtualRuntime runtime = new VirtualRuntime(5)) {
      AtomicReference<Parker> parker = new AtomicReference<>();
      long[] woken = new long[1];
      RuntimeThread thread =
          runtime.start(
              "sleeper",
              () -> {
                parker.set(runtime.parker());
                parker.get().parkUninterruptibly(StackRuntime.NEVER);
                woken[0] = runtime.nanoTime();
              });
      runtime.advance(1_000);
      thread.interrupt();
      runtime.advance(1_000_000);
      parker.get().unpark();
      assertThat(thread.join(StackRuntime.NEVER)).isTrue();
      assertThat(woken[0]).isGreaterThan(1_000_000);
    }
  }

  @Test
  void joinEndsAtItsDeadline() {
    try (VirtualRuntime runtime = new VirtualRuntime(5)) {
      RuntimeThread thread =
          runtime.start("sleeper", () -> runtime.parker().park(1_000_000_000_000L));
      assertThat(thread.join(5_000_000L)).isFalse();
      assertThat(runtime.nanoTime()).isBetween(5_000_000L, 5_001_000L);
      assertThat(thread.isAlive()).isTrue();
      assertThat(thread.stackTrace()).contains("SimulatedParker.park");
    }
  }

  @Test
  void threadsOfOthersAreRefused() throws InterruptedException {
    try (VirtualRuntime runtime = new VirtualRuntime(1)) {
      AtomicReference<Throwable> thrown = new AtomicReference<>();
      Thread foreign =
          Thread.ofPlatform()
              .name("foreign")
              .start(() -> {
                try {
                  runtime.threadId();
                } catch (IllegalStateException e) {
                  thrown.set(e);
                }
              });
      foreign.join();
      assertThat(thrown.get()).hasMessageContaining("foreign");
    }
  }

  @Test
  void closeEndsTheThreadsThatAreLeft() {
    List<RuntimeThread> threads = new ArrayList<>();
    List<Thread> real = new ArrayList<>();
    try (VirtualRuntime runtime = new VirtualRuntime(1)) {
      for (int i = 0; i < 5; i++) {
        threads.add(
            runtime.start(
                "sleeper-" + i,
                () -> {
                  real.add(Thread.currentThread());
                  runtime.parker().park(StackRuntime.NEVER);
                }));
      }
      runtime.advance(1_000_000);
    }
    assertThat(real).hasSize(5).noneMatch(Thread::isAlive);
  }

  @Test
  void closeStopsAThreadThatCatchesWhateverItIsThrown() {
    AtomicReference<Integer> caught = new AtomicReference<>(0);
    try (VirtualRuntime runtime = new VirtualRuntime(1)) {
      runtime.start(
          "stubborn",
          () -> {
            while (true) {
              try {
                runtime.nanoTime();
                runtime.parker().park(StackRuntime.NEVER);
              } catch (Throwable e) {
                caught.set(caught.get() + 1);
              }
            }
          });
      runtime.advance(1_000_000);
    }
    // It got away with it for a while, and then no more.
    assertThat(caught.get()).isBetween(1, 10_000);
  }

  @Test
  void randomNumbersComeFromTheSeed() {
    try (VirtualRuntime one = new VirtualRuntime(9)) {
      long first = one.random().nextLong();
      try (VirtualRuntime two = new VirtualRuntime(9);
          VirtualRuntime three = new VirtualRuntime(10)) {
        assertThat(two.random().nextLong()).isEqualTo(first);
        assertThat(three.random().nextLong()).isNotEqualTo(first);
      }
    }
  }
}
