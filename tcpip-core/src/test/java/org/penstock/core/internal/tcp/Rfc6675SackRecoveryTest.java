package org.penstock.core.internal.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.penstock.api.view.Counter;

/** RFC 6675: loss recovery with selective acknowledgements; RFC 2018 §5; RFC 3042 with them. */
class Rfc6675SackRecoveryTest extends RecoveryScript {

  @Test
  void whatHasArrivedLeavesThePipeAndLimitedTransmitSendsNewSegments() {
    flying(30);
    pass(RTT);
    acknowledge(0, 1, 2);
    expectSegment(10);
    peer.expectNothing();
    acknowledge(0, 1, 3);
    expectSegment(11);
    peer.expectNothing();
    assertPhase(LossRecovery.Phase.OPEN);
    assertThat(inFlight()).isEqualTo(10 * MSS);
  }

  @Test
  void threeSegmentsBeyondAHoleSendItAgain() {
    flying(30);
    pass(RTT);
    acknowledge(0, 1, 4);
    expectSegment(0);
    peer.expectNothing();
    assertPhase(LossRecovery.Phase.FAST);
    assertThat(host.count(Counter.TCP_FAST_RETRANSMITS)).isEqualTo(1);
    assertThat(threshold()).isEqualTo(5 * MSS);
    assertThat(inFlight()).isEqualTo(7 * MSS);
  }

  @Test
  void onlyTheHolesAreSentAgain() {
    flying(30);
    pass(RTT);
    // Segments 0, 3 and 6 are missing; each acknowledgement lets half a segment go.
    acknowledge(0, 1, 3);
    peer.ignoreSent();
    acknowledge(0, 4, 6, 1, 3);
    expectSegment(0);
    acknowledge(0, 7, 10, 4, 6, 1, 3);
    expectSegment(3);
    pass(RTT);
    acknowledge(3, 7, 10, 4, 6);
    expectSegment(6);
    peer.ignoreSent();
    pass(RTT);
    acknowledge(6, 7, 10);
    peer.ignoreSent();
    pass(RTT);
    acknowledge(10);
    assertThat(host.count(Counter.TCP_RETRANSMITTED)).isEqualTo(3);
    assertThat(host.count(Counter.TCP_FAST_RETRANSMITS)).isEqualTo(1);
    assertNoTimeout();
  }

  @Test
  void recoveryEndsWhenAllIsAcknowledgedThatWasSentBefore() {
    flying(30);
    pass(RTT);
    acknowledge(0, 1, 4);
    peer.ignoreSent();
    pass(RTT);
    acknowledge(9);
    assertPhase(LossRecovery.Phase.FAST);
    acknowledge(10);
    assertPhase(LossRecovery.Phase.OPEN);
    assertThat(window()).isLessThanOrEqualTo(5 * MSS);
    assertThat(user.acknowledged).isEqualTo(10 * MSS);
  }

  @Test
  void oneReductionForAllThatWasInFlight() {
    flying(30);
    pass(RTT);
    acknowledge(0, 1, 4);
    acknowledge(0, 1, 5);
    acknowledge(4, 6, 10);
    assertThat(host.count(Counter.TCP_FAST_RETRANSMITS)).isEqualTo(1);
    assertThat(threshold()).isEqualTo(5 * MSS);
  }

  @Test
  void theEndOfTheFlightIsRescuedOnce() {
    flying(10);
    pass(RTT);
    // 0 and 8 and 9 were lost, and there is nothing new to send.
    acknowledge(0, 1, 4);
    expectSegment(0);
    acknowledge(0, 1, 7);
    peer.expect("PA").seq(at(9)).text(MSS, 9 * MSS);
    pass(1);
    acknowledge(0, 1, 8);
    peer.expectNothing();
    pass(RTT);
    acknowledge(8, 9, 10);
    // The rescue has arrived, so what was sent before it is lost.
    expectSegment(8);
    pass(RTT);
    acknowledge(10);
    assertThat(host.count(Counter.TCP_RETRANSMITTED)).isEqualTo(3);
    assertNoTimeout();
  }

  @Test
  void forgedBlocksAreIgnoredAndCounted() {
    flying(30);
    pass(RTT);
    // Above SND.NXT, the wrong way round, empty, and long gone.
    acknowledge(0, 5, 11);
    peer.segment("A").seq(1).ack(1).sack(at(4), at(3)).send();
    peer.segment("A").seq(1).ack(1).sack(at(3), at(3)).send();
    peer.segment("A").seq(1).ack(1).sack(at(2), at(2) - 0x4000_0000).send();
    assertThat(host.count(Counter.TCP_SACKS_IGNORED)).isEqualTo(4);
    assertThat(connection.sender().board().sacked()).isZero();
    peer.expectNothing();
    assertThat(inFlight()).isEqualTo(10 * MSS);
  }

  @Test
  void withoutPermissionBlocksMeanNothing() {
    connected();
    send(30 * MSS, 0);
    peer.ignoreSent();
    acknowledge(0, 1, 4);
    peer.ignoreSent();
    assertThat(connection.sender().board().sacked()).isZero();
    assertPhase(LossRecovery.Phase.OPEN);
  }

  @Test
  void anOvertakenAcknowledgementStillTells() {
    flying(30);
    pass(RTT);
    acknowledge(2);
    peer.ignoreSent();
    acknowledge(0, 3, 5);
    assertThat(connection.sender().board().sacked()).isEqualTo(2 * MSS);
    assertThat(host.count(Counter.TCP_SACKS_IGNORED)).isZero();
  }

  @Test
  void aHoleInASuperSegmentIsSentAgainAlone() {
    host.output.segmentation = 65_535;
    connectedSelectively();
    send(30 * MSS, 0);
    peer.expect("A").seq(1).length(10 * MSS).gso(MSS);
    pass(RTT);
    acknowledge(2, 3, 10);
    peer.expect("A").seq(at(2)).text(MSS, 2 * MSS).gso(0);
    assertThat(host.count(Counter.TCP_RETRANSMITTED)).isEqualTo(1);
    peer.ignoreSent();
    pass(RTT);
    acknowledge(10);
    assertPhase(LossRecovery.Phase.OPEN);
  }

  @Test
  void anIdleConnectionHoldsNoEntries() {
    flying(10);
    assertThat(connection.pcbs().transmissions().inUse()).isEqualTo(10);
    pass(RTT);
    acknowledge(10);
    assertThat(connection.pcbs().transmissions().inUse()).isZero();
    send(MSS, 0);
    host.inside(connection::abort);
    assertThat(connection.pcbs().transmissions().inUse()).isZero();
  }
}
