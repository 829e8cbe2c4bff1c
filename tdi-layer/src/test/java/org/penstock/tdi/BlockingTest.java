package org.penstock.tdi;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.penstock.api.TransportAddress;
import org.penstock.api.concurrency.WrongLevelException;
import org.penstock.tdi.fake.FakeConnection;
import org.penstock.tdi.fake.FakeStack;

/** The blocking and the staged forms, between two endpoints of one stack. */
@Timeout(30)
class BlockingTest {

  private static final Duration LONG = Duration.ofSeconds(20);
  private static final Duration SHORT = Duration.ofMillis(5);
  private static final TransportAddress SERVER = TransportAddress.parse("192.0.2.1:80");

  private final FakeStack stack = FakeStack.create();
  private final Transport transport = Transport.of(stack.stack());
  private final Client client = transport.client("test");
  private AddressFile file;
  private ConnectionEndpoint server;
  private ConnectionEndpoint active;

  @BeforeEach
  void openEndpoints() throws Exception {
    file = client.openAddress(Protocol.TCP, TransportAddress.of("0.0.0.0", 80));
    server = client.openEndpoint(file, null);
    active = client.openEndpoint(client.openAddress(Protocol.TCP, TransportAddress.ANY_IPV4), null);
  }

  @AfterEach
  void closeAll() {
    transport.close();
    assertThat(stack.lockGate().failures()).isEmpty();
  }

  private void connect() throws Exception {
    CompletableFuture<TransportAddress> listening =
        server.listenAsync(ListenOptions.ANY).toCompletableFuture();
    active.connect(SERVER, LONG);
    assertThat(listening.get().address()).isEqualTo(FakeStack.OWN);
  }

  private static void assertStatus(Throwable thrown, Status status) {
    assertThat(thrown)
        .isInstanceOfSatisfying(
            TransportException.class, e -> assertThat(e.status()).isEqualTo(status));
  }

  @Test
  void twoThreadsTalk() throws Exception {
    CompletableFuture<String> echoed =
        InThread.call(() -> {
          server.listen(LONG);
          ByteBuffer buffer = ByteBuffer.allocate(64);
          while (server.receive(buffer.clear(), LONG) > 0) {
            server.send(buffer.flip(), LONG);
          }
          server.disconnect(Disconnect.RELEASE, LONG);
          return "done";
        });
    while (server.state() != EndpointState.LISTENING) {
      Thread.onSpinWait();
    }

    active.connect(SERVER, LONG);
    for (int i = 0; i < 100; i++) {
      byte[] sent = ("message " + i).getBytes(UTF_8);
      active.send(ByteBuffer.wrap(sent), LONG);
      ByteBuffer received = ByteBuffer.allocate(sent.length);
      while (received.hasRemaining()) {
        assertThat(active.receive(received, LONG)).isPositive();
      }
      assertThat(received.array()).isEqualTo(sent);
    }
    active.disconnect(Disconnect.RELEASE, LONG);
    assertThat(active.receive(ByteBuffer.allocate(1), LONG)).isZero();

    assertThat(echoed.get()).isEqualTo("done");
    assertThat(server.state()).isEqualTo(EndpointState.BOUND);
    assertThat(active.state()).isEqualTo(EndpointState.BOUND);
  }

  @Test
  void timeoutCancelsTheRequest() throws Exception {
    connect();
    ByteBuffer buffer = ByteBuffer.allocate(8);

    assertThatThrownBy(() -> active.receive(buffer, SHORT))
        .satisfies(e -> assertStatus(e, Status.IO_TIMEOUT));
    server.send(ByteBuffer.wrap("data".getBytes(UTF_8)), LONG);

    assertThat(active.receive(buffer, LONG)).isEqualTo(4);
    assertThat(active.info().pendingReceives()).isZero();
  }

  @Test
  void listenTimesOutAndTheEndpointIsBound() {
    assertThatThrownBy(() -> server.listen(SHORT))
        .satisfies(e -> assertStatus(e, Status.IO_TIMEOUT));

    assertThat(server.state()).isEqualTo(EndpointState.BOUND);
    assertThat(file.info().waitingListens()).isZero();
  }

  @Test
  void connectTimesOutAndTheEndpointIsBound() {
    assertThatThrownBy(() -> active.connect(TransportAddress.parse("192.0.2.9:80"), SHORT))
        .satisfies(e -> assertStatus(e, Status.IO_TIMEOUT))
        .hasMessageContaining("192.0.2.9:80");

    assertThat(active.state()).isEqualTo(EndpointState.BOUND);
    assertThat(stack.fakeTcp().takeOpened().end()).isEqualTo("abort");
  }

