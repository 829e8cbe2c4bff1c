package org.penstock.api.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.penstock.api.runtime.RuntimeThread;
import org.penstock.api.runtime.StackRuntime;
import org.penstock.api.runtime.SystemRuntime;
import org.penstock.api.sync.Semaphore.Acquired;

class SemaphoreTest {

  private static final long PATIENCE = 60_000_000_000L;

  private final StackRuntime runtime = SystemRuntime.get();

  private void join(RuntimeThread thread) {
    assertThat(thread.join(runtime.nanoTime() + PATIENCE)).as("ended").isTrue();
  }

  @Test
  void permitsAreTakenAndGiven() {
    Semaphore semaphore = new Semaphore(runtime, 2);
    assertThat(semaphore.tryAcquire()).isTrue();
    assertThat(semaphore.acquire(StackRuntime.NEVER)).isEqualTo(Acquired.TAKEN);
    assertThat(semaphore.tryAcquire()).isFalse();
    semaphore.release();
    assertThat(semaphore.available()).isEqualTo(1);
    assertThat(semaphore.acquire(0)).isEqualTo(Acquired.TAKEN);
  }

  @Test
  void aNegativeCountIsRefused() {
    assertThatThrownBy(() -> new Semaphore(runtime, -3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("-3");
  }

  @Test
  void aDeadlineEndsTheWait() {
    Semaphore semaphore = new Semaphore(runtime, 0);
    long deadline = runtime.nanoTime() + 5_000_000;
    assertThat(semaphore.acquire(deadline)).isEqualTo(Acquired.TIMED_OUT);
    assertThat(runtime.nanoTime()).isGreaterThanOrEqualTo(deadline);
  }

  @Test
  void anInterruptEndsTheWaitAndStaysSet() {
    Semaphore semaphore = new Semaphore(runtime, 0);
    AtomicReference<Acquired> end = new AtomicReference<>();
    RuntimeThread thread =
        runtime.start(
            "waiter",
            () -> {
              Acquired acquired = semaphore.acquire(StackRuntime.NEVER);
              end.set(Thread.currentThread().isInterrupted() ? acquired : null);
            });
    thread.interrupt();
    join(thread);
    assertThat(end).hasValue(Acquired.INTERRUPTED);
  }

  /** Waiters whose node is chosen just as they help themselves must hand the wake-up on. */
  @Test
  void nobodySleepsBesideAFreePermit() {
    Semaphore semaphore = new Semaphore(runtime, 0);
    int pairs = 4;
    int rounds = 20_000;
    List<RuntimeThread> threads = new ArrayList<>();
    AtomicInteger late = new AtomicInteger();
    for (int i = 0; i < pairs; i++) {
      threads.add(
          runtime.start(
              "take-" + i,
              () -> {
                for (int round = 0; round < rounds; round++) {
                  if (semaphore.acquire(runtime.nanoTime() + PATIENCE) != Acquired.TAKEN) {
                    late.incrementAndGet();
                  }
                }
              }));
      threads.add(
          runtime.start(
              "give-" + i,
              () -> {
                for (int round = 0; round < rounds; round++) {
                  semaphore.release();
                }
              }));
    }
    threads.forEach(this::join);
    assertThat(late).hasValue(0);
    assertThat(semaphore.available()).isZero();
  }

  @Test
  void waitersThatGiveUpDoNotTakeAWakeUpAlong() {
    Semaphore semaphore = new Semaphore(runtime, 0);
    int rounds = 5_000;
    List<RuntimeThread> threads = new ArrayList<>();
    AtomicInteger taken = new AtomicInteger();
    for (int i = 0; i < 3; i++) {
      threads.add(
          runtime.start(
              "hasty-" + i,
              () -> {
                for (int round = 0; round < rounds; round++) {
                  if (semaphore.acquire(runtime.nanoTime() + round) == Acquired.TAKEN) {
                    taken.incrementAndGet();
                    semaphore.release();
                  }
                }
              }));
    }
    RuntimeThread patient =
        runtime.start(
            "patient",
            () -> {
              for (int round = 0; round < rounds; round++) {
                semaphore.acquire(StackRuntime.NEVER);
                semaphore.release();
              }
            });
    semaphore.release();
    join(patient);
    threads.forEach(this::join);
    assertThat(semaphore.available()).isEqualTo(1);
  }
}
