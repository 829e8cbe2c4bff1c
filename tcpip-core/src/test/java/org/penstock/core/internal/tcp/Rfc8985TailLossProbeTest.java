package org.penstock.core.internal.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.penstock.api.view.Counter;

/** RFC 8985 §7: the tail loss probe; §6.3: what a timeout takes for lost. */
class Rfc8985TailLossProbeTest extends RecoveryScript {

  @Test
  void twoRoundTripsWithoutAnAnswerSendTheLastSegmentAgain() {
    flying(10);
    // And what a peer's timers take.
    peer.expectAfter(2 * RTT + 10, "PA").seq(at(9)).text(MSS, 9 * MSS);
    assertThat(host.count(Counter.TCP_LOSS_PROBES)).isEqualTo(1);
    assertPhase(LossRecovery.Phase.OPEN);
    assertNoTimeout();
  }

  @Test
  void itsAnswerStartsRecoveryInsteadOfATimeout() {
    flying(10);
    peer.expectAfter(2 * RTT + 10, "PA").seq(at(9));
    pass(RTT);
    // Two were lost with the last one, and were sent long before the probe.
    acknowledge(7, 9, 10);
    expectSegment(7);
    assertPhase(LossRecovery.Phase.FAST);
    pass(RTT);
    peer.ignoreSent();
    acknowledge(10);
    assertPhase(LossRecovery.Phase.OPEN);
    assertNoTimeout();
  }

  @Test
  void newDataGoesFirst() {
    flying(30);
    peer.expectAfter(2 * RTT + 10, "A").seq(at(10)).text(MSS, 10 * MSS);
    assertThat(host.count(Counter.TCP_RETRANSMITTED)).isZero();
    pass(RTT);
    acknowledge(11);
    assertThat(host.count(Counter.TCP_FAST_RETRANSMITS)).isZero();
    assertThat(threshold()).isGreaterThan(1L << 40);
  }

  @Test
  void newDataDoesNotGoBeyondTheWindow() {
    connectedSelectively();
    peer.window = 2 * MSS;
    peer.segment("A").seq(1).ack(1).send();
    send(4 * MSS, 0);
    peer.expect("A").seq(at(0));
    peer.expect("A").seq(at(1));
    peer.expectNothing();
    peer.expectAfter(2 * RTT + 10, "A").seq(at(1));
  }

  @Test
  void ofASuperSegmentOnlyTheLastSegmentGoes() {
    host.output.segmentation = 65_535;
    connectedSelectively();
    send(8 * MSS, 0);
    peer.expect("PA").length(8 * MSS);
    peer.expectAfter(2 * RTT + 10, "PA").seq(at(7)).length(MSS);
  }

  @Test
  void aSingleSegmentWaitsForADelayedAcknowledgement() {
    flying(1);
    peer.expectNothingFor(100);
    // Never later than the timeout.
    peer.expectAfter(timeout() - 100, "PA").seq(1);
    assertThat(host.count(Counter.TCP_LOSS_PROBES)).isEqualTo(1);
    assertNoTimeout();
    peer.expectAfter(timeout(), "PA").seq(1);
    assertThat(host.count(Counter.TCP_TIMEOUTS)).isEqualTo(1);
  }

  @Test
  void thereIsOneProbeOnlyThenTheTimeout() {
    flying(10);
    peer.expectAfter(2 * RTT + 10, "PA").seq(at(9));
    peer.expectAfter(timeout(), "A").seq(at(0));
    assertThat(host.count(Counter.TCP_LOSS_PROBES)).isEqualTo(1);
    assertThat(host.count(Counter.TCP_TIMEOUTS)).isEqualTo(1);
  }

  @Test
  void aLossThatTheProbeRepairsReducesTheWindow() {
    flying(10);
    peer.expectAfter(2 * RTT + 10, "PA").seq(at(9));
    pass(RTT);
    acknowledge(10);
    assertThat(threshold()).isGreaterThan(1L << 40);
    send(MSS, 10 * MSS);
    peer.expect("PA").seq(at(10));
    pass(RTT);
    acknowledge(11);
    assertThat(threshold()).isLessThan(10 * MSS);
  }

