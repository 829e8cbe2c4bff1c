package org.penstock.core.internal.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.penstock.api.view.Counter;

/** RFC 5682: whether a timeout was spurious, with SACK (§3.1) and without (§2.1). */
class Rfc5682ForwardRtoTest extends RecoveryScript {

  /** Ten segments of thirty in flight, and a timeout. */
  private void timedOut(boolean selective) {
    if (selective) {
      connectedSelectively();
    } else {
      connecting();
      pass(RTT);
      peer.segment("SA").ack(1).mss(MSS).send();
      peer.expect("A");
    }
    send(30 * MSS, 0);
    while (host.count(Counter.TCP_TIMEOUTS) == 0) {
      peer.ignoreSent();
      host.runTo(host.nextDeadline());
    }
    peer.expect("A").seq(at(0));
    peer.expectNothing();
    assertPhase(LossRecovery.Phase.TIMEOUT);
  }

  @Test
  void withoutSackTwoAcknowledgementsOfWhatWasSentOnceTakeItBack() {
    timedOut(false);
    long before = 10 * MSS;
    acknowledge(1);
    // Two new ones, and nothing of what counts as lost.
    expectSegment(10);
    expectSegment(11);
    peer.expectNothing();
    acknowledge(2);
    assertPhase(LossRecovery.Phase.OPEN);
    assertThat(host.count(Counter.TCP_SPURIOUS)).isEqualTo(1);
    assertThat(host.count(Counter.TCP_RETRANSMITTED)).isEqualTo(1);
    assertThat(window()).isGreaterThanOrEqualTo(before);
    assertThat(connection.sender().board().lost()).isZero();
    while (!host.output.sent.isEmpty()) {
      int sequence = host.output.sent.poll().header().sequence() - peer.theirIss;
      assertThat(sequence).isGreaterThanOrEqualTo(at(12));
    }
  }

  @Test
  void withoutSackADuplicateMeansConventionalRecovery() {
    timedOut(false);
    acknowledge(0);
    peer.expectNothing();
    acknowledge(1);
    expectSegment(1);
    expectSegment(2);
    assertThat(host.count(Counter.TCP_SPURIOUS)).isZero();
  }

  @Test
  void aDuplicateOfTheNewSegmentsMeansThatTheRestWasLost() {
    timedOut(false);
    acknowledge(1);
    expectSegment(10);
    expectSegment(11);
    acknowledge(1);
    peer.ignoreSent();
    acknowledge(1);
    assertPhase(LossRecovery.Phase.TIMEOUT);
    acknowledge(2);
    assertThat(host.count(Counter.TCP_SPURIOUS)).isZero();
    assertThat(host.count(Counter.TCP_RETRANSMITTED)).isGreaterThan(1);
  }

  @Test
  void withSackWhatArrivesOfTheFlightTakesItBack() {
    timedOut(true);
    // The probe was segment 10, so the flight is eleven.
    acknowledge(1);
    expectSegment(11);
    expectSegment(12);
    peer.expectNothing();
    acknowledge(1, 2, 4);
    assertThat(host.count(Counter.TCP_SPURIOUS)).isEqualTo(1);
    assertThat(window()).isGreaterThan(5 * MSS);
  }

  @Test
  void withSackWhatArrivesOfTheNewOnesOnlyDoesNot() {
    timedOut(true);
    acknowledge(1);
    expectSegment(11);
    expectSegment(12);
    acknowledge(1, 11, 13);
    assertPhase(LossRecovery.Phase.TIMEOUT);
    assertThat(host.count(Counter.TCP_SPURIOUS)).isZero();
    peer.expect("A").seq(at(1));
  }

  @Test
  void withSackAReportInTheFirstStepIsNoEnd() {
    timedOut(true);
    acknowledge(0, 3, 4);
    acknowledge(1, 3, 4);
    expectSegment(11);
    assertThat(recovery().forward().isForward()).isTrue();
  }

  @Test
  void whereThereIsNothingNewRecoveryIsConventional() {
    connected();
    send(10 * MSS, 0);
    peer.ignoreSent();
    peer.expectAfter(200, "A").seq(at(0));
    acknowledge(1);
    expectSegment(1);
    expectSegment(2);
    acknowledge(2);
    assertThat(host.count(Counter.TCP_SPURIOUS)).isZero();
  }

  @Test
  void aSecondTimeoutOfTheSameIsNotAskedAbout() {
    timedOut(false);
    peer.expectAfter(timeout(), "A").seq(at(0));
    acknowledge(1);
    expectSegment(1);
  }
}
