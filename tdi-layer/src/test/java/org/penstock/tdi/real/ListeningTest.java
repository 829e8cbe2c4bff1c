package org.penstock.tdi.real;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.penstock.api.IpAddress;
import org.penstock.api.TransportAddress;
import org.penstock.concurrency.globallock.GlobalLockStrategy;
import org.penstock.concurrency.mailbox.MailboxStrategy;
import org.penstock.tdi.AddressFile;
import org.penstock.tdi.Client;
import org.penstock.tdi.ConnectionEndpoint;
import org.penstock.tdi.ListenOptions;
import org.penstock.tdi.Protocol;
import org.penstock.tdi.Status;
import org.penstock.tdi.TransportException;

/** From when on an address listens. */
@Timeout(60)
class ListeningTest {

  private static final Duration LONG = Duration.ofSeconds(20);
  private static final TransportAddress SERVER = TransportAddress.parse("192.0.2.2:80");

  @Test
  void withAHandlerItListensWhenTheCallReturns() throws Exception {
    try (TwoStacks stacks = new TwoStacks(new GlobalLockStrategy(), new MailboxStrategy())) {
      Semaphore asked = new Semaphore(0);
      for (int port = 80; port < 130; port++) {
        AddressFile file = open(stacks.client(1), port);
        acceptAll(stacks.client(1), file, asked);

        assertThat(file.info().listening()).isTrue();
        connect(stacks, TransportAddress.of("192.0.2.2", port));
      }

      assertAsked(asked, 50);
    }
  }

  @Test
  void withAHandlerItListensOnAParkedStackToo() throws Exception {
    try (TwoStacks stacks = new TwoStacks(new GlobalLockStrategy(), new GlobalLockStrategy())) {
      assertThat(stacks.stack(1).swap(null)).isNull();
      Semaphore asked = new Semaphore(0);
      AddressFile file = open(stacks.client(1), 80);

      acceptAll(stacks.client(1), file, asked);

      assertThat(file.info().listening()).isTrue();
      assertThat(stacks.stack(1).swap(new MailboxStrategy())).isNull();
      connect(stacks, SERVER);
      assertAsked(asked, 1);
    }
  }

  @Test
  void byARequestItListensOnceThatWasExecuted() throws Exception {
    try (TwoStacks stacks = new TwoStacks(new GlobalLockStrategy(), new GlobalLockStrategy())) {
      assertThat(stacks.stack(1).swap(null)).isNull();
      AddressFile file = open(stacks.client(1), 80);
      ConnectionEndpoint endpoint = stacks.client(1).openEndpoint(file, null);

      CompletionStage<TransportAddress> listen = endpoint.listenAsync(ListenOptions.ANY);

      assertThat(file.info().listening()).as("while nothing is executed").isFalse();
      assertThat(stacks.stack(1).swap(new GlobalLockStrategy())).isNull();
      connect(stacks, SERVER);
      assertThat(listen.toCompletableFuture().get().address())
          .isEqualTo(IpAddress.parse("192.0.2.1"));
    }
  }

  @Test
  void withNeitherItRefuses() throws Exception {
    try (TwoStacks stacks = new TwoStacks(new GlobalLockStrategy(), new GlobalLockStrategy())) {
      AddressFile file = open(stacks.client(1), 80);

      assertThat(file.info().listening()).isFalse();
      assertThatThrownBy(() -> connect(stacks, SERVER))
          .isInstanceOfSatisfying(
              TransportException.class,
              e -> assertThat(e.status()).isEqualTo(Status.CONNECTION_REFUSED));
    }
  }

  private static AddressFile open(Client client, int port) throws TransportException {
    return client.openAddress(Protocol.TCP, TransportAddress.of("0.0.0.0", port));
  }

  private static void acceptAll(Client client, AddressFile file, Semaphore asked)
      throws TransportException {
    file.onConnect(offer -> {
      offer.accept(client.openEndpoint(file, null));
      asked.release();
    });
  }

  /** The handler may be asked after the client's handshake is done. */
  private static void assertAsked(Semaphore asked, int times) throws InterruptedException {
    assertThat(asked.tryAcquire(times, LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(asked.availablePermits()).isZero();
  }

  private static void connect(TwoStacks stacks, TransportAddress server) throws TransportException {
    AddressFile any = stacks.client(0).openAddress(Protocol.TCP, TransportAddress.ANY_IPV4);
    stacks.client(0).openEndpoint(any, null).connect(server, LONG);
  }
}
