package org.penstock.tdi;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.penstock.tdi.EndpointState.BOUND;
import static org.penstock.tdi.EndpointState.CONNECTED;
import static org.penstock.tdi.EndpointState.CONNECTING;
import static org.penstock.tdi.EndpointState.IDLE;
import static org.penstock.tdi.EndpointState.PEER_RELEASED;
import static org.penstock.tdi.EndpointState.RELEASED;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.penstock.api.TransportAddress;
import org.penstock.core.api.Chunk;
import org.penstock.core.api.IpSettings;
import org.penstock.core.api.TcpFailure;
import org.penstock.core.api.TcpSettings;
import org.penstock.tdi.fake.FakeConnection;
import org.penstock.tdi.fake.FakeStack;

/** Requests of an endpoint over scripted connections: every status, every way a connection ends. */
class TcpEndpointTest extends TcpEndpointScript {

  // Association.

  @Test
  void associatesAndDisassociates() throws Exception {
    ConnectionEndpoint other = client.openEndpoint(null);
    assertThat(other.state()).isEqualTo(IDLE);

    other.associate(file);
    assertThat(other.state()).isEqualTo(BOUND);
    assertThat(other.addressInfo().endpoints()).isEqualTo(2);
    Outcome again = new Outcome();
    other.associate(again.request(), file);
    assertThat(again.status()).isEqualTo(Status.ADDRESS_ALREADY_ASSOCIATED);

    other.disassociate();
    assertThat(other.state()).isEqualTo(IDLE);
    assertThatThrownBy(other::addressInfo)
        .isInstanceOfSatisfying(
            TransportException.class,
            e -> assertThat(e.status()).isEqualTo(Status.ADDRESS_NOT_ASSOCIATED));
    other.associate(file);
    assertThat(other.state()).isEqualTo(BOUND);
  }

  @Test
  void closedFileCantBeAssociated() throws Exception {
    ConnectionEndpoint other = client.openEndpoint(null);
    file.close();

    Outcome outcome = new Outcome();
    other.associate(outcome.request(), file);

    assertThat(outcome.status()).isEqualTo(Status.INVALID_HANDLE);
    assertThat(other.state()).isEqualTo(IDLE);
  }

  // Connect.

  @Test
  void connectCompletesWithTheHandshake() {
    Outcome outcome = new Outcome();
    endpoint.connect(outcome.request(), PEER, null);
    assertThat(endpoint.state()).isEqualTo(CONNECTING);
    assertThat(outcome.status()).isEqualTo(Status.PENDING);

    FakeConnection connection = stack.fakeTcp().takeOpened();
    assertThat(connection.local().address()).isEqualTo(FakeStack.OWN);
    assertThat(connection.local().port()).isEqualTo(file.local().port());
    connection.peerAccepts();

    assertThat(outcome.status()).isEqualTo(Status.SUCCESS);
    assertThat(outcome.request().remote()).isEqualTo(PEER);
    assertThat(endpoint.state()).isEqualTo(CONNECTED);
    assertThat(endpoint.info().local()).isEqualTo(connection.local());
    assertThat(file.local().address()).isEqualTo(ANY.address());
  }

  @Test
  void connectIsRefused() {
    Outcome outcome = new Outcome();
    endpoint.connect(outcome.request(), PEER, null);

    stack.fakeTcp().takeOpened().fails(TcpFailure.CONNECTION_REFUSED);

    assertThat(outcome.status()).isEqualTo(Status.CONNECTION_REFUSED);
    assertThat(endpoint.state()).isEqualTo(BOUND);
  }

  @Test
  void connectThatCantBeginLeavesTheEndpointBound() {
    stack.fakeTcp().refuseWith(TcpFailure.NO_RESOURCES);
    Outcome outcome = new Outcome();

    endpoint.connect(outcome.request(), PEER, null);

    assertThat(outcome.status()).isEqualTo(Status.INSUFFICIENT_RESOURCES);
    assertThat(endpoint.state()).isEqualTo(BOUND);
  }

