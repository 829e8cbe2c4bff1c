package org.penstock.core.internal.tcp;

import org.junit.jupiter.api.Test;
import org.penstock.core.api.StackBuilder;

/** RFC 2883: what has come twice is reported once, in front of all other blocks. */
class Rfc2883DuplicateSackTest extends TcpScript {

  @Override
  StackBuilder builder() {
    return new StackBuilder("test").buffers(1 << 20, 1 << 20);
  }

  private void connectedWithSack() {
    connecting();
    peer.segment("SA").ack(1).mss(MSS).scale(7).sackPermitted().send();
    peer.expect("A").seq(1).ack(1);
  }

  private Peer.Inject numbered(int number) {
    return peer.segment("A").seq(1 + 1000 * number).ack(1).text(1000, 1000 * number);
  }

  private void inOrder(int segments) {
    for (int i = 0; i < segments; i++) {
      numbered(i).deliver();
    }
    host.finish();
    peer.ignoreSent();
  }

  @Test
  void aSegmentThatWasAcknowledgedAlready() {
    connectedWithSack();
    inOrder(4);
    numbered(2).send();
    peer.expect("A").ack(4001).sack(2001, 3001);
    peer.expectNothing();
    // Once only.
    numbered(4).deliver();
    numbered(5).send();
    peer.expect("A").ack(6001).sack();
  }

  @Test
  void theFirstHalfOfASegment() {
    // §4.2.1: partial duplicates.
    connectedWithSack();
    inOrder(2);
    peer.segment("A").seq(1501).ack(1).text(1000, 1500).send();
    peer.expect("A").ack(2501).sack(1501, 2001);
  }

  @Test
  void beyondTheGapTheBlockItIsAPartOfFollows() {
    // §4.1.2.
    connectedWithSack();
    numbered(1).send();
    numbered(2).send();
    numbered(4).send();
    peer.ignoreSent();
    numbered(2).send();
    peer.expect("A").ack(1).sack(2001, 3001, 1001, 3001, 4001, 5001);
    numbered(6).send();
    peer.expect("A").ack(1).sack(6001, 7001, 1001, 3001, 4001, 5001);
  }

  @Test
  void twoDuplicatesOfOneOccupationTakeTwoReports() {
    connectedWithSack();
    inOrder(6);
    numbered(1).deliver();
    numbered(4).deliver();
    host.finish();
    peer.expect("A").ack(6001).sack(1001, 2001);
    peer.expect("A").ack(6001).sack(4001, 5001);
    peer.expectNothing();
  }

  @Test
  void neighboursOfOneOccupationAreOne() {
    connectedWithSack();
    inOrder(6);
    numbered(1).deliver();
    numbered(2).deliver();
    host.finish();
    peer.expect("A").ack(6001).sack(1001, 3001);
    peer.expectNothing();
  }

  @Test
  void aLongSegmentOverWhatWasThere() {
    connectedWithSack();
    numbered(1).send();
    peer.expect("A").sack(1001, 2001);
    peer.segment("A").seq(1).ack(1).text(3000, 0).send();
    peer.expect("A").ack(3001).sack(1001, 2001);
    numbered(4).send();
    peer.expect("A").ack(3001).sack(4001, 5001);
    peer.segment("A").seq(3501).ack(1).text(1000, 3500).send();
    peer.expect("A").ack(3001).sack(4001, 4501, 3501, 5001);
  }

  @Test
  void withoutSackNothingIsReported() {
    connected();
    inOrder(4);
    numbered(2).send();
    peer.expect("A").ack(4001).sack();
    peer.expectNothing();
  }

  @Test
  void aKeepAliveProbeAndAnOldSynAreNoDuplicates() {
    connectedWithSack();
    inOrder(4);
    peer.segment("A").seq(4000).ack(1).send();
    peer.expect("A").ack(4001).sack();
    peer.segment("S").seq(0).text(30, 0).send();
    host.runTo(host.now() + Host.SECOND);
    peer.ignoreSent();
    numbered(4).deliver();
    numbered(5).send();
    peer.expect("A").ack(6001).sack();
  }
}
