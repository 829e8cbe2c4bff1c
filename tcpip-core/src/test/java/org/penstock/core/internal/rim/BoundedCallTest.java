package org.penstock.core.internal.rim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.penstock.api.runtime.StackRuntime;
import org.penstock.api.runtime.SystemRuntime;

/** A call into a plug-in costs its caller a bounded time, whatever the plug-in does. */
@Timeout(60)
class BoundedCallTest {

  private static final long SOON = 20_000_000L;
  private static final long LONG = 30_000_000_000L;

  private final StackRuntime runtime = SystemRuntime.get();
  private final BlockingQueue<String> late = new LinkedBlockingQueue<>();

  @Test
  void bringsWhatTheCallReturnsOrThrows() {
    assertThat(make(LONG, () -> "done").result()).isEqualTo("done");
    BoundedCall.Outcome<String> thrown =
        make(
            LONG,
            () -> {
              throw new LinkageError("gone");
            });
    assertThat(thrown.thrown()).isInstanceOf(LinkageError.class);
    assertThat(thrown.isBack()).isTrue();
    assertThat(late).isEmpty();
  }

  @Test
  void tellsWhereACallHangsAndInterruptsIt() throws Exception {
    BoundedCall.Outcome<String> outcome = make(SOON, BoundedCallTest::waitForInterrupt);

    assertThat(outcome.isBack()).isFalse();
    assertThat(outcome.hangsAt()).contains("waitForInterrupt");
    assertThat(late.poll(LONG, TimeUnit.NANOSECONDS)).as("came late").isEqualTo("interrupted");
  }

  @Test
  void anInterruptOfTheCallerIsKeptAndCutsNothingShort() {
    Thread.currentThread().interrupt();
    BoundedCall.Outcome<String> outcome =
        make(
            LONG,
            () -> {
              TimeUnit.NANOSECONDS.sleep(SOON);
              return "done";
            });

    assertThat(Thread.interrupted()).as("interrupted").isTrue();
    assertThat(outcome.result()).isEqualTo("done");
  }

  private BoundedCall.Outcome<String> make(long limitNanos, Callable<String> body) {
    return BoundedCall.make(runtime, "test-call", runtime.nanoTime() + limitNanos, body, late::add);
  }

  private static String waitForInterrupt() {
    try {
      new CountDownLatch(1).await();
      return "woken";
    } catch (InterruptedException e) {
      return "interrupted";
    }
  }
}