  @Test
  void connectWithoutRouteOrToNowhereIsRefused() {
    Outcome noRoute = new Outcome();
    endpoint.connect(noRoute.request(), TransportAddress.parse("198.51.100.1:80"), null);
    Outcome noPort = new Outcome();
    endpoint.connect(noPort.request(), TransportAddress.parse("192.0.2.9:0"), null);
    Outcome otherFamily = new Outcome();
    endpoint.connect(otherFamily.request(), TransportAddress.parse("[2001:db8::1]:80"), null);

    assertThat(noRoute.status()).isEqualTo(Status.NETWORK_UNREACHABLE);
    assertThat(noPort.status()).isEqualTo(Status.INVALID_ADDRESS);
    assertThat(otherFamily.status()).isEqualTo(Status.INVALID_ADDRESS);
    assertThat(endpoint.state()).isEqualTo(BOUND);
  }

  @Test
  void connectTimesOut() {
    Outcome outcome = new Outcome();
    endpoint.connect(outcome.request(), PEER, Duration.ofSeconds(5));
    FakeConnection connection = stack.fakeTcp().takeOpened();

    stack.advance(4_000_000_000L);
    assertThat(outcome.status()).isEqualTo(Status.PENDING);
    stack.advance(2_000_000_000L);

    assertThat(outcome.status()).isEqualTo(Status.IO_TIMEOUT);
    assertThat(connection.end()).isEqualTo("abort");
    assertThat(endpoint.state()).isEqualTo(BOUND);
  }

  @Test
  void connectIsCancelled() {
    Outcome outcome = new Outcome();
    endpoint.connect(outcome.request(), PEER, null);
    FakeConnection connection = stack.fakeTcp().takeOpened();

    outcome.request().cancel();

    assertThat(outcome.status()).isEqualTo(Status.CANCELLED);
    assertThat(connection.end()).isEqualTo("abort");
    assertThat(endpoint.state()).isEqualTo(BOUND);
  }

  @Test
  void connectIsAborted() {
    Outcome connect = new Outcome();
    endpoint.connect(connect.request(), PEER, null);

    assertThat(disconnect(Disconnect.ABORT).status()).isEqualTo(Status.SUCCESS);

    assertThat(connect.status()).isEqualTo(Status.REQUEST_ABORTED);
    assertThat(endpoint.state()).isEqualTo(BOUND);
  }

  @Test
  void endpointIsUsedAgainAfterEachConnection() {
    for (int i = 0; i < 3; i++) {
      FakeConnection connection = connected();
      assertThat(send("round " + i).status()).isEqualTo(Status.SUCCESS);
      assertThat(connection.sent()).isEqualTo("round " + i);
      disconnect(Disconnect.ABORT);
      assertThat(endpoint.state()).isEqualTo(BOUND);
    }
  }

  // Send.

  @Test
  void sendsWaitForRoomInOrder() {
    FakeConnection connection = connected();
    connection.room(4);

    Outcome first = send("abcdef");
    Outcome second = send("gh");
    assertThat(connection.sent()).isEqualTo("abcd");
    assertThat(first.status()).isEqualTo(Status.PENDING);
    assertThat(endpoint.info().pendingSends()).isEqualTo(2);

    connection.peerAcknowledges(3);
    assertThat(first.status()).isEqualTo(Status.SUCCESS);
    assertThat(first.count()).isEqualTo(6);
    assertThat(second.status()).isEqualTo(Status.PENDING);
    connection.peerAcknowledges(4);

    assertThat(second.status()).isEqualTo(Status.SUCCESS);
    assertThat(connection.sent()).isEqualTo("abcdefgh");
    assertThat(endpoint.info().bytesSent()).isEqualTo(8);
  }

  @Test
  void sendThatMustNotWaitTakesWhatFits() throws Exception {
    List<Integer> possible = new ArrayList<>();
    file.onSendPossible((of, bytes) -> possible.add(bytes));
    FakeConnection connection = connected();
    connection.room(4);
    MemorySegment bytes = MemorySegment.ofArray("abcdef".getBytes(UTF_8));

    Outcome first = new Outcome();
    endpoint.send(first.request(), bytes, 0, 6, SendFlags.NON_BLOCKING);
    Outcome second = new Outcome();
    endpoint.send(second.request(), bytes, 4, 2, SendFlags.NON_BLOCKING);

    assertThat(first.status()).isEqualTo(Status.SUCCESS);
    assertThat(first.count()).isEqualTo(4);
    assertThat(second.status()).isEqualTo(Status.DEVICE_NOT_READY);
    assertThat(possible).isEmpty();
    connection.peerAcknowledges(3);
    assertThat(possible).containsExactly(3);
    connection.peerAcknowledges(1);
    assertThat(possible).containsExactly(3);
  }

