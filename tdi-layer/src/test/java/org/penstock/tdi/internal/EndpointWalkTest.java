package org.penstock.tdi.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.penstock.api.TransportAddress;
import org.penstock.core.api.TcpSettings;
import org.penstock.tdi.AddressFile;
import org.penstock.tdi.Client;
import org.penstock.tdi.ConnectionEndpoint;
import org.penstock.tdi.Disconnect;
import org.penstock.tdi.EndpointState;
import org.penstock.tdi.ListenOptions;
import org.penstock.tdi.Protocol;
import org.penstock.tdi.Request;
import org.penstock.tdi.Status;
import org.penstock.tdi.Transport;
import org.penstock.tdi.TransportException;
import org.penstock.tdi.fake.FakeConnection;
import org.penstock.tdi.fake.FakeStack;

/** Drives an endpoint into every state and asks it for everything: it obeys the state table. */
class EndpointWalkTest {

  private static final TransportAddress PEER = TransportAddress.parse("192.0.2.9:80");

  private final FakeStack stack = FakeStack.create();
  private final Transport transport = Transport.of(stack.stack());
  private final Client client = transport.client("test");
  private final List<Status> completions = new ArrayList<>();
  private AddressFile file;
  private ConnectionEndpoint endpoint;
  private FakeConnection connection;
  private Request pending;

  static Stream<Arguments> cells() {
    return Stream.of(RequestKind.values())
        .filter(kind -> kind.compareTo(RequestKind.TAKE) < 0)
        .flatMap(kind -> Stream.of(EndpointState.values()).map(state -> Arguments.of(kind, state)));
  }

  @AfterEach
  void closeAll() {
    transport.close();
    assertThat(stack.lockGate().failures()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("cells")
  void requestInState(RequestKind kind, EndpointState state) throws Exception {
    enter(state);
    assertThat(endpoint.state()).isEqualTo(state);
    Rule rule = StateTable.rule(kind, state);

    Status status = ask(kind);

    switch (rule.effect()) {
      case REFUSED -> assertThat(status).isEqualTo(rule.status());
      case COMPLETES -> assertThat(status).isEqualTo(Status.SUCCESS);
      case PENDS -> assertThat(status).isEqualTo(Status.PENDING);
      case COMPLETES_OR_PENDS -> assertThat(status).isIn(Status.SUCCESS, Status.PENDING);
      case NOTHING -> {}
    }
    if (kind == RequestKind.RELEASE && state == EndpointState.PEER_RELEASED) {
      // The move to B comes when our FIN is acknowledged and the peer's was received.
      assertThat(endpoint.state()).isEqualTo(state);
      connection.peerAcknowledgesRelease();
      endpoint.receive(Request.of((r, s, c) -> {}), MemorySegment.ofArray(new byte[1]), 0, 1, 0);
    }
    assertThat(endpoint.state()).isEqualTo(rule.next() == null ? state : rule.next());
  }

  private void enter(EndpointState state) throws Exception {
    file = client.openAddress(Protocol.TCP, TransportAddress.of("0.0.0.0", 80));
    endpoint = client.openEndpoint(null);
    pending = Request.of((request, status, count) -> {});
    if (state == EndpointState.IDLE) {
      return;
    }
    endpoint.associate(file);
    switch (state) {
      case LISTENING -> endpoint.listen(pending, ListenOptions.ANY);
      case OFFERED -> {
        endpoint.listen(pending, ListenOptions.OFFER);
        connection = stack.fakeTcp().arrive("192.0.2.1:80", "192.0.2.9:1000");
      }
      case CONNECTING, CONNECTED, RELEASED, PEER_RELEASED -> {
        endpoint.connect(pending, PEER, null);
        connection = stack.fakeTcp().takeOpened();
        goOn(state);
      }
      default -> {}
    }
  }

  private void goOn(EndpointState state) {
    if (state != EndpointState.CONNECTING) {
      connection.peerAccepts();
    }
    if (state == EndpointState.RELEASED) {
      endpoint.disconnect(pending, Disconnect.RELEASE, null);
    }
    if (state == EndpointState.PEER_RELEASED) {
      connection.peerReleases();
    }
  }

  /** Asks for one thing; returns how it has ended by now, PENDING if it has not. */
  private Status ask(RequestKind kind) {
    Request request = Request.of((of, status, count) -> completions.add(status));
    MemorySegment memory = MemorySegment.ofArray(new byte[4]);
    switch (kind) {
      case ASSOCIATE -> endpoint.associate(request, file);
      case DISASSOCIATE -> endpoint.disassociate(request);
      case CONNECT -> endpoint.connect(request, PEER, null);
      case LISTEN -> endpoint.listen(request, ListenOptions.ANY);
      case ACCEPT -> endpoint.accept(request);
      case ABORT -> endpoint.disconnect(request, Disconnect.ABORT, null);
      case RELEASE -> endpoint.disconnect(request, Disconnect.RELEASE, null);
      case SEND -> endpoint.send(request, memory, 0, 4, 0);
      case RECEIVE -> endpoint.receive(request, memory, 0, 4, 0);
      case CONNECTION_INFO -> {
        assertThat(endpoint.info().state()).isEqualTo(endpoint.state());
        endpoint.configure(request, TcpSettings.DEFAULT);
      }
      case ADDRESS_INFO -> {
        return addressInfo();
      }
      case CANCEL -> {
        pending.cancel();
        return Status.SUCCESS;
      }
      default -> throw new AssertionError("not in the table: " + kind);
    }
    assertThat(completions).hasSizeLessThanOrEqualTo(1);
    return completions.isEmpty() ? Status.PENDING : completions.getFirst();
  }

  private Status addressInfo() {
    try {
      assertThat(endpoint.addressInfo().local()).isEqualTo(file.local());
      return Status.SUCCESS;
    } catch (TransportException e) {
      return e.status();
    }
  }
}
