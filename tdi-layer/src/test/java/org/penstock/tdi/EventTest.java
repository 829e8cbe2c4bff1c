package org.penstock.tdi;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.penstock.api.TransportAddress;
import org.penstock.api.concurrency.ExecutionLevel;
import org.penstock.core.api.TcpFailure;
import org.penstock.tdi.fake.FakeConnection;
import org.penstock.tdi.fake.FakeStack;
import org.penstock.tdi.fake.FakeTcp;

/** What event handlers of an address file are told, when, and what their answers do. */
class EventTest {

  private static final String LOCAL = "192.0.2.1:80";

  private final FakeStack stack = FakeStack.create();
  private final Transport transport = Transport.of(stack.stack());
  private final Client client = transport.client("test");
  private final List<String> events = new ArrayList<>();
  private AddressFile file;
  private ConnectionEndpoint accepted;

  @BeforeEach
  void openFile() throws Exception {
    file = client.openAddress(Protocol.TCP, TransportAddress.of("0.0.0.0", 80));
  }

  @AfterEach
  void closeAll() {
    transport.close();
    assertThat(stack.lockGate().failures()).isEmpty();
  }

  private FakeConnection acceptOne() throws Exception {
    file.onConnect(offer -> {
      accepted = client.openEndpoint(file, "server");
      offer.accept(accepted);
    });
    return stack.fakeTcp().arrive(LOCAL, "192.0.2.9:1000");
  }

  private FakeTcp.Listening listener() {
    return stack.fakeTcp().listenerAt(file.local());
  }

  private static String text(ReceiveIndication data) {
    byte[] bytes = new byte[data.length()];
    MemorySegment.copy(
        data.segment(), data.offset(), MemorySegment.ofArray(bytes), 0, bytes.length);
    return new String(bytes, UTF_8);
  }

  // Connect.

  @Test
  void connectHandlerAcceptsWithAnEndpoint() throws Exception {
    FakeConnection connection = acceptOne();

    assertThat(accepted.state()).isEqualTo(EndpointState.CONNECTED);
    assertThat(accepted.info().remote()).isEqualTo(TransportAddress.parse("192.0.2.9:1000"));
    assertThat(listener().waiting()).isZero();
    assertThat(connection.end()).isEmpty();
  }

  @Test
  void connectHandlerRefuses() throws Exception {
    file.onConnect(ConnectOffer::refuse);

    FakeConnection connection = stack.fakeTcp().arrive(LOCAL, "192.0.2.9:1000");

    assertThat(connection.end()).isEqualTo("abort");
    assertThat(listener().waiting()).isZero();
  }

  @Test
  void connectHandlerIsNotAskedWhileAListenMatches() throws Exception {
    file.onConnect(offer -> events.add("asked"));
    ConnectionEndpoint endpoint = client.openEndpoint(file, null);
    Outcome listen = new Outcome();
    endpoint.listen(listen.request(), ListenOptions.ANY);

    stack.fakeTcp().arrive(LOCAL, "192.0.2.9:1000");
    assertThat(listen.status()).isEqualTo(Status.SUCCESS);
    assertThat(events).isEmpty();
    stack.fakeTcp().arrive(LOCAL, "192.0.2.9:1001");

    assertThat(events).containsExactly("asked");
  }

  @Test
  void handlerSetLaterIsAskedAboutConnectionsThatWait() throws Exception {
    ConnectionEndpoint endpoint = client.openEndpoint(file, null);
    endpoint.listen(new Outcome().request(), ListenOptions.ANY);
    stack.fakeTcp().arrive(LOCAL, "192.0.2.9:1000");
    stack.fakeTcp().arrive(LOCAL, "192.0.2.9:1001");

    file.onConnect(offer -> events.add(offer.remote() + " to " + offer.local()));

    assertThat(events).containsExactly("192.0.2.9:1001 to 192.0.2.1:80");
  }

  @Test
  void endpointThatIsNotInactiveCantAccept() throws Exception {
    acceptOne();
    Outcome second = new Outcome();
    file.onConnect(offer -> offer.accept(accepted, second.request()));

    FakeConnection connection = stack.fakeTcp().arrive(LOCAL, "192.0.2.9:1001");

    assertThat(second.status()).isEqualTo(Status.CONNECTION_ACTIVE);
    assertThat(connection.end()).isEqualTo("abort");
    assertThat(listener().waiting()).isZero();
  }