  @Test
  void chunkIsSentInPlaceAndGoesBackToItsPool() {
    FakeConnection connection = connected();
    Chunk chunk = client.lease(100);
    chunk.segment().setString(0, "leased");
    Outcome outcome = new Outcome();

    endpoint.send(outcome.request(), chunk, 0, 6, SendFlags.NONE);

    assertThat(outcome.status()).isEqualTo(Status.SUCCESS);
    assertThat(outcome.count()).isEqualTo(6);
    assertThat(connection.sent()).isEqualTo("leased");
    assertThat(stack.chunksOut()).isZero();
  }

  @Test
  void chunkOfAFailedSendGoesBackToItsPool() {
    Outcome refused = new Outcome();
    endpoint.send(refused.request(), client.lease(10), 0, 10, SendFlags.NONE);
    assertThat(refused.status()).isEqualTo(Status.INVALID_CONNECTION);
    assertThat(stack.chunksOut()).isZero();

    FakeConnection connection = connected();
    connection.room(0);
    Outcome waiting = new Outcome();
    endpoint.send(waiting.request(), client.lease(10), 0, 10, SendFlags.NONE);
    connection.fails(TcpFailure.CONNECTION_RESET);

    assertThat(waiting.status()).isEqualTo(Status.CONNECTION_RESET);
    assertThat(stack.chunksOut()).isZero();
  }

  @Test
  void cancelledSendSaysHowMuchWasTakenAndTheNextGoesOn() {
    FakeConnection connection = connected();
    connection.room(2);
    Outcome first = send("abcd");
    Outcome second = send("xy");

    first.request().cancel();
    assertThat(first.status()).isEqualTo(Status.CANCELLED);
    assertThat(first.count()).isEqualTo(2);
    connection.peerAcknowledges(2);

    assertThat(second.status()).isEqualTo(Status.SUCCESS);
    assertThat(connection.sent()).isEqualTo("abxy");
    assertThat(endpoint.state()).isEqualTo(CONNECTED);
  }

  @Test
  void sendFromAClosedArenaIsRefused() {
    FakeConnection connection = connected();
    connection.room(0);
    Outcome outcome = new Outcome();
    try (Arena arena = Arena.ofShared()) {
      endpoint.send(outcome.request(), arena.allocate(8), 0, 8, SendFlags.NONE);
    }

    connection.room(8);
    connection.peerAcknowledges(0);

    assertThat(outcome.status()).isEqualTo(Status.INVALID_PARAMETER);
    assertThat(endpoint.state()).isEqualTo(CONNECTED);
  }

  @Test
  void requestThatIsPendingIsRefused() {
    connected();
    Outcome outcome = receive(new byte[1]);

    assertThatThrownBy(() -> endpoint.disconnect(outcome.request(), Disconnect.ABORT, null))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("pending");
    assertThat(endpoint.state()).isEqualTo(CONNECTED);
  }

  // Receive.

  @Test
  void receiveTakesWhatIsThereOrWaits() {
    FakeConnection connection = connected();
    byte[] first = new byte[3];
    byte[] second = new byte[8];
    byte[] third = new byte[8];
    Outcome waiting = receive(first);
    assertThat(waiting.status()).isEqualTo(Status.PENDING);

    connection.peerSends("hello");
    assertThat(waiting.status()).isEqualTo(Status.SUCCESS);
    assertThat(waiting.count()).isEqualTo(3);
    Outcome rest = receive(second);
    assertThat(rest.count()).isEqualTo(2);
    Outcome last = receive(third);
    connection.peerSends("!");

    assertThat(last.count()).isEqualTo(1);
    assertThat(new String(first, UTF_8) + new String(second, 0, 2, UTF_8)).isEqualTo("hello");
    assertThat(connection.credited()).isEqualTo(6);
    assertThat(endpoint.info().bytesReceived()).isEqualTo(6);
  }

