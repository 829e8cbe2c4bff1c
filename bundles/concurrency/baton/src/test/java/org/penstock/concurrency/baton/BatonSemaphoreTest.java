package org.penstock.concurrency.baton;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.penstock.api.runtime.RuntimeThread;
import org.penstock.api.runtime.StackRuntime;
import org.penstock.api.sync.Semaphore.Acquired;
import org.penstock.testkit.runtime.VirtualRuntime;

class BatonSemaphoreTest {

  static LongStream seeds() {
    return BatonTest.seeds();
  }

  @Test
  void countsItsPermits() {
    try (VirtualRuntime runtime = new VirtualRuntime(1)) {
      Baton baton = new Baton(runtime);
      BatonSemaphore semaphore = new BatonSemaphore(baton, 2);
      baton.lock();
      assertThat(semaphore.acquire(0)).isEqualTo(Acquired.TAKEN);
      assertThat(semaphore.acquire(0)).isEqualTo(Acquired.TAKEN);
      assertThat(semaphore.acquire(0)).isEqualTo(Acquired.TIMED_OUT);
      semaphore.release();
      assertThat(semaphore.available()).isEqualTo(1);
    }
    assertThatThrownBy(() -> new BatonSemaphore(new Baton(new VirtualRuntime(1)), -1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("-1");
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void aPermitThatIsReleasedToASleeperIsTakenByNobodyElse(long seed) {
    try (VirtualRuntime runtime = new VirtualRuntime(seed)) {
      Baton baton = new Baton(runtime);
      BatonSemaphore semaphore = new BatonSemaphore(baton, 0);
      List<Object> got = new ArrayList<>();
      RuntimeThread sleeper =
          runtime.start(
              "sleeps",
              () -> {
                baton.lock();
                got.add(semaphore.acquire(StackRuntime.NEVER));
                baton.unlock();
              });
      baton.lock();
      while (semaphore.waiting() == 0) {
        baton.unlock();
        runtime.spinHint();
        baton.lock();
      }
      semaphore.release();
      assertThat(semaphore.available()).isZero();
      assertThat(semaphore.acquire(0)).isEqualTo(Acquired.TIMED_OUT);
      baton.unlock();
      BatonTest.join(List.of(sleeper));
      assertThat(got).containsExactly(Acquired.TAKEN);
    }
  }

  /** Permits that are released as deadlines come are taken once, or stay. */
  @ParameterizedTest
  @MethodSource("seeds")
  void noPermitIsLostToADeadline(long seed) {
    try (VirtualRuntime runtime = new VirtualRuntime(seed)) {
      Baton baton = new Baton(runtime);
      BatonSemaphore semaphore = new BatonSemaphore(baton, 0);
      int[] inside = new int[1];
      int[] taken = new int[1];
      List<RuntimeThread> threads = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        threads.add(
            runtime.start(
                "takes-" + i,
                () -> {
                  for (int round = 0; round < 60; round++) {
                    baton.lock();
                    Acquired end = semaphore.acquire(runtime.nanoTime() + 30L * (round % 40));
                    assertThat(inside[0]++).as("threads that have the baton").isZero();
                    runtime.spinHint();
                    inside[0]--;
                    taken[0] += end == Acquired.TAKEN ? 1 : 0;
                    baton.unlock();
                  }
                }));
        threads.add(
            runtime.start(
                "gives-" + i,
                () -> {
                  for (int round = 0; round < 60; round++) {
                    baton.lock();
                    semaphore.release();
                    baton.unlock();
                    runtime.parker().parkUninterruptibly(runtime.nanoTime() + 30L * (round % 40));
                  }
                }));
      }
      BatonTest.join(threads);
      baton.lock();
      assertThat(semaphore.available()).isEqualTo(3 * 60 - taken[0]);
      assertThat(semaphore.waiting()).isZero();
      assertThat(baton.waiting()).isZero();
    }
  }
}
