package org.penstock.core.internal.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** RFC 6928 §2, RFC 5681 §3.1: the window that a connection begins with. */
class Rfc6928InitialWindowTest extends TcpScript {

  @Test
  void tenSegmentsGoAtOnce() {
    connected();
    send(30 * MSS, 0);
    assertThat(host.output.sent).hasSize(10);
  }

  @Test
  void afterALostSynOneDoes() {
    connecting();
    peer.expectAfter(1000, "S");
    peer.segment("SA").ack(1).mss(MSS).send();
    peer.expect("A");
    send(30 * MSS, 0);
    assertThat(host.output.sent).hasSize(1);
  }

  @Test
  void afterALostSynAckOneDoes() {
    listening(8);
    synReceived();
    peer.expectAfter(1000, "SA");
    peer.segment("A").seq(1).ack(1).send();
    connection = acceptor.connections.getLast();
    send(30 * MSS, 0);
    assertThat(host.output.sent).hasSize(1);
  }

  @Test
  void itIsInSegmentsOfTheConnectionNotOfTheLink() {
    connecting();
    peer.segment("SA").ack(1).mss(536).send();
    peer.expect("A");
    send(30 * MSS, 0);
    assertThat(host.output.sent).hasSize(10).allMatch(sent -> sent.text().length == 536);
  }
}
