package org.penstock.service.echo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.penstock.service.testkit.JoinedStacks.PATIENCE;
import static org.penstock.service.testkit.JoinedStacks.at;
import static org.penstock.service.testkit.JoinedStacks.await;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.penstock.service.testkit.JoinedStacks;
import org.penstock.tdi.AddressFile;
import org.penstock.tdi.ConnectionEndpoint;
import org.penstock.tdi.Disconnect;
import org.penstock.tdi.Status;
import org.penstock.tdi.TransportException;

/** The echo service over two stacks. */
@Timeout(60)
class EchoServerTest {

  private static final int PORT = 7;

  private final JoinedStacks stacks = new JoinedStacks();
  private EchoServer server;

  @BeforeEach
  void startServer() throws Exception {
    server = EchoServer.start(stacks.server(), at(PORT));
  }

  @AfterEach
  void closeAll() {
    server.close();
    stacks.close();
  }

  @Test
  void everyByteComesBackAndThenTheEnd() throws Exception {
    byte[] sent = new byte[3_000_000];
    new Random(7).nextBytes(sent);
    ConnectionEndpoint endpoint = stacks.connect(PORT);
    CompletableFuture<Void> sending =
        CompletableFuture.runAsync(() -> {
          try {
            endpoint.send(ByteBuffer.wrap(sent), PATIENCE);
            endpoint.disconnect(Disconnect.RELEASE, PATIENCE);
          } catch (TransportException e) {
            throw new AssertionError(e);
          }
        });

    ByteBuffer received = ByteBuffer.allocate(sent.length + 1);
    while (endpoint.receive(received, PATIENCE) > 0) {
      assertThat(received.hasRemaining()).isTrue();
    }

    sending.join();
    assertThat(received.flip()).isEqualTo(ByteBuffer.wrap(sent));
    await("the server lets go of the connection", () -> server.connections() == 0);
  }

  @Test
  void aPeerThatDoesNotReadIsHeldUpAndLosesNothing() throws Exception {
    ConnectionEndpoint stalled = stacks.connect(PORT);
    byte[] sent = new byte[16 << 20];
    new Random(8).nextBytes(sent);
    ByteBuffer rest = ByteBuffer.wrap(sent);
    CompletableFuture<Long> sending = stalled.sendAsync(rest).toCompletableFuture();

    // Others are served meanwhile.
    ConnectionEndpoint other = stacks.connect(PORT);
    other.send(ByteBuffer.wrap("hello".getBytes(StandardCharsets.US_ASCII)), PATIENCE);
    assertThat(read(other, 5)).isEqualTo("hello");
    // More than the buffers on the way can hold: both windows of both stacks close.
    assertThat(sending).isNotDone();

    ByteBuffer received = ByteBuffer.allocate(sent.length);
    while (received.hasRemaining()) {
      assertThat(stalled.receive(received, PATIENCE)).isPositive();
    }
    assertThat(sending.join()).isEqualTo(sent.length);
    assertThat(received.flip()).isEqualTo(ByteBuffer.wrap(sent));
    assertThat(server.connections()).isEqualTo(2);
  }

  @Test
  void aResetEndsTheSession() throws Exception {
    ConnectionEndpoint endpoint = stacks.connect(PORT);
    await("the server has the connection", () -> server.connections() == 1);

    endpoint.disconnect(Disconnect.ABORT, PATIENCE);

    await("the server lets go of the connection", () -> server.connections() == 0);
  }

  @Test
  void closingTheServerResetsItsConnectionsAndFreesItsPort() throws Exception {
    ConnectionEndpoint endpoint = stacks.connect(PORT);
    await("the server has the connection", () -> server.connections() == 1);
    CompletableFuture<Long> receiving =
        endpoint.receiveAsync(ByteBuffer.allocate(1)).toCompletableFuture();

    server.close();

    assertThatThrownBy(receiving::join)
        .hasCauseInstanceOf(TransportException.class)
        .cause()
        .extracting(e -> ((TransportException) e).status())
        .isEqualTo(Status.CONNECTION_RESET);
    assertThatThrownBy(() -> stacks.connect(PORT))
        .isInstanceOfSatisfying(
            TransportException.class,
            e -> assertThat(e.status()).isEqualTo(Status.CONNECTION_REFUSED));
    server = EchoServer.start(stacks.server(), at(PORT));
    assertThat(stacks.connect(PORT).info().remote()).isEqualTo(at(PORT));
  }

  @Test
  void datagramsComeBack() throws Exception {
    AddressFile file = stacks.datagrams(0);
    for (int length : new int[] {0, 1, 1472}) {
      byte[] payload = new byte[length];
      new Random(length).nextBytes(payload);
      file.sendDatagram(at(PORT), ByteBuffer.wrap(payload));
      ByteBuffer received = ByteBuffer.allocate(2000);

      assertThat(file.receiveDatagram(received, PATIENCE)).isEqualTo(at(PORT));
      assertThat(received.flip()).isEqualTo(ByteBuffer.wrap(payload));
    }
  }

  @Test
  void aDatagramFromAWellKnownPortIsNotAnswered() throws Exception {
    AddressFile loop = stacks.datagrams(19);
    AddressFile file = stacks.datagrams(0);
    loop.sendDatagram(at(PORT), ByteBuffer.wrap(new byte[10]));
    file.sendDatagram(at(PORT), ByteBuffer.wrap(new byte[20]));
    ByteBuffer received = ByteBuffer.allocate(100);

    // The second's answer is there, so the first had its turn.
    file.receiveDatagram(received, PATIENCE);
    assertThat(received.position()).isEqualTo(20);
    assertThatThrownBy(() -> loop.receiveDatagram(ByteBuffer.allocate(100), Duration.ofMillis(1)))
        .isInstanceOf(TransportException.class);
  }

  private static String read(ConnectionEndpoint endpoint, int length) throws Exception {
    ByteBuffer received = ByteBuffer.allocate(length);
    while (received.hasRemaining()) {
      assertThat(endpoint.receive(received, PATIENCE)).isPositive();
    }
    return new String(received.array(), StandardCharsets.US_ASCII);
  }
}
