package org.penstock.tdi.real;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.penstock.api.TransportAddress;
import org.penstock.api.concurrency.ConcurrencyStrategy;
import org.penstock.api.view.Counter;
import org.penstock.concurrency.globallock.GlobalLockStrategy;
import org.penstock.concurrency.mailbox.MailboxStrategy;
import org.penstock.concurrency.sharded.ShardedStrategy;
import org.penstock.tdi.AddressFile;
import org.penstock.tdi.ConnectionEndpoint;
import org.penstock.tdi.Disconnect;
import org.penstock.tdi.EndpointState;
import org.penstock.tdi.InThread;
import org.penstock.tdi.Protocol;
import org.penstock.tdi.Request;
import org.penstock.tdi.Status;
import org.penstock.tdi.TransportException;

/** The transport layer over real stacks and a cable, under each strategy that has threads. */
@Timeout(60)
class OverCableTest {

  private static final Duration LONG = Duration.ofSeconds(20);
  private static final TransportAddress SERVER = TransportAddress.parse("192.0.2.2:80");

  static Stream<Arguments> strategies() {
    ConcurrencyStrategy lock = new GlobalLockStrategy();
    ConcurrencyStrategy mailbox = new MailboxStrategy();
    ConcurrencyStrategy sharded = new ShardedStrategy(3);
    return Stream.of(
        Arguments.of(lock, lock),
        Arguments.of(mailbox, mailbox),
        Arguments.of(lock, mailbox),
        Arguments.of(sharded, sharded),
        Arguments.of(sharded, lock));
  }

  private static ConnectionEndpoint open(TwoStacks stacks, int index) throws Exception {
    AddressFile file = stacks.client(index).openAddress(Protocol.TCP, TransportAddress.ANY_IPV4);
    return stacks.client(index).openEndpoint(file, null);
  }

  private static AddressFile listenAt80(TwoStacks stacks) throws Exception {
    return stacks.client(1).openAddress(Protocol.TCP, TransportAddress.of("0.0.0.0", 80));
  }

  private static byte[] content(int bytes) {
    byte[] content = new byte[bytes];
    new Random(42).nextBytes(content);
    return content;
  }

  private static void roundTrip(ConnectionEndpoint endpoint, byte[] content) throws Exception {
    CompletableFuture<Boolean> sending =
        InThread.call(() -> {
          endpoint.send(ByteBuffer.wrap(content), LONG);
          endpoint.disconnect(Disconnect.RELEASE, LONG);
          return true;
        });
    ByteBuffer received = ByteBuffer.allocate(content.length + 1);
    while (endpoint.receive(received, LONG) > 0) {
      assertThat(received.position()).isLessThanOrEqualTo(content.length);
    }
    assertThat(sending.get()).isTrue();
    assertThat(received.position()).isEqualTo(content.length);
    assertThat(received.flip().mismatch(ByteBuffer.wrap(content))).isEqualTo(-1);
  }

  @ParameterizedTest
  @MethodSource("strategies")
  void fourMegabytesComeBack(ConcurrencyStrategy one, ConcurrencyStrategy other) throws Exception {
    try (TwoStacks stacks = new TwoStacks(one, other)) {
      AddressFile echo = stacks.echo(80);
      ConnectionEndpoint endpoint = open(stacks, 0);
      endpoint.connect(SERVER, LONG);

      roundTrip(endpoint, content(4 << 20));

      assertThat(endpoint.state()).isEqualTo(EndpointState.BOUND);
      assertThat(echo.info().waitingConnections()).isZero();
    }
  }

  /** PITFALLS 20: a length kept in 16 bits makes 65,536 nothing. */
  @ParameterizedTest
  @ValueSource(ints = {1, 65_535, 65_536, 65_537, 131_072, 20 << 20})
  void oneSendOfAnySizeComesBack(int size) throws Exception {
    try (TwoStacks stacks = new TwoStacks(new GlobalLockStrategy(), new MailboxStrategy())) {
      stacks.echo(80);
      ConnectionEndpoint endpoint = open(stacks, 0);
      endpoint.connect(SERVER, LONG);

      roundTrip(endpoint, content(size));
    }
  }

