package org.penstock.tdi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.penstock.tdi.EndpointState.BOUND;
import static org.penstock.tdi.EndpointState.CONNECTED;
import static org.penstock.tdi.EndpointState.LISTENING;
import static org.penstock.tdi.EndpointState.OFFERED;
import static org.penstock.tdi.EndpointState.PEER_RELEASED;

import org.junit.jupiter.api.Test;
import org.penstock.api.TransportAddress;
import org.penstock.core.api.TcpFailure;
import org.penstock.tdi.fake.FakeConnection;
import org.penstock.tdi.fake.FakeTcp;

/** Listens, offers, and connections that wait for them. */
class TcpListenTest extends TcpEndpointScript {

  private Outcome listen(ConnectionEndpoint listening, ListenOptions options) {
    Outcome outcome = new Outcome();
    listening.listen(outcome.request(), options);
    return outcome;
  }

  @Test
  void listensAreServedInOrder() throws Exception {
    ConnectionEndpoint other = client.openEndpoint(file, null);
    Outcome first = listen(endpoint, ListenOptions.ANY);
    Outcome second = listen(other, ListenOptions.ANY);
    assertThat(endpoint.state()).isEqualTo(LISTENING);
    String local = "192.0.2.1:" + file.local().port();

    stack.fakeTcp().arrive(local, "192.0.2.9:1000");
    assertThat(first.status()).isEqualTo(Status.SUCCESS);
    assertThat(first.request().remote()).isEqualTo(TransportAddress.parse("192.0.2.9:1000"));
    assertThat(endpoint.state()).isEqualTo(CONNECTED);
    assertThat(second.status()).isEqualTo(Status.PENDING);
    stack.fakeTcp().arrive(local, "192.0.2.9:1001");

    assertThat(second.status()).isEqualTo(Status.SUCCESS);
    assertThat(listener().waiting()).isZero();
  }

  private FakeTcp.Listening listener() {
    return stack.fakeTcp().listenerAt(file.local());
  }

  private FakeConnection arrive(int port) {
    return stack.fakeTcp().arrive("192.0.2.1:" + file.local().port(), "192.0.2.9:" + port);
  }

  @Test
  void connectionsWaitForAListen() {
    listen(endpoint, ListenOptions.ANY);
    arrive(1);
    FakeConnection second = arrive(2);
    second.peerSends("early");
    assertThat(file.info().waitingConnections()).isEqualTo(1);
    assertThat(listener().waiting()).isEqualTo(1);
    disconnect(Disconnect.ABORT);

    Outcome outcome = listen(endpoint, ListenOptions.ANY);

    assertThat(outcome.status()).isEqualTo(Status.SUCCESS);
    assertThat(outcome.request().remote().port()).isEqualTo(2);
    byte[] target = new byte[8];
    assertThat(receive(target).count()).isEqualTo(5);
    assertThat(listener().waiting()).isZero();
  }

  @Test
  void connectionResetWhileItWaitsGivesItsPlaceBack() {
    Outcome outcome = listen(endpoint, ListenOptions.from(TransportAddress.parse("192.0.2.7:0")));
    FakeConnection connection = arrive(1);
    assertThat(listener().waiting()).isEqualTo(1);

    connection.fails(TcpFailure.CONNECTION_RESET);

    assertThat(listener().waiting()).isZero();
    assertThat(file.info().waitingConnections()).isZero();
    assertThat(outcome.status()).isEqualTo(Status.PENDING);
  }

  @Test
  void listenTakesOnlyTheRemoteItAsksFor() throws Exception {
    ConnectionEndpoint other = client.openEndpoint(file, null);
    Outcome picky = listen(endpoint, ListenOptions.from(TransportAddress.parse("192.0.2.9:77")));
    Outcome any = listen(other, ListenOptions.ANY);

    arrive(5);
    arrive(77);

    assertThat(any.request().remote().port()).isEqualTo(5);
    assertThat(picky.request().remote().port()).isEqualTo(77);
  }

  @Test
  void severalListensOfOneEndpointEndWithTheFirstServed() {
    Outcome first = listen(endpoint, ListenOptions.ANY);
    Outcome second = listen(endpoint, ListenOptions.ANY);

    arrive(1);

    assertThat(first.status()).isEqualTo(Status.SUCCESS);
    assertThat(second.status()).isEqualTo(Status.INVALID_CONNECTION);
    assertThat(endpoint.state()).isEqualTo(CONNECTED);
  }

  @Test
  void listenIsCancelledOrAborted() {
    Outcome cancelled = listen(endpoint, ListenOptions.ANY);
    cancelled.request().cancel();
    assertThat(cancelled.status()).isEqualTo(Status.CANCELLED);
    assertThat(endpoint.state()).isEqualTo(BOUND);

    Outcome aborted = listen(endpoint, ListenOptions.ANY);
    Outcome more = listen(endpoint, ListenOptions.ANY);
    assertThat(disconnect(Disconnect.ABORT).status()).isEqualTo(Status.SUCCESS);

    assertThat(aborted.status()).isEqualTo(Status.CANCELLED);
    assertThat(more.status()).isEqualTo(Status.CANCELLED);
    assertThat(endpoint.state()).isEqualTo(BOUND);
  }

  @Test
  void listenWhereTheCoreRefuses() {
    stack.fakeTcp().refuseWith(TcpFailure.NO_RESOURCES);

    assertThat(listen(endpoint, ListenOptions.ANY).status())
        .isEqualTo(Status.INSUFFICIENT_RESOURCES);
    assertThat(endpoint.state()).isEqualTo(BOUND);
  }

  @Test
  void offerIsAccepted() {
    Outcome listen = listen(endpoint, ListenOptions.OFFER);
    FakeConnection connection = arrive(1);
    assertThat(listen.status()).isEqualTo(Status.SUCCESS);
    assertThat(endpoint.state()).isEqualTo(OFFERED);
    connection.peerSends("early");
    connection.peerReleases();

    Outcome accept = new Outcome();
    endpoint.accept(accept.request());

    assertThat(accept.status()).isEqualTo(Status.SUCCESS);
    assertThat(endpoint.state()).isEqualTo(PEER_RELEASED);
    assertThat(receive(new byte[8]).count()).isEqualTo(5);
  }

  @Test
  void offerIsRejectedByAnyDisconnect() {
    for (Disconnect how : Disconnect.values()) {
      listen(endpoint, ListenOptions.OFFER);
      FakeConnection connection = arrive(1 + how.ordinal());
      assertThat(disconnect(how).status()).isEqualTo(Status.SUCCESS);
      assertThat(connection.end()).isEqualTo("abort");
      assertThat(endpoint.state()).isEqualTo(BOUND);
    }
  }

  @Test
  void offerNotAnsweredInTimeIsRejected() {
    listen(endpoint, ListenOptions.OFFER);
    FakeConnection connection = arrive(1);

    stack.advance(31_000_000_000L);

    assertThat(connection.end()).isEqualTo("abort");
    assertThat(endpoint.state()).isEqualTo(BOUND);
  }
}
