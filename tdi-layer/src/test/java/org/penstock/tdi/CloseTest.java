package org.penstock.tdi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.penstock.api.TransportAddress;
import org.penstock.tdi.fake.FakeConnection;
import org.penstock.tdi.fake.FakeStack;

/** What closing does, to endpoints, files, clients and the transport. */
@Timeout(30)
class CloseTest {

  private static final TransportAddress PEER = TransportAddress.parse("192.0.2.9:80");

  private final FakeStack stack = FakeStack.create();
  private final Transport transport = Transport.of(stack.stack());
  private final Client client = transport.client("test");
  private AddressFile file;
  private ConnectionEndpoint endpoint;

  @BeforeEach
  void open() throws Exception {
    file = client.openAddress(Protocol.TCP, TransportAddress.of("0.0.0.0", 80));
    endpoint = client.openEndpoint(file, null);
  }

  @AfterEach
  void closeAll() {
    transport.close();
    assertThat(stack.lockGate().failures()).isEmpty();
    assertThat(stack.fakePorts().references(Protocol.TCP.number(), 80)).isZero();
    assertThat(transport.addressFiles()).isEmpty();
    assertThat(transport.endpoints()).isEmpty();
  }

  private FakeConnection connected() {
    endpoint.connect(new Outcome().request(), PEER, null);
    FakeConnection connection = stack.fakeTcp().takeOpened();
    connection.peerAccepts();
    assertThat(endpoint.state()).isEqualTo(EndpointState.CONNECTED);
    return connection;
  }

  private Outcome receive() {
    Outcome outcome = new Outcome();
    endpoint.receive(outcome.request(), MemorySegment.ofArray(new byte[4]), 0, 4, 0);
    return outcome;
  }

  private Outcome send(int bytes) {
    Outcome outcome = new Outcome();
    endpoint.send(outcome.request(), MemorySegment.ofArray(new byte[bytes]), 0, bytes, 0);
    return outcome;
  }

  @Test
  void closingAnEndpointResetsAndCancels() {
    FakeConnection connection = connected();
    connection.room(1);
    Outcome receive = receive();
    Outcome send = send(4);

    endpoint.close();

    assertThat(receive.status()).isEqualTo(Status.CANCELLED);
    assertThat(send.status()).isEqualTo(Status.CANCELLED);
    assertThat(send.count()).isEqualTo(1);
    assertThat(connection.end()).isEqualTo("abort");
    assertThat(receive().status()).isEqualTo(Status.INVALID_HANDLE);
    endpoint.close();
  }

  @Test
  void closingAfterAReleaseLeavesTheFinToTheCore() {
    FakeConnection connection = connected();
    Outcome release = new Outcome();
    endpoint.disconnect(release.request(), Disconnect.RELEASE, null);

    endpoint.close();

    assertThat(release.status()).isEqualTo(Status.CANCELLED);
    assertThat(connection.end()).isEqualTo("abandon");
  }

  @Test
  void closingWhileSendsWaitBeforeTheFinResets() {
    FakeConnection connection = connected();
    connection.room(1);
    send(4);
    endpoint.disconnect(new Outcome().request(), Disconnect.RELEASE, null);

    endpoint.close();

    assertThat(connection.end()).isEqualTo("abort");
  }

  @Test
  void closingEndsConnectAndListen() throws Exception {
    Outcome connect = new Outcome();
    endpoint.connect(connect.request(), PEER, null);
    FakeConnection connection = stack.fakeTcp().takeOpened();
    ConnectionEndpoint other = client.openEndpoint(file, null);
    Outcome listen = new Outcome();
    other.listen(listen.request(), ListenOptions.ANY);

    endpoint.close();
    other.close();

    assertThat(connect.status()).isEqualTo(Status.CANCELLED);
    assertThat(connection.end()).isEqualTo("abort");
    assertThat(listen.status()).isEqualTo(Status.CANCELLED);
  }

  @Test
  void lastHandleOfAnAddressTakesItsListenerAlong() throws Exception {
    ConnectionEndpoint other = client.openEndpoint(file, null);
    Outcome picky = new Outcome();
    other.listen(picky.request(), ListenOptions.from(TransportAddress.parse("192.0.2.7:0")));
    FakeConnection connected = connected();
    FakeConnection waiting = stack.fakeTcp().arrive("192.0.2.1:80", "192.0.2.9:1");

    file.close();

    assertThat(picky.status()).isEqualTo(Status.CANCELLED);
    assertThat(other.state()).isEqualTo(EndpointState.BOUND);
    assertThat(waiting.end()).isEqualTo("abort");
    assertThat(stack.fakeTcp().listenerAt(file.local())).isNull();
    assertThat(connected.end()).isEmpty();
    Outcome late = new Outcome();
    other.listen(late.request(), ListenOptions.ANY);
    assertThat(late.status()).isEqualTo(Status.INVALID_HANDLE);
  }

