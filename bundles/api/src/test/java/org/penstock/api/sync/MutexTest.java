package org.penstock.api.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.penstock.api.runtime.RuntimeThread;
import org.penstock.api.runtime.StackRuntime;
import org.penstock.api.runtime.SystemRuntime;

class MutexTest {

  private static final long PATIENCE = 60_000_000_000L;

  private final StackRuntime runtime = SystemRuntime.get();
  private final Mutex mutex = new Mutex(runtime);
  private int plain;

  private void join(RuntimeThread thread) {
    assertThat(thread.join(runtime.nanoTime() + PATIENCE)).as("ended").isTrue();
  }

  @Test
  void oneThreadHoldsItAtATimeAndSeesWhatTheOneBeforeWrote() {
    List<RuntimeThread> threads = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      threads.add(
          runtime.start(
              "lock-" + i,
              () -> {
                for (int round = 0; round < 20_000; round++) {
                  mutex.lock();
                  plain++;
                  mutex.unlock();
                }
              }));
    }
    threads.forEach(this::join);
    mutex.lock();
    assertThat(plain).isEqualTo(160_000);
    mutex.unlock();
    assertThat(mutex.isLocked()).isFalse();
  }

  @Test
  void tryLockTakesItOnlyIfItIsFree() {
    assertThat(mutex.tryLock()).isTrue();
    assertThat(mutex.isHeldByCaller()).isTrue();
    assertThat(mutex.tryLock()).isFalse();
    AtomicBoolean other = new AtomicBoolean(true);
    join(runtime.start("other", () -> other.set(mutex.tryLock() || mutex.isHeldByCaller())));
    assertThat(other).isFalse();
    mutex.unlock();
    assertThat(mutex.tryLock()).isTrue();
  }

  @Test
  void lockingItTwiceIsAnErrorAndNotADeadlock() {
    mutex.lock();
    assertThatThrownBy(mutex::lock)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("already");
    assertThat(mutex.isHeldByCaller()).isTrue();
  }

  @Test
  void onlyTheHolderUnlocksIt() {
    assertThatThrownBy(mutex::unlock)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("does not hold");
    join(runtime.start("holder", mutex::lock));
    assertThatThrownBy(mutex::unlock).isInstanceOf(IllegalStateException.class);
    assertThat(mutex.isLocked()).isTrue();
  }

  @Test
  void aDeadlineEndsTheWait() {
    join(runtime.start("holder", mutex::lock));
    long deadline = runtime.nanoTime() + 5_000_000;
    assertThat(mutex.lock(deadline)).isFalse();
    assertThat(runtime.nanoTime()).isGreaterThanOrEqualTo(deadline);
  }

  @Test
  void waitersThatGiveUpDoNotTakeAWakeUpAlong() {
    List<RuntimeThread> threads = new ArrayList<>();
    AtomicInteger locked = new AtomicInteger();
    for (int i = 0; i < 6; i++) {
      boolean patient = i % 2 == 0;
      threads.add(
          runtime.start(
              "lock-" + i,
              () -> {
                for (int round = 0; round < 3_000; round++) {
                  long deadline = patient ? StackRuntime.NEVER : runtime.nanoTime() + round * 10L;
                  if (mutex.lock(deadline)) {
                    plain++;
                    locked.incrementAndGet();
                    mutex.unlock();
                  }
                }
              }));
    }
    threads.forEach(this::join);
    assertThat(plain).isEqualTo(locked.get());
  }

  @Test
  void anInterruptedThreadWaitsAndStaysInterrupted() {
    mutex.lock();
    AtomicBoolean interrupted = new AtomicBoolean();
    AtomicBoolean entered = new AtomicBoolean();
    RuntimeThread waiter =
        runtime.start(
            "waiter",
            () -> {
              Thread.currentThread().interrupt();
              entered.set(true);
              mutex.lock();
              interrupted.set(Thread.currentThread().isInterrupted());
              mutex.unlock();
            });
    while (!entered.get()) {
      runtime.spinHint();
    }
    assertThat(waiter.join(runtime.nanoTime() + 5_000_000)).isFalse();
    mutex.unlock();
    join(waiter);
    assertThat(interrupted).isTrue();
  }
}
