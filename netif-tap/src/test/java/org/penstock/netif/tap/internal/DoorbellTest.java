package org.penstock.netif.tap.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class DoorbellTest {
  private static final long LONG = Duration.ofSeconds(20).toNanos();

  @Test
  void wakesAThreadThatWaitsWithoutEnd() throws Exception {
    try (Doorbell bell = Doorbell.open();
        PollSet set = new PollSet(bell.fd())) {
      var waiting = CompletableFuture.supplyAsync(() -> set.await(PollSet.FOR_EVER));
      bell.ring();

      assertThat(waiting.get(20, TimeUnit.SECONDS)).isEqualTo(1);
      assertThat(set.events(0)).isEqualTo(Libc.POLLIN);
    }
  }

  @Test
  void ringsOnceHoweverOftenItWasRung() throws Exception {
    try (Doorbell bell = Doorbell.open();
        PollSet set = new PollSet(bell.fd())) {
      bell.ring();
      bell.ring();
      assertThat(set.await(LONG)).isEqualTo(1);
      bell.drain();

      assertThat(set.await(0)).isZero();
      assertThat(set.events(0)).isZero();
    }
  }

  @Test
  void leavesTheDescriptorsNumberAloneOnceClosed() throws Exception {
    Doorbell closed = Doorbell.open();
    int number = closed.fd();
    closed.close();
    try (Doorbell next = Doorbell.open();
        PollSet set = new PollSet(next.fd())) {
      closed.ring();
      closed.close();

      // The kernel gives the lowest free number, so unless another thread came in between, this
      // one.
      assertThat(set.await(0)).as("descriptor %d after %d", next.fd(), number).isZero();
    }
  }

  @Test
  void waitsAsLongAsItWasTold() throws Exception {
    try (Doorbell bell = Doorbell.open();
        PollSet set = new PollSet(bell.fd())) {
      long start = System.nanoTime();

      assertThat(set.await(1_500_000)).isZero();
      assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(1_500_000);
    }
  }
}