  @Test
  void acceptThatIsCancelledInTimeRefusesTheConnection() throws Exception {
    Outcome outcome = new Outcome();
    file.onConnect(offer -> {
      offer.accept(client.openEndpoint(file, null), outcome.request());
      outcome.request().cancel();
    });

    FakeConnection connection = stack.fakeTcp().arrive(LOCAL, "192.0.2.9:1001");

    assertThat(outcome.status()).isEqualTo(Status.CANCELLED);
    assertThat(connection.end()).isEqualTo("abort");
    assertThat(listener().waiting()).isZero();
  }

  @Test
  void endpointOfAnotherAddressCantAccept() throws Exception {
    AddressFile other = client.openAddress(Protocol.TCP, TransportAddress.ANY_IPV4);
    ConnectionEndpoint foreign = client.openEndpoint(other, null);
    Outcome outcome = new Outcome();
    file.onConnect(offer -> offer.accept(foreign, outcome.request()));

    FakeConnection connection = stack.fakeTcp().arrive(LOCAL, "192.0.2.9:1001");

    assertThat(outcome.status()).isEqualTo(Status.INVALID_PARAMETER);
    assertThat(connection.end()).isEqualTo("abort");
    assertThat(foreign.state()).isEqualTo(EndpointState.BOUND);
  }

  @Test
  void connectionResetBeforeItsEndpointHasItIsToldAfterwards() throws Exception {
    file.onDisconnect((of, how, why) -> events.add(how + " " + why));
    file.onConnect(offer -> {
      accepted = client.openEndpoint(file, "server");
      offer.accept(accepted);
      stack.lockGate().hold();
    });
    FakeConnection connection = stack.fakeTcp().arrive(LOCAL, "192.0.2.9:1000");
    connection.fails(TcpFailure.CONNECTION_RESET);
    stack.lockGate().letGo();

    assertThat(events).containsExactly("ABORT CONNECTION_RESET");
    assertThat(accepted.state()).isEqualTo(EndpointState.BOUND);
  }

  @Test
  void exceptionOfAConnectHandlerRefusesTheConnection() throws Exception {
    file.onConnect(offer -> {
      throw new IllegalArgumentException("broken");
    });

    FakeConnection connection = stack.fakeTcp().arrive(LOCAL, "192.0.2.9:1000");

    assertThat(connection.end()).isEqualTo("abort");
    assertThat(stack.lockGate().failures()).hasSize(1);
    stack.lockGate().failures().clear();
  }

  // Receive.

  @Test
  void receiveHandlerTakesBytes() throws Exception {
    file.onReceive((of, data) -> {
      assertThat(ExecutionLevel.current()).isEqualTo(ExecutionLevel.DISPATCH);
      events.add(of.context() + ":" + text(data) + "/" + data.available());
      data.took(data.length());
    });
    FakeConnection connection = acceptOne();

    connection.peerSends("one");
    connection.peerSends("two");

    assertThat(events).containsExactly("server:one/3", "server:two/3");
    assertThat(connection.credited()).isEqualTo(6);
    assertThat(connection.landingsOut()).isZero();
    assertThat(accepted.info().bytesReceived()).isEqualTo(6);
  }

  @Test
  void whatWasNotTakenIsShownAgain() throws Exception {
    file.onReceive((of, data) -> {
      events.add(text(data));
      data.took(1);
    });
    FakeConnection connection = acceptOne();

    connection.peerSends("abc");

    assertThat(events).containsExactly("abc", "bc", "c");
    assertThat(connection.credited()).isEqualTo(3);
  }

  @Test
  void notAcceptedIsSilentUntilAReceiveIsPosted() throws Exception {
    file.onReceive((of, data) -> events.add(text(data)));
    FakeConnection connection = acceptOne();

    connection.peerSends("ab");
    connection.peerSends("cd");
    assertThat(events).containsExactly("ab");
    assertThat(connection.credited()).isZero();

    byte[] target = new byte[3];
    Outcome receive = new Outcome();
    accepted.receive(receive.request(), MemorySegment.ofArray(target), 0, 3, 0);

    assertThat(receive.count()).isEqualTo(3);
    assertThat(new String(target, UTF_8)).isEqualTo("abc");
    assertThat(events).containsExactly("ab", "d");
  }