  @Test
  void peekLeavesTheBytes() {
    FakeConnection connection = connected();
    connection.peerSends("ab");
    connection.peerSends("cd");
    byte[] seen = new byte[3];
    byte[] taken = new byte[4];

    assertThat(receive(seen, ReceiveFlags.PEEK).count()).isEqualTo(3);
    assertThat(receive(taken).count()).isEqualTo(4);

    assertThat(new String(seen, UTF_8)).isEqualTo("abc");
    assertThat(new String(taken, UTF_8)).isEqualTo("abcd");
  }

  @Test
  void cancelledReceiveLeavesTheConnection() {
    FakeConnection connection = connected();
    Outcome first = receive(new byte[4]);
    byte[] target = new byte[4];
    Outcome second = receive(target);

    first.request().cancel();
    connection.peerSends("data");

    assertThat(first.status()).isEqualTo(Status.CANCELLED);
    assertThat(second.count()).isEqualTo(4);
    assertThat(endpoint.state()).isEqualTo(CONNECTED);
  }

  @Test
  void receiveOfNothingIsRefused() {
    connected();
    assertThatThrownBy(() -> receive(new byte[0])).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() ->
            endpoint.receive(new Outcome().request(), MemorySegment.ofArray(new byte[4]), 2, 3, 0))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  // The ends of a connection.

  @Test
  void releaseWaitsForQueuedSendsAndItsAcknowledgement() {
    FakeConnection connection = connected();
    connection.room(2);
    Outcome send = send("abc");
    Outcome release = disconnect(Disconnect.RELEASE);
    assertThat(endpoint.state()).isEqualTo(RELEASED);
    assertThat(connection.isReleased()).isFalse();
    assertThat(send("late").status()).isEqualTo(Status.INVALID_CONNECTION);

    connection.peerAcknowledges(2);
    assertThat(send.status()).isEqualTo(Status.SUCCESS);
    assertThat(connection.isReleased()).isTrue();
    assertThat(release.status()).isEqualTo(Status.PENDING);
    assertThat(disconnect(Disconnect.RELEASE).status()).isEqualTo(Status.INVALID_DEVICE_STATE);

    connection.peerAcknowledgesRelease();
    assertThat(release.status()).isEqualTo(Status.SUCCESS);
    assertThat(endpoint.state()).isEqualTo(RELEASED);
    connection.peerSends("still");
    byte[] target = new byte[8];
    assertThat(receive(target).count()).isEqualTo(5);

    connection.peerReleases();
    assertThat(receive(target).count()).isZero();
    assertThat(endpoint.state()).isEqualTo(BOUND);
  }

  @Test
  void peerReleasesFirst() {
    FakeConnection connection = connected();
    connection.peerSends("last");
    connection.peerReleases();
    assertThat(endpoint.state()).isEqualTo(PEER_RELEASED);
    byte[] target = new byte[8];
    assertThat(receive(target).count()).isEqualTo(4);
    assertThat(receive(target).count()).isZero();
    assertThat(receive(target).status()).isEqualTo(Status.SUCCESS);
    assertThat(send("more").status()).isEqualTo(Status.SUCCESS);

    Outcome release = disconnect(Disconnect.RELEASE);
    assertThat(endpoint.state()).isEqualTo(PEER_RELEASED);
    assertThat(send("late").status()).isEqualTo(Status.INVALID_CONNECTION);
    connection.peerAcknowledgesRelease();

    assertThat(release.status()).isEqualTo(Status.SUCCESS);
    assertThat(endpoint.state()).isEqualTo(BOUND);
    assertThat(connection.sent()).isEqualTo("more");
  }

  @Test
  void dataThatWaitsSurvivesBothReleases() {
    FakeConnection connection = connected();
    disconnect(Disconnect.RELEASE);
    connection.peerAcknowledgesRelease();
    connection.peerSends("tail");
    connection.peerReleases();
    assertThat(connection.end()).isEqualTo("closed");
    byte[] target = new byte[8];

    assertThat(receive(target).count()).isEqualTo(4);
    assertThat(endpoint.state()).isEqualTo(RELEASED);
    assertThat(receive(target).count()).isZero();

    assertThat(endpoint.state()).isEqualTo(BOUND);
    assertThat(connection.landingsOut()).isZero();
  }

