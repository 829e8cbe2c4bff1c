package org.penstock.core.internal.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.penstock.api.view.Counter;

/** RFC 8985 §6: loss found by time. */
class Rfc8985RackTest extends RecoveryScript {

  @Test
  void theReorderingTimerFindsWhatTooFewAcknowledgementsTell() {
    flying(2);
    pass(RTT);
    acknowledge(0, 1, 2);
    // A quarter of the least round-trip time.
    peer.expectAfter(5, "A").seq(1).text(MSS, 0);
    assertPhase(LossRecovery.Phase.FAST);
    pass(RTT);
    acknowledge(2);
    assertPhase(LossRecovery.Phase.OPEN);
    assertNoTimeout();
  }

  @Test
  void whatComesWithinTheWindowIsNotLost() {
    flying(2);
    pass(RTT);
    acknowledge(0, 1, 2);
    pass(4);
    acknowledge(2);
    peer.expectNothingFor(1000);
    assertThat(host.count(Counter.TCP_RETRANSMITTED)).isZero();
    assertThat(host.count(Counter.TCP_REORDERINGS)).isEqualTo(1);
  }

  @Test
  void onceReorderingWasSeenThreeAreNotEnough() {
    flying(30);
    pass(RTT);
    acknowledge(0, 1, 2);
    acknowledge(2);
    assertThat(recovery().rack().isReorderingSeen()).isTrue();
    peer.ignoreSent();
    acknowledge(2, 3, 10);
    assertPhase(LossRecovery.Phase.OPEN);
    peer.ignoreSent();
    peer.expectAfter(5, "A").seq(at(2));
  }

  @Test
  void aRetransmissionIsNoReordering() {
    flying(30);
    pass(RTT);
    acknowledge(0, 1, 4);
    pass(RTT);
    acknowledge(4);
    assertThat(recovery().rack().isReorderingSeen()).isFalse();
  }

  @Test
  void aLostRetransmissionIsFoundWithoutATimeout() {
    flying(30);
    pass(RTT);
    acknowledge(0, 1, 4);
    expectSegment(0);
    acknowledge(0, 1, 8);
    // The flight comes down to five segments; two new ones go.
    expectSegment(10);
    peer.ignoreSent();
    pass(RTT);
    // What was sent after the retransmission has arrived, the retransmission has not.
    acknowledge(0, 10, 11, 1, 8);
    expectSegment(0);
    assertThat(host.count(Counter.TCP_FAST_RETRANSMITS)).isEqualTo(1);
    assertNoTimeout();
  }

  @Test
  void theAnswerToTheFirstTransmissionSaysNothingOfTheSecond() {
    flying(30);
    pass(RTT);
    acknowledge(0, 1, 4);
    expectSegment(0);
    peer.ignoreSent();
    pass(1);
    // A millisecond after it was sent again: what was late was the original.
    acknowledge(1, 2, 4);
    // Had RACK.xmit_ts moved to the retransmission, all of 4 to 9 would be lost.
    assertThat(connection.sender().board().lost()).isZero();
  }

  @Test
  void duplicatesWidenTheWindowOnceARoundTrip() {
    flying(30);
    pass(RTT);
    peer.segment("A").seq(1).ack(at(1)).sack(at(0), at(1)).send();
    peer.segment("A").seq(1).ack(at(2)).sack(at(1), at(2)).send();
    assertThat(recovery().rack().multiplier()).isEqualTo(2);
    assertThat(host.count(Counter.TCP_DSACKS)).isEqualTo(2);
    peer.ignoreSent();
    pass(RTT);
    acknowledge(12);
    peer.segment("A").seq(1).ack(at(12)).sack(at(11), at(12)).send();
    assertThat(recovery().rack().multiplier()).isEqualTo(3);
  }

  @Test
  void sixteenRecoveriesWithoutADuplicateNarrowItAgain() {
    Rack rack = new Rack();
    rack.duplicate(1, 2);
    for (int i = 0; i < 15; i++) {
      rack.recovered();
    }
    assertThat(rack.multiplier()).isEqualTo(2);
    rack.recovered();
    assertThat(rack.multiplier()).isEqualTo(1);
  }

  @Test
  void theWindowIsAtMostASmoothedRoundTrip() {
    RttEstimator times = new RttEstimator(1);
    Rack rack = new Rack();
    assertThat(rack.reorderingWindow(false, 0, times)).isZero();
    times.sample(1_000);
    times.observe(1_000);
    assertThat(rack.reorderingWindow(false, 0, times)).isEqualTo(250);
    assertThat(rack.reorderingWindow(true, 0, times)).isZero();
    assertThat(rack.reorderingWindow(false, 3, times)).isZero();
    for (int i = 0; i < 1_000; i++) {
      rack.duplicate(i * 10 + 10, i * 10 + 20);
    }
    assertThat(rack.reorderingWindow(false, 0, times)).isEqualTo(1_000);
  }

  @Test
  void whatWasSentAtTheSameTimeIsOrderedBySequence() {
    Transmissions table = new Transmissions();
    Scoreboard board = new Scoreboard(table);
    Delivery delivery = new Delivery();
    Rack rack = new Rack();
    board.sent(1, 40, 10, 100);
    delivery.begin(200, 1, 1, 1);
    board.selectivelyAcknowledge(21, 31, delivery);
    rack.delivered(delivery);
    assertThat(rack.detectLoss(board, 0, 200)).isZero();
    // Before it, not behind.
    assertThat(board.lost()).isEqualTo(20);
    assertThat(board.isLost(board.first())).isTrue();
    assertThat(board.isLost(board.last())).isFalse();
  }

  @Test
  void roundTripsOfAMicrosecondDoNotStall() {
    // PITFALLS 15: a window of nothing, and acknowledgements in the same instant.
    connecting();
    peer.segment("SA").ack(1).mss(MSS).sackPermitted().send();
    peer.expect("A");
    for (int done = 0; done < 100; done += 2) {
      send(2 * MSS, done * MSS);
      assertThat(host.output.sent).as("segments sent after " + done).hasSize(2);
      peer.ignoreSent();
      host.runTo(host.now() + 1_000);
      acknowledge(done, done + 1, done + 2);
      host.runTo(host.now() + 1_000);
      expectSegment(done);
      acknowledge(done + 2);
      peer.expectNothing();
    }
    assertNoTimeout();
    assertThat(window()).isGreaterThanOrEqualTo(2 * MSS);
    assertThat(connection.sender().board().isEmpty()).isTrue();
  }

  @Test
  void theTimerIsOffWhenNothingIsInFlight() {
    flying(2);
    pass(RTT);
    acknowledge(0, 1, 2);
    assertThat(connection.timers().isArmed(ConnectionTimers.REORDERING)).isTrue();
    acknowledge(2);
    assertThat(connection.timers().isArmed(ConnectionTimers.REORDERING)).isFalse();
    assertThat(host.cell.timers().size()).isZero();
  }
}
