package org.penstock.netif.tap.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.penstock.api.runtime.StackRuntime;
import org.penstock.api.runtime.SystemRuntime;

class FenceTest {
  private static final StackRuntime RUNTIME = SystemRuntime.get();

  private final Fence fence = new Fence();

  private boolean awaitFor(long nanos) {
    return fence.await(RUNTIME, RUNTIME.nanoTime() + nanos);
  }

  @Test
  void letsOneInAtATimeAndNobodyOnceClosed() {
    assertThat(fence.enter()).isTrue();
    assertThat(fence.enter()).isFalse();
    fence.leave();
    assertThat(fence.enter()).isTrue();
    fence.leave();
    fence.close();
    fence.close();
    assertThat(fence.enter()).isFalse();
    assertThat(awaitFor(0)).isTrue();
  }

  @Test
  void waitsForTheOneInside() throws Exception {
    fence.enter();
    fence.close();
    assertThat(fence.isClosed()).isFalse();
    assertThat(awaitFor(2_000_000)).isFalse();

    var waiting = CompletableFuture.supplyAsync(() -> awaitFor(20_000_000_000L));
    fence.leave();
    assertThat(waiting.get(20, TimeUnit.SECONDS)).isTrue();
    assertThat(fence.enter()).isFalse();
  }

  @Test
  void waitsAlsoWhenInterrupted() {
    fence.enter();
    fence.close();
    Thread.currentThread().interrupt();
    long start = RUNTIME.nanoTime();

    assertThat(awaitFor(2_000_000)).isFalse();
    assertThat(RUNTIME.nanoTime() - start).isGreaterThanOrEqualTo(2_000_000);
    assertThat(Thread.interrupted()).isTrue();
  }
}
