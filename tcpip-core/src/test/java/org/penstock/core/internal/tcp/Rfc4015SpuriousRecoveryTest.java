package org.penstock.core.internal.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.penstock.api.view.Counter;

/**
 * Recovery that was needless is taken back (RFC 4015): found by timestamps (RFC 3522) or by reports
 * of duplicates (RFC 2883 §5, RFC 3708).
 */
class Rfc4015SpuriousRecoveryTest extends RecoveryScript {

  /** With timestamps in each segment. */
  private static final int SHORTER = MSS - 12;

  private int clock;

  private void flyingWithTimestamps() {
    connecting();
    pass(RTT);
    peer.segment("SA").ack(1).mss(MSS).sackPermitted().stamps(1, 0).send();
    peer.expect("A");
    send(30 * MSS, 0);
    Peer.Expect first = peer.expect("A").seq(1).length(SHORTER);
    clock = first.stamps().value();
    peer.ignoreSent();
  }

  private void acknowledge(int upTo, int echo, int[] sack) {
    Peer.Inject ack = peer.segment("A").seq(1).ack(1 + upTo * SHORTER).stamps(2, echo);
    if (sack.length > 0) {
      ack.sack(1 + sack[0] * SHORTER, 1 + sack[1] * SHORTER);
    }
    ack.send();
  }

  private void recovering() {
    flyingWithTimestamps();
    pass(RTT);
    acknowledge(0, clock, new int[] {1, 4});
    peer.expect("A").seq(at(0));
    peer.ignoreSent();
    assertPhase(LossRecovery.Phase.FAST);
  }

  @Test
  void theEchoOfTheOriginalTakesItBack() {
    recovering();
    pass(5);
    acknowledge(4, clock, new int[0]);
    assertPhase(LossRecovery.Phase.OPEN);
    assertThat(host.count(Counter.TCP_SPURIOUS)).isEqualTo(1);
    assertThat(window()).isGreaterThanOrEqualTo(10 * SHORTER);
    assertThat(recovery().rack().isReorderingSeen()).isTrue();
  }

  @Test
  void theEchoOfTheRetransmissionDoesNot() {
    recovering();
    pass(RTT);
    acknowledge(4, clock + (int) RTT, new int[0]);
    assertPhase(LossRecovery.Phase.FAST);
    assertThat(host.count(Counter.TCP_SPURIOUS)).isZero();
  }

  @Test
  void aReportThatAllWasReceivedTwiceTakesItBackEvenLater() {
    flying(30);
    pass(RTT);
    acknowledge(0, 1, 4);
    expectSegment(0);
    peer.ignoreSent();
    pass(RTT);
    acknowledge(10);
    assertPhase(LossRecovery.Phase.OPEN);
    assertThat(window()).isLessThan(10 * MSS);
    acknowledge(10, 0, 1);
    assertThat(host.count(Counter.TCP_SPURIOUS)).isEqualTo(1);
    assertThat(window()).isGreaterThanOrEqualTo(10 * MSS);
    // Once.
    acknowledge(10, 0, 1);
    assertThat(host.count(Counter.TCP_SPURIOUS)).isEqualTo(1);
  }

  @Test
  void aReportOfAPartDoesNot() {
    flying(30);
    pass(RTT);
    acknowledge(0, 2, 6);
    peer.ignoreSent();
    acknowledge(0, 2, 10);
    peer.ignoreSent();
    assertThat(host.count(Counter.TCP_RETRANSMITTED)).isEqualTo(2);
    pass(RTT);
    acknowledge(10, 0, 1);
    assertThat(host.count(Counter.TCP_SPURIOUS)).isZero();
    acknowledge(10, 1, 2);
    assertThat(host.count(Counter.TCP_SPURIOUS)).isEqualTo(1);
  }

  @Test
  void aReportOfWhatWasNotSentAgainDoesNot() {
    flying(30);
    pass(RTT);
    acknowledge(0, 1, 4);
    peer.ignoreSent();
    pass(RTT);
    acknowledge(10, 5, 6);
    acknowledge(10, 6, 7);
    assertThat(host.count(Counter.TCP_DSACKS)).isEqualTo(2);
    assertThat(host.count(Counter.TCP_SPURIOUS)).isZero();
  }

  // ---- RFC 3708 §3: networks that duplicate ----

  /** Segments 0 and 5 were lost and sent again; all has arrived. */
  private void recoveredOfTwoLosses() {
    flying(30);
    pass(RTT);
    acknowledge(0, 1, 5, 6, 10);
    expectSegment(0);
    expectSegment(5);
    peer.ignoreSent();
    pass(RTT);
    acknowledge(10);
    assertPhase(LossRecovery.Phase.OPEN);
    assertThat(window()).isLessThan(10 * MSS);
  }

  private void assertNotTakenBack() {
    assertThat(host.count(Counter.TCP_SPURIOUS)).isZero();
    assertThat(window()).isLessThan(10 * MSS);
  }

  @Test
  void copiesThatTheNetworkMadeOfWhatWasSentOnceDoNot() {
    // As many bytes as were sent again, and between them, but others.
    recoveredOfTwoLosses();
    acknowledge(10, 2, 3);
    acknowledge(10, 3, 4);
    assertThat(host.count(Counter.TCP_DSACKS)).isEqualTo(2);
    assertNotTakenBack();
  }

  @Test
  void twoCopiesOfOneSegmentDoNot() {
    recoveredOfTwoLosses();
    acknowledge(10, 0, 1);
    acknowledge(10, 0, 1);
    assertNotTakenBack();
  }

  @Test
  void afterACopyThatTheNetworkMadeReportsAreNotBelieved() {
    recoveredOfTwoLosses();
    acknowledge(10, 2, 3);
    acknowledge(10, 0, 1);
    acknowledge(10, 5, 6);
    assertNotTakenBack();
  }

  @Test
  void reportsOfBothTakeItBackInAnyOrderAndInPieces() {
    recoveredOfTwoLosses();
    acknowledge(10, 5, 6);
    int middle = at(0) + MSS / 2;
    peer.segment("A").seq(1).ack(at(10)).sack(middle, at(1)).send();
    assertNotTakenBack();
    peer.segment("A").seq(1).ack(at(10)).sack(at(0), middle).send();
    assertThat(host.count(Counter.TCP_SPURIOUS)).isEqualTo(1);
    assertThat(window()).isGreaterThanOrEqualTo(10 * MSS);
  }

  @Test
  void aLateReportOfAnEarlierRecoverySaysNothingOfThisOne() {
    recoveredOfTwoLosses();
    peer.ignoreSent();
    int next = (connection.sender().next() - peer.theirIss - 1) / MSS;
    pass(RTT);
    acknowledge(10, 11, next);
    expectSegment(10);
    assertPhase(LossRecovery.Phase.FAST);
    // Of the recovery before.
    acknowledge(10, 0, 1, 11, next);
    peer.ignoreSent();
    pass(RTT);
    acknowledge(next);
    acknowledge(next, 10, 11);
    assertThat(host.count(Counter.TCP_SPURIOUS)).isEqualTo(1);
  }

  @Test
  void aReportOfTheSecondOfTwoTimeoutsAloneDoesNot() {
    // The original was lost, and it took so long for the first to arrive.
    flying(10);
    host.runTo(host.now() + Host.SECOND);
    assertThat(host.count(Counter.TCP_TIMEOUTS)).isEqualTo(2);
    peer.ignoreSent();
    acknowledge(1, 0, 1);
    assertThat(host.count(Counter.TCP_SPURIOUS)).isZero();
    assertPhase(LossRecovery.Phase.TIMEOUT);
  }
}
