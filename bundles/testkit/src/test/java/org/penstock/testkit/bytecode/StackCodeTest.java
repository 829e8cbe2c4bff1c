package org.penstock.testkit.bytecode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Shows that each rule over the core's bytecode can fail, with one offender for each. */
class StackCodeTest {

  @Test
  void cleanCodePasses() throws IOException {
    assertThat(StackCode.onlyStackRuntime().find(bytesOf(Clean.class))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      classes = {
        SynchronizedBlock.class,
        SynchronizedMethod.class,
        Waits.class,
        StartsThread.class,
        HasThreadField.class,
        TakesThreadArray.class,
        Locks.class,
        Parks.class,
        CountsDown.class,
        RunsAsynchronously.class,
        ReadsMonotonicClock.class,
        RefersToMonotonicClock.class,
        ReadsWallClock.class,
        ReadsInstant.class,
        HasClock.class,
        DrawsRandom.class,
        DrawsSecureRandom.class,
        DrawsThreadLocalRandom.class,
        DrawsSplittableRandom.class,
        DrawsMathRandom.class,
      })
  void offenderIsFound(Class<?> offender) throws IOException {
    List<Violation> found = StackCode.onlyStackRuntime().find(bytesOf(offender));

    assertThat(found).isNotEmpty().allMatch(v -> v.className().equals(offender.getName()));
  }

  @Test
  void rimMaySynchronizeAndNothingElse() throws IOException {
    assertThat(StackCode.containerRim().find(bytesOf(SynchronizedMethod.class))).isEmpty();
    assertThat(StackCode.containerRim().find(bytesOf(Locks.class))).isNotEmpty();
  }

  @Test
  void violationNamesTheCall() throws IOException {
    assertThat(StackCode.onlyStackRuntime().find(bytesOf(ReadsMonotonicClock.class)))
        .extracting(Violation::toString)
        .containsExactly(ReadsMonotonicClock.class.getName() + " calls java.lang.System.nanoTime");
  }

  @Test
  void folderWithoutClassesIsRefused(@TempDir Path empty) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> StackCode.onlyStackRuntime().findBelow(empty))
        .withMessageContaining(empty.toString());
  }

  private static byte[] bytesOf(Class<?> type) throws IOException {
    String file = type.getName().substring(type.getPackageName().length() + 1) + ".class";
    try (InputStream in = type.getResourceAsStream(file)) {
      assertThat(in).as(file).isNotNull();
      return in.readAllBytes();
    }
  }

  static final class Clean {
    private final LongSupplier clock;

    Clean(LongSupplier clock) {
      this.clock = clock;
    }

    String age(long since) {
      return "since " + (clock.getAsLong() - since) + " ns";
    }
  }

  static final class SynchronizedBlock {
    int add(int a) {
      synchronized (this) {
        return a + 1;
      }
    }
  }

  static final class SynchronizedMethod {
    synchronized int add(int a) {
      return a + 1;
    }
  }

  @SuppressWarnings("NotifyNotSynchronized")
  static final class Waits {
    void wake(Object sleeper) {
      sleeper.notifyAll();
    }
  }

  static final class StartsThread {
    void start(Runnable work) {
      new Thread(work).start();
    }
  }

  static final class HasThreadField {
    Thread owner;
  }

  abstract static class TakesThreadArray {
    abstract void take(Thread[] threads);
  }

  static final class Locks {
    final Object lock = new ReentrantLock();
  }

  static final class Parks {
    void park() {
      LockSupport.parkNanos(1);
    }
  }

  static final class CountsDown {
    final Object latch = new CountDownLatch(1);
  }

  abstract static class RunsAsynchronously {
    abstract void run(ScheduledExecutorService executor);
  }

  static final class ReadsMonotonicClock {
    long now() {
      return System.nanoTime();
    }
  }

  static final class RefersToMonotonicClock {
    final LongSupplier clock = System::nanoTime;
  }

  static final class ReadsWallClock {
    long now() {
      return System.currentTimeMillis();
    }
  }

  static final class ReadsInstant {
    Object now() {
      return Instant.now();
    }
  }

  static final class HasClock {
    Clock clock;
  }

  static final class DrawsRandom {
    int draw() {
      return new Random().nextInt();
    }
  }

  static final class DrawsSecureRandom {
    int draw() {
      return new SecureRandom().nextInt();
    }
  }

  static final class DrawsThreadLocalRandom {
    int draw() {
      return ThreadLocalRandom.current().nextInt();
    }
  }

  static final class DrawsSplittableRandom {
    int draw() {
      return new SplittableRandom().nextInt();
    }
  }

  static final class DrawsMathRandom {
    final DoubleSupplier chance = Math::random;
  }
}