  @Test
  void handlerGivesAReceiveForTheRest() throws Exception {
    byte[] target = new byte[4];
    Outcome rest = new Outcome();
    file.onReceive((of, data) -> {
      events.add(text(data));
      if (rest.status() == Status.PENDING) {
        data.takeRest(1, rest.request(), MemorySegment.ofArray(target), 0, 4);
      } else {
        data.took(data.length());
      }
    });
    FakeConnection connection = acceptOne();

    connection.peerSends("abcdefg");

    assertThat(rest.status()).isEqualTo(Status.SUCCESS);
    assertThat(new String(target, UTF_8)).isEqualTo("bcde");
    assertThat(events).containsExactly("abcdefg", "fg");
  }

  @Test
  void postedReceiveSuppressesEvents() throws Exception {
    file.onReceive((of, data) -> {
      events.add(text(data));
      data.took(data.length());
    });
    FakeConnection connection = acceptOne();
    Outcome receive = new Outcome();
    accepted.receive(receive.request(), MemorySegment.ofArray(new byte[2]), 0, 2, 0);

    connection.peerSends("abc");

    assertThat(receive.count()).isEqualTo(2);
    assertThat(events).containsExactly("c");
  }

  @Test
  void receiveThatTheHandlerPostsComesBeforeTheNextEvent() throws Exception {
    byte[] target = new byte[1];
    Outcome receive = new Outcome();
    file.onReceive((of, data) -> {
      events.add(text(data));
      if (receive.status() == Status.PENDING) {
        of.receive(receive.request(), MemorySegment.ofArray(target), 0, 1, 0);
      }
      data.took(1);
    });
    FakeConnection connection = acceptOne();

    connection.peerSends("abc");

    assertThat(receive.status()).isEqualTo(Status.SUCCESS);
    assertThat(new String(target, UTF_8)).isEqualTo("b");
    assertThat(events).containsExactly("abc", "c");
  }

  @Test
  void dataOnWhichTheHandlerThrowsStays() throws Exception {
    file.onReceive((of, data) -> {
      throw new IllegalArgumentException("broken");
    });
    FakeConnection connection = acceptOne();
    connection.peerSends("ab");
    assertThat(stack.lockGate().failures()).hasSize(1);
    stack.lockGate().failures().clear();

    Outcome receive = new Outcome();
    accepted.receive(receive.request(), MemorySegment.ofArray(new byte[8]), 0, 8, 0);

    assertThat(receive.count()).isEqualTo(2);
  }

  @Test
  void indicationIsValidInItsHandlerOnly() throws Exception {
    List<ReceiveIndication> kept = new ArrayList<>();
    file.onReceive((of, data) -> {
      kept.add(data);
      assertThatThrownBy(() -> data.took(data.length() + 1))
          .isInstanceOf(IllegalArgumentException.class);
      data.took(data.length());
    });

    acceptOne().peerSends("ab");

    assertThatThrownBy(() -> kept.getFirst().segment()).isInstanceOf(IllegalStateException.class);
  }

  // Disconnect.

  @Test
  void releaseIsTheLastEventOfTheReceivingSide() throws Exception {
    file.onReceive((of, data) -> {
      events.add(text(data));
      data.took(1);
    });
    file.onDisconnect((of, how, why) -> events.add(how + " " + why));
    FakeConnection connection = acceptOne();
    connection.peerSends("ab");
    connection.peerReleases();

    assertThat(events).containsExactly("ab", "b", "RELEASE SUCCESS");
    assertThat(accepted.state()).isEqualTo(EndpointState.PEER_RELEASED);
    Outcome release = new Outcome();
    accepted.disconnect(release.request(), Disconnect.RELEASE, null);
    connection.peerAcknowledgesRelease();

    assertThat(release.status()).isEqualTo(Status.SUCCESS);
    assertThat(accepted.state()).isEqualTo(EndpointState.BOUND);
  }

  @Test
  void releaseWaitsForBytesThatWereNotAccepted() throws Exception {
    file.onReceive((of, data) -> events.add(text(data)));
    file.onDisconnect((of, how, why) -> events.add(how.name()));
    FakeConnection connection = acceptOne();
    connection.peerSends("ab");
    connection.peerReleases();
    assertThat(events).containsExactly("ab");

    Outcome receive = new Outcome();
    accepted.receive(receive.request(), MemorySegment.ofArray(new byte[8]), 0, 8, 0);

    assertThat(events).containsExactly("ab", "RELEASE");
  }

