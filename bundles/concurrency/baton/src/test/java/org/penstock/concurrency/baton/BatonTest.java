package org.penstock.concurrency.baton;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.penstock.api.runtime.RuntimeThread;
import org.penstock.testkit.runtime.VirtualRuntime;

class BatonTest {

  static LongStream seeds() {
    return LongStream.rangeClosed(1, Long.getLong("penstock.seeds", 20));
  }

  /** Lets the others get on until so many stand in line. */
  static void untilInLine(VirtualRuntime runtime, Baton baton, int count) {
    while (baton.waiting() != count) {
      runtime.spinHint();
    }
  }

  static void join(List<RuntimeThread> threads) {
    for (RuntimeThread thread : threads) {
      assertThat(thread.join(Long.MAX_VALUE)).isTrue();
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void itIsHandedOverInTheOrderOfTheLine(long seed) {
    try (VirtualRuntime runtime = new VirtualRuntime(seed)) {
      Baton baton = new Baton(runtime);
      List<Integer> order = new ArrayList<>();
      List<RuntimeThread> threads = new ArrayList<>();
      baton.lock();
      for (int i = 0; i < 6; i++) {
        int number = i;
        threads.add(
            runtime.start(
                "wants-" + i,
                () -> {
                  baton.lock();
                  order.add(number);
                  baton.unlock();
                }));
        untilInLine(runtime, baton, i + 1);
      }
      baton.unlock();
      join(threads);
      assertThat(order).isEqualTo(IntStream.range(0, 6).boxed().toList());
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void nobodyPassesOneWhoIsInLineAlsoBeforeThatOneHasWoken(long seed) {
    try (VirtualRuntime runtime = new VirtualRuntime(seed)) {
      Baton baton = new Baton(runtime);
      boolean[] enough = new boolean[1];
      baton.lock();
      RuntimeThread first =
          runtime.start(
              "first",
              () -> {
                baton.lock();
                while (!enough[0]) {
                  runtime.spinHint();
                }
                baton.unlock();
              });
      untilInLine(runtime, baton, 1);
      baton.unlock();
      // The other may or may not have woken: it owns the baton in any case.
      assertThat(baton.tryLock()).isFalse();
      enough[0] = true;
      join(List.of(first));
      assertThat(baton.tryLock()).isTrue();
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void whoHasADeadlineLeavesTheLineOrGetsIt(long seed) {
    try (VirtualRuntime runtime = new VirtualRuntime(seed)) {
      Baton baton = new Baton(runtime);
      int[] inside = new int[1];
      int[] ends = new int[2];
      List<RuntimeThread> threads = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        int number = i;
        threads.add(
            runtime.start(
                "wants-" + i,
                () -> {
                  for (int round = 0; round < 50; round++) {
                    boolean patient = (round + number) % 3 == 0;
                    long deadline = patient ? Long.MAX_VALUE : runtime.nanoTime() + 20L * round;
                    if (!baton.lock(deadline)) {
                      ends[0]++;
                      continue;
                    }
                    ends[1]++;
                    assertThat(inside[0]++).isZero();
                    runtime.spinHint();
                    inside[0]--;
                    baton.unlock();
                  }
                }));
      }
      join(threads);
      assertThat(ends[0] + ends[1]).isEqualTo(5 * 50);
      assertThat(baton.waiting()).isZero();
      assertThat(baton.tryLock()).isTrue();
    }
  }

  @Test
  void itIsNotReentrantAndKnowsWhoHasIt() {
    try (VirtualRuntime runtime = new VirtualRuntime(1)) {
      Baton baton = new Baton(runtime);
      assertThatThrownBy(baton::unlock)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("has not got the baton");
      baton.lock();
      assertThat(baton.isHeldByCaller()).isTrue();
      assertThatThrownBy(baton::lock)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("has the baton already");
      baton.unlock();
      assertThat(baton.isHeldByCaller()).isFalse();
    }
  }
}
