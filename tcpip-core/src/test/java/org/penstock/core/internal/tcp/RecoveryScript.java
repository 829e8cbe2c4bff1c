package org.penstock.core.internal.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import org.penstock.api.view.Counter;

/**
 * What tests of loss recovery have in common: a peer that acknowledges selectively, 20 ms away, and
 * segments counted from 0.
 */
abstract class RecoveryScript extends TcpScript {

  static final long RTT = 20;

  /** ESTABLISHED, with SACK, and a round-trip time. */
  void connectedSelectively() {
    connecting();
    pass(RTT);
    peer.segment("SA").ack(1).mss(MSS).sackPermitted().send();
    peer.expect("A").seq(1);
  }

  /** Ten segments in flight, the initial window, of that many. */
  void flying(int segments) {
    connectedSelectively();
    send(segments * MSS, 0);
    for (int i = 0; i < Math.min(10, segments); i++) {
      peer.expect(i == segments - 1 ? "PA" : "A").seq(at(i)).length(MSS);
    }
    peer.expectNothing();
  }

  void pass(long millis) {
    host.runTo(host.now() + millis * Host.MILLIS);
  }

  /** The sequence number at which a segment begins. */
  static int at(int segment) {
    return 1 + segment * MSS;
  }

  /** The peer has everything before a segment, and of those behind some, from and to. */
  void acknowledge(int upTo, int... blocks) {
    Peer.Inject ack = peer.segment("A").seq(1).ack(at(upTo));
    if (blocks.length > 0) {
      int[] edges = new int[blocks.length];
      for (int i = 0; i < blocks.length; i++) {
        edges[i] = at(blocks[i]);
      }
      ack.sack(edges);
    }
    ack.send();
  }

  void expectSegment(int segment) {
    peer.expect("A").seq(at(segment)).text(MSS, segment * MSS);
  }

  LossRecovery recovery() {
    return connection.sender().recovery();
  }

  void assertPhase(LossRecovery.Phase phase) {
    assertThat(recovery().phase()).isEqualTo(phase);
  }

  /** The retransmission timeout, in milliseconds. */
  long timeout() {
    return connection.sender().rtt().timeout() / Host.MILLIS;
  }

  long window() {
    return connection.sender().congestion().window();
  }

  long threshold() {
    return connection.sender().congestion().state().threshold();
  }

  long inFlight() {
    return connection.sender().inFlight();
  }

  void assertNoTimeout() {
    assertThat(host.count(Counter.TCP_TIMEOUTS)).as("timeouts").isZero();
  }
}