  @Test
  void releaseTimesOutAndTheFinStands() {
    FakeConnection connection = connected();
    Outcome release = new Outcome();
    endpoint.disconnect(release.request(), Disconnect.RELEASE, Duration.ofSeconds(1));

    stack.advance(2_000_000_000L);

    assertThat(release.status()).isEqualTo(Status.IO_TIMEOUT);
    assertThat(endpoint.state()).isEqualTo(RELEASED);
    assertThat(connection.isReleased()).isTrue();
    assertThat(connection.end()).isEmpty();
  }

  @Test
  void abortOvertakesARelease() {
    FakeConnection connection = connected();
    Outcome release = disconnect(Disconnect.RELEASE);

    Outcome abort = disconnect(Disconnect.ABORT);

    assertThat(abort.status()).isEqualTo(Status.SUCCESS);
    assertThat(release.status()).isEqualTo(Status.REQUEST_ABORTED);
    assertThat(connection.end()).isEqualTo("abort");
    assertThat(endpoint.state()).isEqualTo(BOUND);
  }

  @Test
  void resetEndsAllThatIsPending() throws Exception {
    List<String> events = new ArrayList<>();
    file.onDisconnect((of, how, why) -> events.add(of.context() + " " + how + " " + why));
    FakeConnection connection = connected();
    connection.room(0);
    Outcome send = send("x");
    Outcome receive = receive(new byte[4]);

    connection.fails(TcpFailure.CONNECTION_RESET);

    assertThat(send.status()).isEqualTo(Status.CONNECTION_RESET);
    assertThat(receive.status()).isEqualTo(Status.CONNECTION_RESET);
    assertThat(endpoint.state()).isEqualTo(BOUND);
    assertThat(events).containsExactly("context ABORT CONNECTION_RESET");
  }

  @Test
  void retryLimitEndsTheConnection() throws Exception {
    List<Status> events = new ArrayList<>();
    file.onDisconnect((of, how, why) -> events.add(why));
    FakeConnection connection = connected();

    connection.fails(TcpFailure.TIMED_OUT);

    assertThat(events).containsExactly(Status.IO_TIMEOUT);
    assertThat(receive(new byte[1]).status()).isEqualTo(Status.INVALID_CONNECTION);
  }

  @Test
  void configureReachesTheConnectionAndTheNext() {
    FakeConnection connection = connected();
    TcpSettings settings = TcpSettings.DEFAULT.withNoDelay(true);
    Outcome outcome = new Outcome();

    endpoint.configure(outcome.request(), settings);

    assertThat(outcome.status()).isEqualTo(Status.SUCCESS);
    assertThat(connection.settings()).isEqualTo(settings);
  }

  @Test
  void theIpHeaderIsTheAddressFilesUntilItIsConfigured() throws Exception {
    IpSettings ofFile = new IpSettings(46, 9);
    AddressOptions options =
        AddressOptions.DEFAULT.withSettings(TcpSettings.DEFAULT.withIp(ofFile));
    TransportAddress local = TransportAddress.of("0.0.0.0", 9);
    AddressFile marked = client.openAddress(Protocol.TCP, local, options);
    ConnectionEndpoint other = client.openEndpoint(marked, null);
    other.connect(new Outcome().request(), PEER, null);
    FakeConnection connection = stack.fakeTcp().takeOpened();
    assertThat(connection.settings().ip()).isEqualTo(ofFile);
    connection.peerAccepts();

    TcpSettings changed = TcpSettings.DEFAULT.withIp(ofFile.withDscp(10));
    other.configure(new Outcome().request(), changed);

    assertThat(connection.settings().ip()).isEqualTo(new IpSettings(10, 9));
  }

  @Test
  void theInformationSaysWithWhichCodepointThePeerSends() {
    FakeConnection connection = connected();
    assertThat(endpoint.info().receivedDscp()).isZero();

    connection.peerMarks(26);
    connection.peerSends("x");
    assertThat(endpoint.info().receivedDscp()).isEqualTo(26);

    connection.fails(TcpFailure.TIMED_OUT);
    assertThat(endpoint.info().receivedDscp()).isZero();
  }
}
