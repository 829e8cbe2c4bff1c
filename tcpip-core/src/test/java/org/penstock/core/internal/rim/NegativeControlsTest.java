package org.penstock.core.internal.rim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.penstock.core.internal.rim.SwapBench.SECOND;
import static org.penstock.core.internal.rim.SwapBench.strategy;

import java.util.concurrent.CountDownLatch;
import java.util.stream.LongStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.penstock.api.concurrency.Attempt;
import org.penstock.api.concurrency.Awaited;
import org.penstock.api.concurrency.ConcurrencyStrategy;
import org.penstock.api.runtime.StackRuntime;
import org.penstock.api.runtime.SystemRuntime;
import org.penstock.core.internal.cell.Cell;
import org.penstock.core.internal.rim.SwapBench.Letters;
import org.penstock.core.internal.rim.WrongStrategy.Fault;

/**
 * Two strategies that are wrong are caught every time: by construction, since the threads meet
 * where the fault is, and under every seed.
 */
@Timeout(120)
class NegativeControlsTest {

  private static final ConcurrencyStrategy FRAMES_UNLOCKED =
      new WrongStrategy(strategy("global-lock"), Fault.FRAMES_UNLOCKED);

  private static Rim rim(boolean sentinel) {
    StackRuntime runtime = SystemRuntime.get();
    return new Rim("test", runtime, new Cell[] {new Cell(0, runtime.nanoTime())}, sentinel);
  }

  @RepeatedTest(20)
  void theSentinelCatchesFramesThatComeInWithoutTheLock() throws Exception {
    Rim rim = rim(true);
    assertThat(rim.swap(FRAMES_UNLOCKED)).isNull();
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch delivered = new CountDownLatch(1);
    Thread caller =
        Thread.ofPlatform()
            .start(() ->
                rim.call(
                    SwapBench.section(
                        0,
                        () -> {
                          inside.countDown();
                          await(delivered);
                        })));
    await(inside);

    Throwable caught = catchThrowable(() -> rim.deliver(SwapBench.section(0, () -> {})));
    delivered.countDown();
    caller.join();

    assertThat(caught)
        .isInstanceOf(OverlapException.class)
        .hasMessageContaining("thread " + caller.threadId() + " was inside");
    assertThat(rim.overlaps()).isOne();
  }

  /** Adds one in two steps, between which the other thread has time to come in. */
  private static int countOfTwo(ConcurrencyStrategy strategy) throws Exception {
    Rim rim = rim(false);
    assertThat(rim.swap(strategy)).isNull();
    int[] plain = new int[1];
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch delivered = new CountDownLatch(1);
    Thread receiver =
        Thread.ofPlatform()
            .unstarted(() -> {
              await(inside);
              rim.deliver(SwapBench.section(0, () -> plain[0]++));
              delivered.countDown();
            });
    receiver.start();
    rim.call(
        SwapBench.section(
            0,
            () -> {
              int read = plain[0];
              inside.countDown();
              // Until it was there, or waits for the lock that we hold.
              while (delivered.getCount() > 0
                  && !(inside.getCount() == 0 && isWaitingForALock(receiver))) {
                Thread.onSpinWait();
              }
              plain[0] = read + 1;
            }));
    receiver.join();
    assertThat(rim.close(rim.runtime().nanoTime() + 10 * SECOND)).isTrue();
    return plain[0];
  }

  private static boolean isWaitingForALock(Thread thread) {
    if (thread.getState() != Thread.State.WAITING) {
      return false;
    }
    for (StackTraceElement frame : thread.getStackTrace()) {
      if (frame.getClassName().endsWith(".Mutex")) {
        return true;
      }
    }
    return false;
  }

  @RepeatedTest(20)
  void aRaceLosesAnUpdateWhereFramesComeInWithoutTheLock() throws Exception {
    assertThat(countOfTwo(FRAMES_UNLOCKED)).isOne();
  }

  @Test
  void andNoneWhereTheyDoNot() throws Exception {
    assertThat(countOfTwo(strategy("global-lock"))).isEqualTo(2);
  }

  static LongStream seeds() {
    return LongStream.rangeClosed(1, 20);
  }

  /** How long a thread waits for what comes while it sleeps. */
  private static long wait(ConcurrencyStrategy strategy, long seed) {
    try (SwapBench bench = new SwapBench(seed, 1)) {
      assertThat(bench.rim.swap(strategy)).isNull();
      Letters letters = new Letters(0);
      Attempt taking = letters.take();
      long[] ended = new long[1];
      bench.runtime.start(
          "waiting",
          () -> {
            assertThat(bench.rim.await("take", taking, bench.in(30 * SECOND)))
                .isEqualTo(Awaited.DONE);
            ended[0] = bench.runtime.nanoTime();
          });
      bench.runtime.advance(SECOND);
      assertThat(letters.waiting).isNotEmpty();
      long put = bench.runtime.nanoTime();
      bench.call(0, () -> letters.put(bench.rim));
      bench.until("the wait ends", () -> ended[0] > 0);
      return ended[0] - put;
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void aDroppedWakeUpIsCaught(long seed) {
    assertThat(wait(new WrongStrategy(strategy("global-lock"), Fault.WAKE_UPS_DROPPED), seed))
        .isGreaterThan(20 * SECOND);
    assertThat(wait(strategy("global-lock"), seed)).isLessThan(SECOND);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