  @ParameterizedTest
  @MethodSource("strategies")
  void strategiesAreReplacedMeanwhile(ConcurrencyStrategy one, ConcurrencyStrategy other)
      throws Exception {
    try (TwoStacks stacks = new TwoStacks(one, other)) {
      stacks.echo(80);
      ConnectionEndpoint endpoint = open(stacks, 0);
      endpoint.connect(SERVER, LONG);
      AtomicBoolean done = new AtomicBoolean();
      List<ConcurrencyStrategy> others =
          List.of(
              new MailboxStrategy(),
              new ShardedStrategy(4),
              new GlobalLockStrategy(),
              new ShardedStrategy(3));
      CompletableFuture<Integer> swapping =
          InThread.call(() -> {
            int swaps = 0;
            while (!done.get() || swaps < 4) {
              for (int i = 0; i < 2; i++) {
                ConcurrencyStrategy next = others.get(swaps % others.size());
                assertThat(stacks.stack(i).swap(next)).isNull();
              }
              swaps++;
            }
            return swaps;
          });

      roundTrip(endpoint, content(4 << 20));
      done.set(true);

      assertThat(swapping.get()).isGreaterThanOrEqualTo(4);
    }
  }

  @ParameterizedTest
  @MethodSource("strategies")
  void blockingServerAndClient(ConcurrencyStrategy one, ConcurrencyStrategy other)
      throws Exception {
    try (TwoStacks stacks = new TwoStacks(one, other)) {
      AddressFile file = listenAt80(stacks);
      ConnectionEndpoint server = stacks.client(1).openEndpoint(file, null);
      CompletableFuture<String> heard =
          InThread.call(() -> {
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < 3; i++) {
              server.listen(LONG);
              ByteBuffer buffer = ByteBuffer.allocate(64);
              while (server.receive(buffer, LONG) > 0) {
                assertThat(buffer.hasRemaining()).isTrue();
              }
              text.append(StandardCharsets.US_ASCII.decode(buffer.flip())).append(' ');
              server.disconnect(Disconnect.RELEASE, LONG);
              assertThat(server.state()).isEqualTo(EndpointState.BOUND);
            }
            return text.toString();
          });
      while (file.info().waitingListens() == 0) {
        Thread.onSpinWait();
      }
      for (int i = 0; i < 3; i++) {
        ConnectionEndpoint endpoint = open(stacks, 0);
        endpoint.connect(SERVER, LONG);
        endpoint.send(ByteBuffer.wrap(("hello-" + i).getBytes(StandardCharsets.US_ASCII)), LONG);
        endpoint.disconnect(Disconnect.RELEASE, LONG);
        assertThat(endpoint.receive(ByteBuffer.allocate(1), LONG)).isZero();
        endpoint.close();
      }

      assertThat(heard.get()).isEqualTo("hello-0 hello-1 hello-2 ");
    }
  }

  @ParameterizedTest
  @MethodSource("strategies")
  void connectToAPortThatNobodyListensAtIsRefused(
      ConcurrencyStrategy one, ConcurrencyStrategy other) throws Exception {
    try (TwoStacks stacks = new TwoStacks(one, other)) {
      ConnectionEndpoint endpoint = open(stacks, 0);

      assertThatThrownBy(() -> endpoint.connect(SERVER, LONG))
          .isInstanceOfSatisfying(
              TransportException.class,
              e -> assertThat(e.status()).isEqualTo(Status.CONNECTION_REFUSED));

      assertThat(endpoint.state()).isEqualTo(EndpointState.BOUND);
    }
  }

  /**
   * RFC 9293 §3.9.2.3 (MUST-46); the directed broadcast is what the interface's prefix makes it.
   */
  @ParameterizedTest
  @CsvSource({
    "255.255.255.255, INVALID_ADDRESS",
    "224.0.0.1, INVALID_ADDRESS",
    "0.0.0.0, INVALID_ADDRESS",
    "192.0.2.255, NETWORK_UNREACHABLE"
  })
  void nobodyConnectsToMoreThanOneHost(String address, Status status) throws Exception {
    try (TwoStacks stacks = new TwoStacks(new GlobalLockStrategy(), new GlobalLockStrategy())) {
      ConnectionEndpoint endpoint = open(stacks, 0);

      assertThatThrownBy(() -> endpoint.connect(TransportAddress.of(address, 7), LONG))
          .isInstanceOfSatisfying(
              TransportException.class, e -> assertThat(e.status()).isEqualTo(status));

      assertThat(endpoint.state()).isEqualTo(EndpointState.BOUND);
      assertThat(stacks.stack(0).view().counters()).containsEntry(Counter.TCP_OUT_SEGMENTS, 0L);
    }
  }

  @ParameterizedTest
  @MethodSource("strategies")
  void closingTheTransportResetsThePeers(ConcurrencyStrategy one, ConcurrencyStrategy other)
      throws Exception {
    try (TwoStacks stacks = new TwoStacks(one, other)) {
      stacks.echo(80);
      ConnectionEndpoint endpoint = open(stacks, 0);
      endpoint.connect(SERVER, LONG);
      CompletableFuture<Long> pending =
          endpoint.receiveAsync(ByteBuffer.allocate(1)).toCompletableFuture();
      while (stacks.transport(1).endpoints().stream()
          .noneMatch(info -> info.state() == EndpointState.CONNECTED)) {
        Thread.onSpinWait();
      }

      stacks.transport(1).close();

      assertThatThrownBy(() -> pending.get(20, TimeUnit.SECONDS))
          .cause()
          .isInstanceOfSatisfying(
              TransportException.class,
              e -> assertThat(e.status()).isEqualTo(Status.CONNECTION_RESET));
    }
  }

  @ParameterizedTest
  @MethodSource("strategies")
  void datagramsGoBothWays(ConcurrencyStrategy one, ConcurrencyStrategy other) throws Exception {
    try (TwoStacks stacks = new TwoStacks(one, other)) {
      AddressFile server =
          stacks.client(1).openAddress(Protocol.UDP, TransportAddress.of("0.0.0.0", 7));
      server.onReceiveDatagram((file, datagram) ->
          file.sendDatagram(
              Request.of((r, s, c) -> {}),
              datagram.remote(),
              datagram.segment(),
              datagram.offset(),
              datagram.length()));
      AddressFile client = stacks.client(0).openAddress(Protocol.UDP, TransportAddress.ANY_IPV4);
      for (int i = 0; i < 20; i++) {
        byte[] sent = content(1 + i * 70);
        client.sendDatagram(TransportAddress.parse("192.0.2.2:7"), ByteBuffer.wrap(sent));
        ByteBuffer received = ByteBuffer.allocate(2048);
        TransportAddress sender = client.receiveDatagram(received, LONG);
        assertThat(sender).isEqualTo(TransportAddress.parse("192.0.2.2:7"));
        assertThat(received.flip().mismatch(ByteBuffer.wrap(sent))).isEqualTo(-1);
      }
      BlockingQueue<Status> errors = new LinkedBlockingQueue<>();
      client.onError((file, remote, status) -> errors.add(status));
      client.sendDatagram(TransportAddress.parse("192.0.2.2:9"), ByteBuffer.allocate(4));

      assertThat(errors.poll(20, TimeUnit.SECONDS)).isEqualTo(Status.PORT_UNREACHABLE);
    }
  }

  @ParameterizedTest
  @MethodSource("strategies")
  void serverOpensItsPortAgain(ConcurrencyStrategy one, ConcurrencyStrategy other)
      throws Exception {
    try (TwoStacks stacks = new TwoStacks(one, other)) {
      for (int i = 0; i < 5; i++) {
        AddressFile file = stacks.echo(80);
        ConnectionEndpoint endpoint = open(stacks, 0);
        endpoint.connect(SERVER, LONG);
        roundTrip(endpoint, content(1000));
        file.close();
        while (!stacks.transport(1).endpoints().isEmpty()) {
          Thread.onSpinWait();
        }
      }
    }
  }
}
