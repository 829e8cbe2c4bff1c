package org.penstock.netif.tap.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.penstock.api.netif.NetifAttachment;
import org.penstock.api.netif.QueueAgent;
import org.penstock.api.runtime.StackRuntime;
import org.penstock.api.runtime.SystemRuntime;
import org.penstock.netif.tap.TapSettings;
import org.penstock.testkit.NetworkNamespace;
import org.penstock.testkit.NetworkNamespaceExtension;
import org.penstock.testkit.netif.RecordingHost;

/** The queue as an agent: when it sleeps, and what wakes it. */
@ExtendWith(NetworkNamespaceExtension.class)
@Timeout(60)
class TapQueueTest {
  private static final StackRuntime RUNTIME = SystemRuntime.get();

  // A sleeper that nothing wakes looks every 100 ms whether it was interrupted.
  private static final long SHORTER_THAN_A_LOOK = 90_000_000;

  private TapNetif tap;
  private NetifAttachment attachment;
  private QueueAgent queue;

  @BeforeEach
  void attach(NetworkNamespace net) throws Exception {
    tap = TapNetif.open(TapSettings.of("tap0").withNetns(net.name()), cause -> {});
    attachment = tap.attach(new RecordingHost("test/net0", RUNTIME, tap.capabilities()));
    queue = attachment.queues().getFirst();
    assertThat(queue.work(64)).isZero();
    queue.idle(0); // takes note of what making the device announced
  }

  @AfterEach
  void close() throws Exception {
    tap.close();
  }

  private long idle(long nanos) {
    long start = RUNTIME.nanoTime();
    queue.idle(nanos == StackRuntime.NEVER ? nanos : start + nanos);
    return RUNTIME.nanoTime() - start;
  }

  /** The shortest of some times, in nanoseconds: on a busy machine any single one may be long. */
  private static long shortest(LongSupplier time) {
    return LongStream.generate(time).limit(9).min().orElseThrow();
  }

  @Test
  void keepsItsDeadline() {
    assertThat(shortest(() -> idle(3_000_000))).isBetween(3_000_000L, SHORTER_THAN_A_LOOK);
    assertThat(shortest(() -> idle(0))).isLessThan(3_000_000L);
    assertThat(shortest(() -> idle(-1_000_000))).isLessThan(3_000_000L);
  }

  @Test
  void doesNotLoseAWakeThatCameBefore() {
    long woken =
        shortest(() -> {
          queue.wake();
          queue.wake();
          return idle(StackRuntime.NEVER);
        });

    assertThat(woken).isLessThan(SHORTER_THAN_A_LOOK);
    assertThat(idle(3_000_000)).as("a second sleep").isGreaterThanOrEqualTo(3_000_000L);
  }

  @Test
  void isWokenByAnotherThread() throws Exception {
    long[] waits = new long[21];
    for (int round = 0; round < waits.length; round++) {
      int index = round;
      var asleep = new CountDownLatch(1);
      Thread sleeper =
          Thread.ofPlatform()
              .start(() -> {
                asleep.countDown();
                waits[index] = idle(StackRuntime.NEVER);
              });
      asleep.await();
      LockSupport.parkNanos(1_000_000); // so that most rounds find it in its sleep
      queue.wake();
      sleeper.join();
    }
    Arrays.sort(waits);
    assertThat(waits[waits.length / 2]).isLessThan(SHORTER_THAN_A_LOOK);
  }

  @Test
  void returnsWhenItsThreadIsInterrupted() throws Exception {
    var sleeping = new CountDownLatch(1);
    var interrupted = new CountDownLatch(1);
    Thread sleeper =
        Thread.ofPlatform()
            .start(() -> {
              sleeping.countDown();
              while (!Thread.currentThread().isInterrupted()) {
                queue.idle(StackRuntime.NEVER);
              }
              interrupted.countDown();
            });
    sleeping.await();
    sleeper.interrupt();
    assertThat(interrupted.await(20, TimeUnit.SECONDS)).isTrue();

    Thread.currentThread().interrupt();
    assertThat(shortest(() -> idle(StackRuntime.NEVER))).isLessThan(SHORTER_THAN_A_LOOK);
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void letsNobodyInOnceDetached() {
    assertThat(attachment.detach(RUNTIME.nanoTime() + 1_000_000_000)).isTrue();

    queue.wake();
    assertThat(queue.work(64)).isZero();
    assertThat(shortest(() -> idle(StackRuntime.NEVER))).isLessThan(SHORTER_THAN_A_LOOK);
    assertThat(attachment.detach(0)).as("again").isTrue();
  }
}