  @Test
  void timedOutWhileTheStackIsHeldIsAbandoned() throws Exception {
    connect();
    byte[] target = new byte[8];
    stack.lockGate().hold();
    assertThatThrownBy(() -> active.receive(MemorySegment.ofArray(target), 0, 8, SHORT))
        .satisfies(e -> assertStatus(e, Status.IO_TIMEOUT));
    server.sendAsync(ByteBuffer.wrap("data".getBytes(UTF_8)));

    stack.lockGate().letGo();

    assertThat(target).containsOnly(0);
    assertThat(active.receive(ByteBuffer.allocate(8), LONG)).isEqualTo(4);
  }

  @Test
  void interruptedThreadGetsCancelledAndKeepsItsInterrupt() throws Exception {
    connect();
    CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
    Thread thread =
        Thread.ofPlatform()
            .start(() -> {
              try {
                active.receive(ByteBuffer.allocate(1), LONG);
              } catch (TransportException e) {
                interrupted.complete(
                    e.status() == Status.CANCELLED && Thread.currentThread().isInterrupted());
              }
            });
    while (active.info().pendingReceives() == 0) {
      Thread.onSpinWait();
    }

    thread.interrupt();

    assertThat(interrupted.get()).isTrue();
    assertThat(active.state()).isEqualTo(EndpointState.CONNECTED);
  }

  @Test
  void blockingAtDispatchLevelFailsAndNamesCallAndStrategy() throws Exception {
    connect();
    List<Throwable> thrown = new ArrayList<>();
    Request request =
        Request.of((of, status, count) -> {
          try {
            active.receive(ByteBuffer.allocate(1), LONG);
          } catch (WrongLevelException | TransportException e) {
            thrown.add(e);
          }
        });

    active.send(request, MemorySegment.ofArray(new byte[1]), 0, 1, SendFlags.NONE);

    assertThat(thrown).hasSize(1);
    assertThat(thrown.getFirst())
        .isInstanceOf(WrongLevelException.class)
        .hasMessageContaining("receive")
        .hasMessageContaining("DISPATCH")
        .hasMessageContaining("test-lock");
    assertThat(active.info().pendingReceives()).isZero();
  }

  @Test
  void stageIsCancelled() throws Exception {
    connect();
    CompletableFuture<Long> received =
        active.receiveAsync(ByteBuffer.allocate(8)).toCompletableFuture();

    received.cancel(false);

    assertThat(active.info().pendingReceives()).isZero();
    assertThat(received).isCancelled();
  }

  @Test
  void stageFailsWithTheStatus() {
    assertThat(active.sendAsync(ByteBuffer.allocate(4)).toCompletableFuture())
        .isCompletedExceptionally();
    assertThatThrownBy(() -> active.sendAsync(ByteBuffer.allocate(4)).toCompletableFuture().get())
        .satisfies(e -> assertStatus(e.getCause(), Status.INVALID_CONNECTION));
  }

  @Test
  void stagesCarryBuffers() throws Exception {
    connect();
    ByteBuffer target = ByteBuffer.allocate(8);
    target.position(2);
    CompletableFuture<Long> received = active.receiveAsync(target).toCompletableFuture();
    ByteBuffer source = ByteBuffer.wrap("abc".getBytes(UTF_8));

    assertThat(server.sendAsync(source).toCompletableFuture()).isCompletedWithValue(3L);

    assertThat(source.hasRemaining()).isFalse();
    assertThat(received).isCompletedWithValue(3L);
    assertThat(target.position()).isEqualTo(5);
    assertThat(server.disconnectAsync(Disconnect.ABORT).toCompletableFuture()).isCompleted();
  }

  @Test
  void peerThatIsGoneEndsABlockedSend() throws Exception {
    active.connectAsync(TransportAddress.parse("192.0.2.9:80"), null);
    FakeConnection connection = stack.fakeTcp().takeOpened();
    connection.peerAccepts();
    connection.room(1);
    CompletableFuture<Throwable> thrown =
        InThread.call(() -> {
          try {
            active.send(ByteBuffer.allocate(8), LONG);
            return new AssertionError("sent");
          } catch (TransportException e) {
            return e;
          }
        });
    while (active.info().pendingSends() == 0) {
      Thread.onSpinWait();
    }

    connection.fails(org.penstock.core.api.TcpFailure.CONNECTION_RESET);

    assertStatus(thrown.get(), Status.CONNECTION_RESET);
  }
}
