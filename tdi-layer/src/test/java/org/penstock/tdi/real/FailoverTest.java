package org.penstock.tdi.real;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.penstock.api.TransportAddress;
import org.penstock.api.netif.LinkState;
import org.penstock.api.runtime.StackRuntime;
import org.penstock.api.runtime.SystemRuntime;
import org.penstock.api.view.DriverView;
import org.penstock.concurrency.globallock.GlobalLockStrategy;
import org.penstock.concurrency.mailbox.MailboxStrategy;
import org.penstock.core.api.Slot;
import org.penstock.netif.loopback.Cable;
import org.penstock.netif.loopback.CableOptions;
import org.penstock.tdi.ConnectionEndpoint;
import org.penstock.testkit.netif.FaultyNetif;
import org.penstock.testkit.runtime.VirtualRuntime;

/** A slot whose driver loses its link moves to the one that stands by. */
@Timeout(120)
class FailoverTest {

  private static final long MILLI = 1_000_000L;
  private static final int ROUNDS = 40;
  private static final TransportAddress SERVER = TransportAddress.parse("192.0.2.2:7");
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** Two stacks with two cables between them, each slot at work by the first. */
  private static final class Pair implements AutoCloseable {
    final TwoStacks stacks;
    final FaultyNetif[] first = new FaultyNetif[2];
    final String[] standby = new String[2];

    Pair(StackRuntime runtime, long failbackNanos) {
      stacks = new TwoStacks(runtime, new GlobalLockStrategy(), new MailboxStrategy());
      Cable better = new Cable(runtime, CableOptions.named("better"));
      for (int i = 0; i < 2; i++) {
        standby[i] = stacks.end(i).name();
        first[i] = new FaultyNetif(better.end(i));
        assertThat(slot(i).offer(first[i], 1)).isNull();
      }
      for (int i = 0; i < 2; i++) {
        slot(i).configure(slot(i).settings().withStandby(1, failbackNanos));
        assertThat(slot(i).view().driver()).isEqualTo("faulty-" + better.end(i).name());
        assertThat(slot(i).view().drivers())
            .extracting(DriverView::role)
            .containsExactly(DriverView.Role.ACTIVE, DriverView.Role.STANDBY);
      }
    }

    Slot slot(int index) {
      return stacks.stack(index).slot("net0");
    }

    void link(boolean up) {
      for (FaultyNetif driver : first) {
        driver.link(up ? LinkState.UP : LinkState.DOWN);
      }
    }

    boolean isByStandby() {
      return slot(0).view().driver().equals(standby[0])
          && slot(1).view().driver().equals(standby[1]);
    }

    @Override
    public void close() {
      stacks.close();
    }
  }

  @Test
  void theConnectionGoesOnAndComesBackWhenTheLinkHasStayed() throws Exception {
    try (Pair pair = new Pair(SystemRuntime.get(), MILLI)) {
      pair.stacks.echo(SERVER.port());
      try (EchoRounds transfer = new EchoRounds(pair.stacks.open())) {
        transfer.awaitMore(ROUNDS);

        pair.link(false);
        assertThat(pair.isByStandby()).as("at once").isTrue();
        transfer.awaitMore(ROUNDS);
        pair.link(true);

        transfer.await(() -> pair.slot(0).view().driver().startsWith("faulty"));
        transfer.await(() -> pair.slot(1).view().driver().startsWith("faulty"));
        transfer.awaitMore(ROUNDS);
      }
    }
  }

  @Test
  void aLinkThatComesAndGoesMovesNothing() throws Exception {
    try (Pair pair = new Pair(SystemRuntime.get(), Duration.ofHours(1).toNanos())) {
      pair.stacks.echo(SERVER.port());
      try (EchoRounds transfer = new EchoRounds(pair.stacks.open())) {
        pair.link(false);
        int generation = pair.slot(0).view().generation();
        for (int i = 0; i < 20; i++) {
          pair.link(true);
          pair.link(false);
        }
        transfer.awaitMore(ROUNDS);
        assertThat(pair.slot(0).view().generation()).isEqualTo(generation);
        assertThat(pair.isByStandby()).isTrue();
      }
    }
  }

  @Test
  void aDriverThatFailsIsReplacedByTheOneThatStandsBy() throws Exception {
    try (Pair pair = new Pair(SystemRuntime.get(), 0)) {
      pair.stacks.echo(SERVER.port());
      try (EchoRounds transfer = new EchoRounds(pair.stacks.open())) {
        transfer.awaitMore(ROUNDS);
        for (FaultyNetif driver : pair.first) {
          driver.set(FaultyNetif.Call.TRANSMIT, FaultyNetif.Fault.THROWS);
        }
        transfer.await(pair::isByStandby);
        transfer.awaitMore(ROUNDS);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 83, 95, 169})
  void thePauseIsShorterThanTenMilliseconds(long seed) throws Exception {
    assertShortPause(seed, MILLI);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void alsoWhereAProbeWasLostBeforeTheDeviceNoticed(long seed) throws Exception {
    assertShortPause(seed, 15 * MILLI);
  }

  private static void assertShortPause(long seed, long noticedAfter) throws Exception {
    try (VirtualRuntime runtime = new VirtualRuntime(seed)) {
      Pair pair = new Pair(runtime, Duration.ofHours(1).toNanos());
      pair.stacks.echo(SERVER.port());
      ConnectionEndpoint endpoint = pair.stacks.open();
      endpoint.connect(SERVER, PATIENCE);
      for (int i = 0; i < ROUNDS; i++) {
        round(endpoint, i);
      }
      // What is sent now vanishes, until the device notices that it has no link.
      for (FaultyNetif driver : pair.first) {
        driver.cut();
      }
      AtomicLong lostLink = new AtomicLong();
      runtime.start(
          "link",
          () -> {
            runtime.parker().parkUninterruptibly(runtime.nanoTime() + noticedAfter);
            lostLink.set(runtime.nanoTime());
            pair.link(false);
          });

      round(endpoint, ROUNDS);

      assertThat(lostLink.get()).as("nothing came before the move").isPositive();
      assertThat(runtime.nanoTime() - lostLink.get()).isLessThan(10 * MILLI);
      assertThat(pair.isByStandby()).isTrue();
      for (int i = 0; i < ROUNDS; i++) {
        round(endpoint, i);
      }
      endpoint.close();
      pair.close();
    }
  }

  private static void round(ConnectionEndpoint endpoint, int seed) throws Exception {
    byte[] sent = new byte[4 * 1024];
    RandomGenerator.of("L64X128MixRandom").nextBytes(sent);
    sent[0] = (byte) seed;
    endpoint.send(ByteBuffer.wrap(sent), PATIENCE);
    ByteBuffer got = ByteBuffer.allocate(sent.length);
    while (got.hasRemaining()) {
      assertThat(endpoint.receive(got, PATIENCE)).isPositive();
    }
    assertThat(got.array()).isEqualTo(sent);
  }
}