  @Test
  void aProbeThatWasNeedlessReducesNothing() {
    flying(10);
    peer.expectAfter(2 * RTT + 10, "PA").seq(at(9));
    acknowledge(10);
    pass(RTT);
    acknowledge(10, 9, 10);
    send(MSS, 10 * MSS);
    peer.expect("PA").seq(at(10));
    pass(RTT);
    acknowledge(11);
    assertThat(threshold()).isGreaterThan(1L << 40);
    // And says nothing of reordering.
    assertThat(recovery().rack().multiplier()).isEqualTo(1);
  }

  @Test
  void withoutSackThereIsNone() {
    connected();
    send(10 * MSS, 0);
    peer.ignoreSent();
    peer.expectAfter(200, "A").seq(at(0));
    assertThat(host.count(Counter.TCP_LOSS_PROBES)).isZero();
  }

  @Test
  void noneWhereSomethingWasSelectivelyAcknowledged() {
    flying(10);
    pass(RTT);
    acknowledge(0, 1, 2);
    assertThat(connection.timers().isArmed(ConnectionTimers.PROBE)).isFalse();
  }

  @Test
  void everyAcknowledgementPutsItOff() {
    flying(10);
    for (int i = 1; i < 10; i++) {
      pass(RTT);
      acknowledge(i);
    }
    pass(RTT);
    peer.expectNothing();
    assertThat(host.count(Counter.TCP_LOSS_PROBES)).isZero();
  }

  @Test
  void aTimeoutTakesForLostTheFirstAndWhatIsOld() {
    flying(10);
    peer.expectAfter(2 * RTT + 10, "PA").seq(at(9));
    pass(195);
    // In time for the window, too late to be lost.
    acknowledge(1);
    peer.ignoreSent();
    long due = connection.timers().deadline(ConnectionTimers.RETRANSMIT);
    host.runTo(due - Host.MILLIS);
    send(MSS, 10 * MSS);
    peer.expect("PA").seq(at(10));
    peer.expectAfter(1, "A").seq(at(1));
    Scoreboard board = connection.sender().board();
    assertThat(board.isLost(board.last())).isFalse();
    assertThat(board.lost()).isEqualTo(8 * MSS);
  }

  @Test
  void afterATimeoutWhatHasArrivedIsNotSentAgain() {
    flying(10);
    pass(RTT);
    // Only the second segment has arrived; its acknowledgement is the last that comes.
    acknowledge(0, 5, 6);
    peer.expectAfter(5, "A").seq(at(0));
    peer.ignoreSent();
    host.runTo(host.now() + 3 * Host.SECOND);
    peer.ignoreSent();
    assertThat(host.count(Counter.TCP_TIMEOUTS)).isPositive();
    acknowledge(5, 5, 6);
    assertThat(connection.sender().board().isEmpty()).isFalse();
    acknowledge(6);
    int sent = 0;
    while (!host.output.sent.isEmpty()) {
      FakeOutput.Sent segment = host.output.sent.poll();
      assertThat(segment.header().sequence() - peer.theirIss).isNotEqualTo(at(5));
      sent++;
    }
    assertThat(sent).isPositive();
  }

  @Test
  void aPeerThatThrowsAwayWhatItHadGetsItAgain() {
    flying(10);
    pass(RTT);
    acknowledge(0, 1, 10);
    expectSegment(0);
    peer.ignoreSent();
    pass(RTT);
    // It has the first now, and nothing of the others any more.
    acknowledge(1);
    peer.expectAfter(timeout(), "A").seq(at(1));
    assertThat(host.count(Counter.TCP_RENEGED)).isEqualTo(1);
    assertThat(connection.sender().board().sacked()).isZero();
    for (int i = 2; i <= 10; i++) {
      pass(RTT);
      acknowledge(i);
    }
    assertThat(user.acknowledged).isEqualTo(10 * MSS);
    assertThat(host.count(Counter.TCP_TIMEOUTS)).isEqualTo(1);
  }
}
