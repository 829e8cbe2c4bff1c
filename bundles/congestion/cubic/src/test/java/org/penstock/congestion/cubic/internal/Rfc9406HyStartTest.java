package org.penstock.congestion.cubic.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.penstock.testkit.congestion.CongestionBench.SEGMENT;

import org.junit.jupiter.api.Test;
import org.penstock.api.congestion.CongestionEvent;
import org.penstock.congestion.cubic.Cubic;
import org.penstock.testkit.congestion.CongestionBench;

/** RFC 9406: HyStart++. */
class Rfc9406HyStartTest {

  private static final long MILLISECOND = 1_000_000L;

  private final CongestionBench connection = new CongestionBench(new Cubic());

  @Test
  void slowStartDoublesTheWindowWhileTheRoundTripTimeStays() {
    for (int round = 1; round <= 8; round++) {
      connection.round();
      assertThat(connection.window()).isEqualTo((10L << round) * SEGMENT);
    }
    assertThat(connection.state().inSlowStart()).isTrue();
  }

  @Test
  void anAcknowledgementRaisesTheWindowByEightSegmentsAtMost() {
    // §4.2: L, without pacing.
    connection.acknowledge(10 * SEGMENT, 10 * SEGMENT, true, false, true);
    assertThat(connection.window()).isEqualTo(18 * SEGMENT);
  }

  @Test
  void whoPacesIsNotBoundByAcknowledgements() {
    connection.state().pacingRate(1_000_000);
    connection.acknowledge(10 * SEGMENT, 10 * SEGMENT, true, false, true);
    assertThat(connection.window()).isEqualTo(20 * SEGMENT);
  }

  @Test
  void aRiseByAnEighthSlowsGrowthToAQuarterAndEndsItAfterFiveRounds() {
    connection.rtt(80 * MILLISECOND);
    connection.round();
    connection.round();
    long before = connection.window();
    connection.rtt(90 * MILLISECOND);
    connection.round();
    // Of 40 segments, acknowledged two at a time, the first seven samples of the round grow it as
    // ever.
    assertThat(connection.window()).isEqualTo(before + 14 * SEGMENT + 26 * SEGMENT / 4);
    for (int round = 2; round <= 5; round++) {
      assertThat(connection.state().inSlowStart()).as("round " + round).isTrue();
      long window = connection.window();
      connection.round();
      assertThat(connection.window()).isBetween(window * 5 / 4 - SEGMENT, window * 5 / 4);
    }
    connection.acknowledge(2 * SEGMENT, connection.window(), true, false, true);
    assertThat(connection.state().inSlowStart()).isFalse();
    assertThat(connection.state().threshold()).isGreaterThan(2 * before);
  }

  @Test
  void aRiseBelowTheThresholdIsNone() {
    // §4.2: RttThresh is 4 ms at least, whatever an eighth is.
    connection.rtt(8 * MILLISECOND);
    connection.round();
    connection.round();
    connection.rtt(8 * MILLISECOND + 3_900_000);
    long window = connection.window();
    connection.round();
    assertThat(connection.window()).isEqualTo(2 * window);
  }

  @Test
  void aRiseOfSixteenMillisecondsIsOneOnAnyPath() {
    connection.rtt(400 * MILLISECOND);
    connection.round();
    connection.round();
    connection.rtt(416 * MILLISECOND);
    long window = connection.window();
    connection.round();
    assertThat(connection.window()).isLessThan(2 * window);
  }

  @Test
  void aJitterLetsSlowStartGoOn() {
    connection.rtt(80 * MILLISECOND);
    connection.round();
    connection.round();
    connection.rtt(95 * MILLISECOND);
    connection.round();
    connection.rtt(80 * MILLISECOND);
    connection.round();
    for (int round = 0; round < 6; round++) {
      long window = connection.window();
      connection.round();
      assertThat(connection.window()).isEqualTo(2 * window);
    }
  }

  @Test
  void fewerThanEightSamplesDecideNothing() {
    // §4.2: N_RTT_SAMPLE.
    connection.rtt(80 * MILLISECOND);
    connection.round();
    connection.round();
    connection.rtt(200 * MILLISECOND);
    for (int round = 0; round < 20; round++) {
      long window = connection.window();
      for (int i = 0; i < 7; i++) {
        connection.acknowledge(SEGMENT, window, true, false, i == 0);
      }
      assertThat(connection.window()).isEqualTo(window + 7 * SEGMENT);
    }
  }

  @Test
  void afterALossSlowStartEndsAtItsThresholdWhateverTheRoundTripTimeDoes() {
    // §4.3: for the first slow start only.
    for (int round = 0; round < 6; round++) {
      connection.round();
    }
    connection.event(CongestionEvent.TIMEOUT);
    long threshold = connection.state().threshold();
    for (int round = 0; connection.state().inSlowStart(); round++) {
      connection.rtt((20 + 10L * round) * MILLISECOND);
      connection.round();
    }
    assertThat(connection.state().threshold()).isEqualTo(threshold);
    assertThat(connection.window()).isGreaterThanOrEqualTo(threshold);
  }
}
