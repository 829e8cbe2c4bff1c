package org.penstock.tdi.real;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.penstock.api.TransportAddress;
import org.penstock.api.concurrency.ConcurrencyStrategy;
import org.penstock.concurrency.globallock.GlobalLockStrategy;
import org.penstock.concurrency.mailbox.MailboxStrategy;
import org.penstock.concurrency.sharded.ShardedStrategy;
import org.penstock.tdi.AddressFile;
import org.penstock.tdi.Client;
import org.penstock.tdi.ConnectionEndpoint;
import org.penstock.tdi.Disconnect;
import org.penstock.tdi.Protocol;
import org.penstock.tdi.ReceiveHandler;
import org.penstock.tdi.Request;
import org.penstock.tdi.Status;
import org.penstock.tdi.TransportException;

/** RFC 2525 §2.17 for a server that ends from within its receive handler. */
@Timeout(60)
class ReleaseInHandlerTest {

  private static final Duration LONG = Duration.ofSeconds(20);
  private static final TransportAddress SERVER = TransportAddress.parse("192.0.2.2:80");
  private static final int TIMES = 50;

  static Stream<ConcurrencyStrategy> strategies() {
    return Stream.of(new GlobalLockStrategy(), new MailboxStrategy(), new ShardedStrategy(3));
  }

  @ParameterizedTest
  @MethodSource("strategies")
  void whatTheHandlerTakesIsReadThoughItClosesAtOnce(ConcurrencyStrategy strategy)
      throws Exception {
    endsInOrder(
        strategy,
        (endpoint, data) -> {
          endpoint.disconnect(Request.of((r, s, c) -> {}), Disconnect.RELEASE, null);
          endpoint.close();
          data.took(data.length());
        });
  }

  @ParameterizedTest
  @MethodSource("strategies")
  void whatTheHandlerTakesIsReadWhenTheFinIsAcknowledged(ConcurrencyStrategy strategy)
      throws Exception {
    endsInOrder(
        strategy,
        (endpoint, data) -> {
          endpoint.disconnect(Request.of((r, s, c) -> endpoint.close()), Disconnect.RELEASE, LONG);
          data.took(data.length());
        });
  }

  private static void endsInOrder(ConcurrencyStrategy strategy, ReceiveHandler handler)
      throws Exception {
    try (TwoStacks stacks = new TwoStacks(strategy, strategy)) {
      AddressFile file = serve(stacks, handler);
      for (int i = 0; i < TIMES; i++) {
        try (ConnectionEndpoint endpoint = stacks.open()) {
          endpoint.connect(SERVER, LONG);
          endpoint.send(ByteBuffer.allocate(100), LONG);
          assertThat(endpoint.receive(ByteBuffer.allocate(1), LONG)).isNotPositive();
          TwoStacks.awaitNoEndpoints(file);
          endpoint.disconnect(Disconnect.RELEASE, LONG);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("strategies")
  void whatTheHandlerLeavesIsUnread(ConcurrencyStrategy strategy) throws Exception {
    try (TwoStacks stacks = new TwoStacks(strategy, strategy)) {
      AddressFile file =
          serve(
              stacks,
              (endpoint, data) ->
                  endpoint.disconnect(
                      Request.of((r, s, c) -> endpoint.close()), Disconnect.RELEASE, LONG));
      Client client = stacks.client(0);
      AddressFile own = client.openAddress(Protocol.TCP, TransportAddress.ANY_IPV4);
      CompletableFuture<Status> aborted = new CompletableFuture<>();
      own.onDisconnect((endpoint, how, status) -> {
        if (how == Disconnect.ABORT) {
          aborted.complete(status);
        }
      });
      try (ConnectionEndpoint endpoint = client.openEndpoint(own, null)) {
        endpoint.connect(SERVER, LONG);
        endpoint.send(ByteBuffer.allocate(100), LONG);

        assertThat(aborted.get(LONG.toSeconds(), TimeUnit.SECONDS))
            .isEqualTo(Status.CONNECTION_RESET);
      }
      TwoStacks.awaitNoEndpoints(file);
    }
  }

  private static AddressFile serve(TwoStacks stacks, ReceiveHandler handler)
      throws TransportException {
    Client server = stacks.client(1);
    AddressFile file = server.openAddress(Protocol.TCP, TransportAddress.of("0.0.0.0", 80));
    file.onReceive(handler);
    file.onConnect(offer -> offer.accept(server.openEndpoint(file, null)));
    return file;
  }
}
