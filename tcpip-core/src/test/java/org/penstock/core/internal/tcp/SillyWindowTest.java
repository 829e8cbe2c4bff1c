package org.penstock.core.internal.tcp;

import org.junit.jupiter.api.Test;

/** RFC 9293 §3.8.6.2: silly windows, as sender and as receiver. */
class SillyWindowTest extends TcpScript {

  @Test
  void aWindowBelowASegmentAndBelowHalfOfTheLargestIsNotUsedWhileSomethingIsInFlight() {
    connected();
    peer.segment("A").seq(1).ack(1).win(3000).send();
    send(10_000, 0);
    peer.expect("A").seq(1).length(1460);
    peer.expect("A").seq(1461).length(1460);
    // 80 bytes of room are left.
    peer.expectNothing();
    peer.segment("A").seq(1).ack(1461).win(1540).send();
    peer.expectNothing();
  }

  @Test
  void itIsUsedAfterTheOverridesTime() {
    connected();
    peer.segment("A").seq(1).ack(1).win(500).send();
    send(10_000, 0);
    peer.expectNothing();
    peer.expectAfter(200, "A").seq(1).length(500);
  }

  @Test
  void halfOfTheLargestWindowIsWorthASegment() {
    host = new Host("192.0.2.1", builder());
    peer = new Peer(host, 1024, 80);
    connecting();
    // A peer whose buffer is smaller than a segment.
    peer.segment("SA").ack(1).mss(MSS).win(1000).send();
    peer.expect("A");
    send(3000, 0);
    peer.expect("A").seq(1).length(1000);
    peer.segment("A").seq(1).ack(1001).win(500).send();
    peer.expect("A").seq(1001).length(500);
    peer.segment("A").seq(1).ack(1501).win(499).send();
    peer.expectNothing();
    peer.expectAfter(200, "A").seq(1501).length(499);
  }

  @Test
  void theReceiverDoesNotOfferCrumbs() {
    connected();
    user.reading = false;
    for (int at = 0; at < 65_535; at += 1460) {
      peer.segment("A").seq(1 + at).ack(1).text(Math.min(1460, 65_535 - at), at).send();
    }
    host.runTo(host.now() + 50 * Host.MILLIS);
    peer.ignoreSent();
    var target = java.lang.foreign.MemorySegment.ofArray(new byte[1459]);
    host.inside(() -> connection.receive(target, 0, 1459));
    peer.segment("A").seq(65_536).ack(1).text("!").send();
    peer.expect("A").ack(65_536).win(0);
    host.inside(() -> connection.receive(target, 0, 1));
    peer.segment("A").seq(65_536).ack(1).text("!").send();
    peer.expect("A").ack(65_536).win(1460);
  }
}
