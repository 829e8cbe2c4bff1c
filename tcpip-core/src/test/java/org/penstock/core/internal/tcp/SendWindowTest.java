package org.penstock.core.internal.tcp;

import org.junit.jupiter.api.Test;

/**
 * A window that opens without acknowledging anything new lets waiting data go at once; it used to
 * wait for the persist timer (lwIP 50837, smoltcp 199).
 */
class SendWindowTest extends TcpScript {

  @Test
  void dataThatWaitedForTheWindowGoesWithTheUpdate() {
    accepted();
    peer.segment("A").seq(1).ack(1).win(4).send();
    send("datamore");
    peer.expectAfter(200, "A").seq(1).text("data");
    peer.segment("A").seq(1).ack(5).win(0).send();
    peer.expectNothing();
    peer.segment("A").seq(1).ack(5).win(1000).send();
    peer.expect("PA").seq(5).text("more");
  }

  @Test
  void anOldSegmentDoesNotOpenTheWindow() {
    accepted();
    peer.segment("A").seq(1).ack(1).win(0).send();
    peer.segment("PA").seq(1).ack(1).win(0).text("x").send();
    send("data");
    peer.ignoreSent();
    // RFC 9293 §3.10.7.4: its sequence number is below that of the last update.
    peer.segment("A").seq(1).ack(1).win(1000).send();
    peer.ignoreSent();
    peer.expectNothing();
  }

  @Test
  void aWindowCountsFromTheAcknowledgementThatItCameWith() {
    connected();
    send(3000, 0);
    peer.ignoreSent();
    // Out of order: what was sent last comes first, and names the window of its time.
    peer.segment("A").seq(501).ack(1).win(3000).text(500, 500).send();
    peer.segment("A").seq(1).ack(1461).win(1540).text(500, 0).send();
    peer.ignoreSent();
    send(9000, 3000);
    // The peer takes up to 3001, as it always did; not to 1461 + 3000.
    peer.expectNothing();
  }
}
