package org.penstock.tdi.real;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.penstock.api.TransportAddress;
import org.penstock.api.concurrency.ConcurrencyStrategy;
import org.penstock.concurrency.globallock.GlobalLockStrategy;
import org.penstock.concurrency.mailbox.MailboxStrategy;
import org.penstock.tdi.AddressFile;
import org.penstock.tdi.ConnectionEndpoint;
import org.penstock.tdi.Disconnect;
import org.penstock.tdi.InThread;

/** Connections come and go, in every way, while the strategies of both stacks are replaced. */
@Timeout(120)
class ConnectionsDuringSwapTest {

  private static final Duration LONG = Duration.ofSeconds(30);
  private static final TransportAddress SERVER = TransportAddress.parse("192.0.2.2:7");
  private static final int CLIENTS = 3;
  private static final int CONNECTIONS = 100;
  private static final int LEAST_SWAPS = 10;

  @Test
  void theListenerLosesNoneAndNoneIsLeft() throws Exception {
    try (TwoStacks stacks = new TwoStacks(new GlobalLockStrategy(), new MailboxStrategy())) {
      AddressFile echo = stacks.echo(SERVER.port());
      AtomicBoolean done = new AtomicBoolean();
      CompletableFuture<Integer> swaps = InThread.call(() -> swapUntil(done, stacks));
      List<CompletableFuture<Integer>> clients = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        Random chance = new Random(i);
        clients.add(InThread.call(() -> connectAgainAndAgain(stacks, chance)));
      }

      for (CompletableFuture<Integer> client : clients) {
        assertThat(client.get(90, TimeUnit.SECONDS)).isEqualTo(CONNECTIONS);
      }
      done.set(true);

      assertThat(swaps.get()).isGreaterThanOrEqualTo(LEAST_SWAPS);
      assertThat(echo.info().listening()).isTrue();
      assertThat(echo.info().waitingConnections()).isZero();
      TwoStacks.awaitNoEndpoints(echo);
    }
  }

  private static int swapUntil(AtomicBoolean done, TwoStacks stacks) {
    int swaps = 0;
    while (!done.get() || swaps < LEAST_SWAPS) {
      ConcurrencyStrategy next = swaps % 2 == 0 ? new MailboxStrategy() : new GlobalLockStrategy();
      for (int i = 0; i < 2; i++) {
        assertThat(stacks.stack(i).swap(next)).isNull();
      }
      swaps++;
    }
    return swaps;
  }

  private static int connectAgainAndAgain(TwoStacks stacks, Random chance) throws Exception {
    byte[] said = new byte[2000];
    for (int i = 0; i < CONNECTIONS; i++) {
      chance.nextBytes(said);
      try (ConnectionEndpoint endpoint = stacks.open()) {
        endpoint.connect(SERVER, LONG);
        endpoint.send(ByteBuffer.wrap(said), LONG);
        ByteBuffer heard = ByteBuffer.allocate(said.length);
        while (heard.hasRemaining()) {
          assertThat(endpoint.receive(heard, LONG)).isPositive();
        }
        assertThat(heard.array()).isEqualTo(said);
        switch (chance.nextInt(3)) {
          case 0 -> endpoint.disconnect(Disconnect.RELEASE, LONG);
          case 1 -> endpoint.disconnect(Disconnect.ABORT, LONG);
          default -> {} // closed as it is
        }
      }
    }
    return CONNECTIONS;
  }
}
