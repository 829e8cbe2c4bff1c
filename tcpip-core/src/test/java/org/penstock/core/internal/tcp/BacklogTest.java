package org.penstock.core.internal.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.penstock.api.TransportAddress;
import org.penstock.api.view.Counter;
import org.penstock.api.view.DropReason;
import org.penstock.api.view.PcbView;
import org.penstock.core.api.StackBuilder;
import org.penstock.core.api.SynCookies;

/**
 * The budgets of a listener, without SYN cookies: handshakes under way, and connections not yet
 * accepted.
 */
class BacklogTest extends TcpScript {

  @Override
  StackBuilder builder() {
    return super.builder().synCookies(SynCookies.OFF);
  }

  private void syn(int port) {
    peer = new Peer(host, 80, port);
    peer.segment("S").mss(MSS).send();
  }

  private void establish(int port) {
    syn(port);
    peer.theirIss = host.output.sent.poll().header().sequence();
    peer.segment("A").seq(1).ack(1).send();
  }

  @Test
  void aSynBeyondTheBacklogIsDroppedNotReset() {
    listening(2);
    syn(1);
    syn(2);
    host.output.sent.clear();
    syn(3);
    peer.expectNothing();
    assertThat(host.count(Counter.TCP_LISTEN_OVERFLOWS)).isEqualTo(1);
    assertThat(host.count(DropReason.TCP_BACKLOG_FULL)).isEqualTo(1);
  }

  @Test
  void connectionsNotYetAcceptedCount() {
    acceptor.accepting = false;
    listening(2);
    establish(1);
    establish(2);
    syn(3);
    peer.expectNothing();
    acceptor.listener.accepted();
    syn(3);
    peer.expect("SA");
    assertThat(host.views())
        .filteredOn(v -> v.list() == PcbView.List.LISTENING)
        .singleElement()
        .matches(v -> v.receiveQueue() == 2);
  }

  @Test
  void aHandshakeThatFailsGivesItsPlaceBack() {
    // PITFALLS 10.
    listening(1);
    for (int i = 1; i < 10; i++) {
      synReceivedFrom(i);
      peer.segment("R").seq(1).send();
    }
    for (int i = 10; i < 20; i++) {
      synReceivedFrom(i);
      host.runTo(host.now() + 64 * Host.SECOND);
      host.output.sent.clear();
    }
    synReceivedFrom(20);
    peer.segment("S").seq(5).send();
    host.output.sent.clear();
    synReceivedFrom(21);
  }

  private void synReceivedFrom(int port) {
    syn(port);
    peer.theirIss = host.output.sent.peek().header().sequence();
    peer.expect("SA");
  }

  @Test
  void aConnectionResetBeforeAnybodyHeardOfItGivesItsPlaceBack() {
    listening(1);
    synReceivedFrom(1);
    peer.segment("A").seq(1).ack(1).deliver();
    peer.segment("R").seq(1).deliver();
    host.finish();
    assertThat(acceptor.connections).isEmpty();
    synReceivedFrom(2);
  }

  @Test
  void aHandshakeThatEndsWhileTheQueueIsFullIsLeftUnanswered() {
    // PITFALLS 10: a full accept queue does not stall the listener, and nobody is reset.
    acceptor.accepting = false;
    listening(2);
    synReceivedFrom(1);
    Peer first = peer;
    synReceivedFrom(2);
    Peer second = peer;
    first.segment("A").seq(1).ack(1).send();
    second.segment("A").seq(1).ack(1).send();
    // Both wait to be accepted; two others are already on their way.
    acceptor.listener.accepted();
    synReceivedFrom(3);
    Peer third = peer;
    synReceivedFrom(4);
    Peer fourth = peer;
    third.segment("A").seq(1).ack(1).send();
    fourth.segment("PA").seq(1).ack(1).text("hello").send();
    fourth.expectNothing();
    assertThat(acceptor.connections).hasSize(3);
    assertThat(host.count(Counter.TCP_LISTEN_OVERFLOWS)).isEqualTo(1);
    // Our SYN,ACK goes again; there is room meanwhile for what the peer sends again.
    fourth.expectAfter(1000, "SA").seq(0).ack(1);
    acceptor.listener.accepted();
    fourth.segment("PA").seq(1).ack(1).text("hello").send();
    assertThat(acceptor.connections).hasSize(4);
    assertThat(acceptor.users.getLast().text()).isEqualTo("hello");
  }

  @Test
  void whileTheQueueIsFullNoHandshakeBegins() {
    acceptor.accepting = false;
    listening(1);
    establish(1);
    for (int port = 2; port < 100; port++) {
      syn(port);
    }
    peer.expectNothing();
    assertThat(host.views()).hasSize(2);
    acceptor.listener.accepted();
    synReceivedFrom(100);
  }

  @Test
  void resetsCarryTheRightNumberAlsoWhileTheBacklogIsFull() {
    // PITFALLS 7: RST with a wrong sequence number when the backlog is full.
    listening(1);
    synReceivedFrom(1);
    peer = new Peer(host, 80, 2);
    peer.segment("A").seq(7).ack(4711).send();
    peer.expect("R").seq(4711);
    peer.segment("PA").seq(7).ack(-1).text("data").send();
    peer.expect("R").seq(-1);
  }

  @Test
  void neverAcceptedConnectionsAreNotLeaked() {
    // PITFALLS 10: what nobody accepts is reset and forgotten when its listener's user refuses it.
    acceptor.accepting = false;
    listening(4);
    for (int port = 1; port <= 4; port++) {
      establish(port);
    }
    for (Connection connection : acceptor.connections) {
      acceptor.listener.accepted();
      host.inside(connection::abort);
    }
    assertThat(host.views()).hasSize(1).first().matches(v -> v.receiveQueue() == 0);
    assertThat(host.portReferences(80)).isEqualTo(1);
  }

  @Test
  void aBacklogOfZeroIsRefused() {
    assertThatThrownBy(() -> listening(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("backlog 0");
  }

  @Test
  void moreAcceptedThanEstablishedIsAnError() {
    listening(1);
    assertThatThrownBy(acceptor.listener::accepted)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("0.0.0.0:80");
  }

  @Test
  void anAcceptorThatAbortsRefuses() {
    listening(1);
    acceptor.reaction = org.penstock.core.api.TcpConnection::abort;
    for (int port = 1; port < 5; port++) {
      establish(port);
      peer.expect("RA").seq(1);
    }
    assertThat(host.views()).hasSize(1);
  }

  @Test
  void anAcceptorThatGivesNoUserRefuses() throws Exception {
    host.tcp.listen(TransportAddress.of("192.0.2.1", 80), 1, settings, connection -> {});
    establish(1);
    peer.expect("RA").seq(1);
    assertThat(host.views()).hasSize(1);
  }

  @Test
  void afterCloseTheListenerIsGoneHandshakesAreResetAndConnectionsStay() {
    listening(4);
    establish(1);
    Peer established = peer;
    synReceivedFrom(2);
    Peer handshake = peer;
    synReceivedFrom(3);
    acceptor.listener.close();
    acceptor.listener.close();
    handshake.segment("A").seq(1).ack(1).send();
    handshake.expect("R").seq(1);
    // The other one is silent: it is reset when its timer expires.
    host.runTo(host.now() + 1001 * Host.MILLIS);
    peer.expect("RA").seq(1);
    syn(9);
    peer.expect("RA").ack(1);
    established.segment("PA").seq(1).ack(1).text("still here").send();
    assertThat(acceptor.users.getFirst().text()).isEqualTo("still here");
    assertThat(host.portReferences(80)).isEqualTo(1);
  }
}