  @Test
  void dataShownBeforeAResetComesBeforeIt() throws Exception {
    file.onReceive((of, data) -> {
      events.add(text(data));
      data.took(data.length());
    });
    file.onDisconnect((of, how, why) -> events.add(how.name()));
    FakeConnection connection = acceptOne();
    stack
        .lockGate()
        .inside(
            connection.cell(),
            () -> {
              connection.peerSends("ab");
              connection.fails(TcpFailure.CONNECTION_RESET);
            });

    assertThat(events).containsExactly("ab", "ABORT");
    assertThat(connection.landingsOut()).isZero();
  }

  @Test
  void endsOfThisSideAreNotTold() throws Exception {
    file.onDisconnect((of, how, why) -> events.add(how.name()));
    acceptOne();

    accepted.disconnect(new Outcome().request(), Disconnect.ABORT, null);

    assertThat(events).isEmpty();
  }

  // Trouble.

  @Test
  void troubleIsToldWhileTheConnectionGoesOn() throws Exception {
    List<ConnectionEndpoint> about = new ArrayList<>();
    file.onTrouble((of, why) -> {
      about.add(of);
      events.add(ExecutionLevel.current() + " " + why);
    });
    FakeConnection connection = acceptOne();

    connection.hasTrouble(TcpFailure.TIMED_OUT);
    connection.hasTrouble(TcpFailure.NETWORK_UNREACHABLE);
    connection.hasTrouble(TcpFailure.PORT_UNREACHABLE);

    assertThat(events)
        .containsExactly(
            "DISPATCH IO_TIMEOUT", "DISPATCH NETWORK_UNREACHABLE", "DISPATCH PORT_UNREACHABLE");
    assertThat(about).containsOnly(accepted);
    assertThat(accepted.state()).isEqualTo(EndpointState.CONNECTED);
    assertThat(file.info().handlers()).contains("trouble");
  }

  @Test
  void troubleIsToldWhileConnecting() throws Exception {
    file.onTrouble((of, why) -> events.add(of.state() + " " + why));
    ConnectionEndpoint endpoint = client.openEndpoint(file, null);
    Outcome outcome = new Outcome();
    endpoint.connect(outcome.request(), TransportAddress.parse("192.0.2.9:7"), null);
    FakeConnection connection = stack.fakeTcp().takeOpened();

    connection.hasTrouble(TcpFailure.HOST_UNREACHABLE);
    assertThat(events).containsExactly("CONNECTING HOST_UNREACHABLE");
    assertThat(outcome.status()).isEqualTo(Status.PENDING);

    connection.peerAccepts();
    assertThat(outcome.status()).isEqualTo(Status.SUCCESS);
  }

  @Test
  void whoSetsNoTroubleHandlerIsNotTold() throws Exception {
    FakeConnection connection = acceptOne();
    connection.hasTrouble(TcpFailure.TIMED_OUT);
    file.onTrouble((of, why) -> events.add("told"));
    file.onTrouble(null);
    connection.hasTrouble(TcpFailure.TIMED_OUT);

    assertThat(events).isEmpty();
    assertThat(accepted.state()).isEqualTo(EndpointState.CONNECTED);
  }

  @Test
  void disconnectReachesTheHandlersTheEndpointHadWhenItConnected() throws Exception {
    file.onDisconnect((of, how, why) -> events.add("told " + why));
    FakeConnection connection = acceptOne();
    file.close();

    connection.fails(TcpFailure.CONNECTION_RESET);

    assertThat(events).containsExactly("told CONNECTION_RESET");
  }

  @Test
  void handlersOfTheOtherProtocolAreRefused() {
    assertThatThrownBy(() -> file.onReceiveDatagram((of, datagram) -> {}))
        .isInstanceOfSatisfying(
            TransportException.class,
            e -> assertThat(e.status()).isEqualTo(Status.INVALID_PARAMETER));
    file.close();
    assertThatThrownBy(() -> file.onReceive((of, data) -> {}))
        .isInstanceOfSatisfying(
            TransportException.class, e -> assertThat(e.status()).isEqualTo(Status.INVALID_HANDLE));
  }

  @Test
  void infoNamesHandlersAndListener() throws Exception {
    assertThat(file.info().listening()).isFalse();
    file.onReceive((of, data) -> {});
    file.onConnect(ConnectOffer::refuse);

    assertThat(file.info().handlers()).isEqualTo("connect receive");
    assertThat(file.info().listening()).isTrue();
    assertThat(transport.addressFiles()).containsExactly(file.info());
  }
}
