package org.penstock.core.internal.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** RFC 9937 §6: how much goes out with each acknowledgement of a recovery. */
class Rfc9937ProportionalRateReductionTest extends RecoveryScript {

  private static final int SIZE = 1_000;

  private final ProportionalRateReduction reduction = new ProportionalRateReduction();

  @Test
  void halfOfWhatArrivesGoesOutWhileTheFlightIsAboveTheThreshold() {
    reduction.begin(10 * SIZE, 20 * SIZE);
    reduction.acknowledged(SIZE, 18 * SIZE, false, SIZE);
    assertThat(reduction.room()).as("the fast retransmit").isEqualTo(SIZE);
    reduction.sent(SIZE);
    int sent = 1;
    for (int i = 0; i < 10; i++) {
      reduction.acknowledged(SIZE, 17 * SIZE, false, SIZE);
      if (reduction.room() >= SIZE) {
        reduction.sent(SIZE);
        sent++;
      }
    }
    assertThat(sent).isEqualTo(5);
  }

  @Test
  void belowTheThresholdWhatArrivesGoesOutAndASafeOneMore() {
    reduction.begin(10 * SIZE, 20 * SIZE);
    reduction.acknowledged(2 * SIZE, 4 * SIZE, false, SIZE);
    assertThat(reduction.room()).isEqualTo(2 * SIZE);
    reduction.sent(2 * SIZE);
    reduction.acknowledged(SIZE, 5 * SIZE, true, SIZE);
    assertThat(reduction.room()).isEqualTo(2 * SIZE);
  }

  @Test
  void neverMoreThanUpToTheThreshold() {
    reduction.begin(10 * SIZE, 20 * SIZE);
    reduction.acknowledged(15 * SIZE, 9 * SIZE, true, SIZE);
    assertThat(reduction.room()).isEqualTo(SIZE);
  }

  @Test
  void whatTheApplicationDidNotSendMayGoLater() {
    reduction.begin(10 * SIZE, 20 * SIZE);
    reduction.acknowledged(SIZE, 19 * SIZE, false, SIZE);
    reduction.sent(SIZE);
    for (int i = 0; i < 7; i++) {
      reduction.acknowledged(SIZE, (18 - i) * SIZE, false, SIZE);
    }
    // Eight have arrived, half as many may go.
    assertThat(reduction.room()).isEqualTo(3 * SIZE);
  }

  @Test
  void anAcknowledgementThatDeliversNothingLetsNothingGo() {
    reduction.begin(10 * SIZE, 20 * SIZE);
    reduction.acknowledged(SIZE, 15 * SIZE, false, SIZE);
    reduction.sent(SIZE);
    for (int i = 0; i < 100; i++) {
      reduction.acknowledged(0, 15 * SIZE, true, SIZE);
    }
    assertThat(reduction.room()).isZero();
  }

  @Test
  void theFlightComesDownToTheThresholdAndStaysThere() {
    flying(30);
    pass(RTT);
    for (int arrived = 2; arrived <= 10; arrived++) {
      acknowledge(0, 1, arrived);
    }
    // Five is half of ten; what limited transmit sent is part of it.
    assertThat(threshold()).isEqualTo(6 * MSS);
    assertThat(inFlight()).isBetween(5L * MSS, 6L * MSS);
    pass(RTT);
    peer.ignoreSent();
    acknowledge(10);
    assertThat(inFlight()).isLessThanOrEqualTo(6 * MSS);
    acknowledge(12);
    assertPhase(LossRecovery.Phase.OPEN);
    assertThat(inFlight()).isLessThanOrEqualTo(6 * MSS);
  }
}
