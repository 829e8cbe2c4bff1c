package org.penstock.core.internal.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.penstock.api.view.PcbView;

/** PITFALLS 9 and 10: more connections one after the other than there are ports. */
class ManyConnectionsTest extends TcpScript {

  private static final int MANY = 70_000;

  private void accept(int number) {
    peer = new Peer(host, 80, 1 + number % 65_535);
    peer.iss = number * 1_000_003;
    host.output.sent.clear();
    synReceived();
    peer.segment("A").seq(1).ack(1).send();
    connection = acceptor.connections.removeLast();
    user = acceptor.users.removeLast();
  }

  /** Nothing is left but the listener and its own reference on its port. */
  private void assertOnlyTheListenerIsLeft() {
    assertThat(host.views())
        .singleElement()
        .matches(v -> v.list() == PcbView.List.LISTENING && v.receiveQueue() == 0);
    assertThat(host.portReferences(80)).isEqualTo(1);
    host.assertClean();
  }

  @Test
  void closedByThePeer() {
    listening(1);
    for (int i = 0; i < MANY; i++) {
      accept(i);
      peer.segment("FA").seq(1).ack(1).send();
      release();
      peer.segment("A").seq(2).ack(2).send();
    }
    assertOnlyTheListenerIsLeft();
  }

  @Test
  void closedByUs() {
    listening(1);
    for (int i = 0; i < MANY; i++) {
      accept(i);
      release();
      peer.segment("FA").seq(1).ack(2).send();
      host.runTo(host.now() + 2 * Host.SECOND);
    }
    host.runTo(host.now() + 61 * Host.SECOND);
    assertOnlyTheListenerIsLeft();
  }

  @Test
  void resetByEither() {
    listening(1);
    for (int i = 0; i < MANY; i++) {
      accept(i);
      if (i % 2 == 0) {
        host.inside(connection::abort);
      } else {
        peer.segment("R").seq(1).send();
      }
    }
    assertOnlyTheListenerIsLeft();
  }

  @Test
  void whosePeersVanishWithDataInFlightWhileTheyClose() {
    // PITFALLS 8: a PCB leaked on passive close with unacknowledged data.
    listening(1);
    for (int i = 0; i < 200; i++) {
      accept(i);
      send(1000, 0);
      peer.segment("FA").seq(1).ack(1).send();
      release();
    }
    host.runTo(host.now() + 1_000 * Host.SECOND);
    assertOnlyTheListenerIsLeft();
  }
}