  @Test
  void sharersKeepTheListenerUntilTheLast() throws Exception {
    AddressOptions shared = AddressOptions.DEFAULT.withShared(true);
    TransportAddress local = TransportAddress.of("0.0.0.0", 81);
    AddressFile one = client.openAddress(Protocol.TCP, local, shared);
    AddressFile two = client.openAddress(Protocol.TCP, local, shared);
    ConnectionEndpoint listening = client.openEndpoint(one, null);
    Outcome listen = new Outcome();
    listening.listen(listen.request(), ListenOptions.ANY);

    one.close();
    assertThat(listen.status()).isEqualTo(Status.PENDING);
    two.close();

    assertThat(listen.status()).isEqualTo(Status.CANCELLED);
    AddressFile three = client.openAddress(Protocol.TCP, local, shared);
    three.onConnect(ConnectOffer::refuse);
    assertThat(stack.fakeTcp().listenerAt(local)).isNotNull();
  }

  @Test
  void handlerMayCloseItsOwnEndpointAndFile() throws Exception {
    List<String> events = new ArrayList<>();
    file.onReceive((of, data) -> {
      events.add("shown");
      of.close();
      file.close();
      data.took(1);
    });
    FakeConnection connection = connected();

    connection.peerSends("abc");

    assertThat(events).containsExactly("shown");
    assertThat(connection.end()).isEqualTo("abort");
    assertThat(connection.landingsOut()).isZero();
  }

  @Test
  void whatTheHandlerLooksAtWhileItClosesWasRead() throws Exception {
    file.onReceive((of, data) -> {
      of.disconnect(new Outcome().request(), Disconnect.RELEASE, null);
      of.close();
      data.took(data.length());
    });
    FakeConnection connection = connected();

    connection.peerSends("abc");

    assertThat(connection.end()).isEqualTo("abandon");
    assertThat(connection.credited()).isEqualTo(3);
    assertThat(connection.landingsOut()).isZero();
  }

  @Test
  void whatTheHandlerDeclinedWasNotRead() throws Exception {
    file.onReceive((of, data) -> {
      if (data.length() == 3) {
        data.took(1);
      }
    });
    FakeConnection connection = connected();
    connection.peerSends("abc");

    endpoint.disconnect(new Outcome().request(), Disconnect.RELEASE, null);
    endpoint.close();

    assertThat(connection.end()).isEqualTo("abandon");
    assertThat(connection.credited()).isEqualTo(1);
    assertThat(connection.landingsOut()).isZero();
  }

  @Test
  void closingWaitsForAHandlerThatRuns() throws Exception {
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch leave = new CountDownLatch(1);
    file.onReceive((of, data) -> {
      entered.countDown();
      await(leave);
      data.took(data.length());
    });
    FakeConnection connection = connected();
    Thread delivering = Thread.ofPlatform().start(() -> connection.peerSends("abc"));
    await(entered);
    CountDownLatch endpointClosed = new CountDownLatch(1);
    CountDownLatch fileClosed = new CountDownLatch(1);
    Thread.ofPlatform()
        .start(() -> {
          endpoint.close();
          endpointClosed.countDown();
        });
    Thread.ofPlatform()
        .start(() -> {
          file.close();
          fileClosed.countDown();
        });

    assertThat(endpointClosed.await(50, TimeUnit.MILLISECONDS)).isFalse();
    assertThat(fileClosed.await(50, TimeUnit.MILLISECONDS)).isFalse();
    leave.countDown();

    await(endpointClosed);
    await(fileClosed);
    delivering.join();
  }

  private static void await(CountDownLatch latch) {
    try {
      if (!latch.await(20, TimeUnit.SECONDS)) {
        throw new AssertionError("it never came");
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void closingAClientClosesWhatItOpened() throws Exception {
    FakeConnection connection = connected();
    Outcome receive = receive();
    Client other = transport.client("other");
    ConnectionEndpoint untouched = other.openEndpoint("kept");

    client.close();

    assertThat(receive.status()).isEqualTo(Status.CANCELLED);
    assertThat(connection.end()).isEqualTo("abort");
    assertThat(transport.endpoints()).containsExactly(untouched.info());
    assertThatThrownBy(() -> client.openEndpoint(null))
        .isInstanceOfSatisfying(
            TransportException.class, e -> assertThat(e.status()).isEqualTo(Status.INVALID_HANDLE));
    assertThat(client.lease(10)).isNull();
  }

  @Test
  void closingTheTransportClosesEveryClientAndRefusesNewOnes() {
    FakeConnection connection = connected();
    Outcome receive = receive();

    transport.close();

    assertThat(receive.status()).isEqualTo(Status.CANCELLED);
    assertThat(connection.end()).isEqualTo("abort");
    assertThat(receive().status()).isEqualTo(Status.INVALID_HANDLE);
    assertThatThrownBy(() -> transport.client("late"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("fake");
  }

  @Test
  void closingTheTransportTakesBoundedTimeThoughAHandlerHangs() throws Exception {
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch leave = new CountDownLatch(1);
    file.onReceive((of, data) -> {
      entered.countDown();
      await(leave);
    });
    FakeConnection connection = connected();
    Thread delivering = Thread.ofPlatform().start(() -> connection.peerSends("abc"));
    await(entered);
    Thread closing = Thread.ofPlatform().start(transport::close);

    closing.join(15_000);

    assertThat(closing.isAlive()).isFalse();
    leave.countDown();
    delivering.join();
  }
}
