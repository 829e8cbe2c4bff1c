package org.penstock.api.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class SystemRuntimeTest {

  private final StackRuntime runtime = SystemRuntime.get();

  @Test
  void timeStartsAtZeroOrAboveAndGoesOn() {
    long before = runtime.nanoTime();
    assertThat(before).isNotNegative();
    long deadline = before + 1_000_000;
    Parker parker = runtime.parker();
    while (runtime.nanoTime() < deadline) {
      assertThat(parker.park(deadline)).isTrue();
    }
    assertThat(runtime.nanoTime()).isGreaterThanOrEqualTo(deadline);
  }

  @Test
  void aPermitGivenBeforeIsNotLost() {
    Parker parker = runtime.parker();
    parker.unpark();
    assertThat(parker.park(StackRuntime.NEVER)).isTrue();
    parker.unpark();
    parker.parkUninterruptibly(StackRuntime.NEVER);
  }

  @Test
  void theCallingThreadCanBeLookedAtAndInterruptedByAnother() {
    AtomicReference<RuntimeThread> handle = new AtomicReference<>();
    RuntimeThread started =
        runtime.start(
            "looked-at",
            () -> {
              handle.set(runtime.current());
              Parker parker = runtime.parker();
              while (parker.park(StackRuntime.NEVER)) {
                Thread.onSpinWait();
              }
            });
    while (handle.get() == null || !handle.get().stackTrace().contains("park")) {
      Thread.onSpinWait();
    }
    handle.get().interrupt();
    assertThat(started.join(runtime.nanoTime() + 20_000_000_000L)).isTrue();
    assertThat(handle.get().isAlive()).isFalse();
  }

  @Test
  void twoParkersOfOneThreadDoNotTakeEachOthersPermit() {
    Parker first = runtime.parker();
    Parker second = runtime.parker();
    first.unpark();
    second.unpark();
    first.park(StackRuntime.NEVER);
    second.park(StackRuntime.NEVER);
  }

  @Test
  void anInterruptedThreadIsToldButParksUninterruptiblyAllTheSame() {
    AtomicReference<String> seen = new AtomicReference<>();
    RuntimeThread thread =
        runtime.start(
            "interrupted",
            () -> {
              Thread.currentThread().interrupt();
              Parker parker = runtime.parker();
              boolean told = !parker.park(StackRuntime.NEVER);
              long deadline = runtime.nanoTime() + 5_000_000;
              int turns = 0;
              while (runtime.nanoTime() < deadline) {
                parker.parkUninterruptibly(deadline);
                turns++;
              }
              boolean slept = turns < 100;
              seen.set(told + " " + slept + " " + Thread.currentThread().isInterrupted());
            });
    assertThat(thread.join(runtime.nanoTime() + 60_000_000_000L)).isTrue();
    assertThat(seen).hasValue("true true true");
  }

  @Test
  void aThreadRunsAndEnds() {
    AtomicInteger runs = new AtomicInteger();
    RuntimeThread thread = runtime.start("body", runs::incrementAndGet);
    assertThat(thread.join(runtime.nanoTime() + 60_000_000_000L)).isTrue();
    assertThat(thread.isAlive()).isFalse();
    assertThat(runs).hasValue(1);
  }

  @Test
  void aThreadDoesNotWaitForItself() {
    AtomicReference<RuntimeThread> self = new AtomicReference<>();
    AtomicReference<Boolean> joined = new AtomicReference<>();
    RuntimeThread thread =
        runtime.start(
            "self",
            () -> {
              while (self.get() == null) {
                runtime.spinHint();
              }
              joined.set(self.get().join(StackRuntime.NEVER));
            });
    self.set(thread);
    assertThat(thread.join(runtime.nanoTime() + 60_000_000_000L)).isTrue();
    assertThat(joined).hasValue(false);
  }

  @Test
  void numbersAreDrawnBelowTheBound() {
    boolean[] seen = new boolean[6];
    for (int i = 0; i < 1_000; i++) {
      seen[runtime.random().nextInt(6)] = true;
    }
    assertThat(seen).containsOnly(true);
  }
}
