package org.penstock.core.internal.congestion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.penstock.testkit.congestion.CongestionBench.SEGMENT;

import org.junit.jupiter.api.Test;
import org.penstock.api.congestion.CongestionControl;
import org.penstock.api.congestion.CongestionEvent;
import org.penstock.testkit.congestion.CongestionBench;
import org.penstock.testkit.congestion.CongestionControlContract;

/** RFC 5681, RFC 3465, RFC 6928: the built-in congestion control. */
class NewRenoTest extends CongestionControlContract {

  private final CongestionBench connection = new CongestionBench(new NewReno());

  @Override
  protected CongestionControl create() {
    return new NewReno();
  }

  @Test
  void theInitialWindowIsTenSegmentsButAboutFifteenThousandBytes() {
    assertThat(NewReno.initialWindow(1460)).isEqualTo(14_600);
    assertThat(NewReno.initialWindow(536)).isEqualTo(5_360);
    assertThat(NewReno.initialWindow(4000)).isEqualTo(14_600);
    assertThat(NewReno.initialWindow(9000)).isEqualTo(18_000);
  }

  @Test
  void slowStartDoublesTheWindowInARound() {
    connection.round();
    assertThat(connection.window()).isEqualTo(20 * SEGMENT);
    connection.round();
    assertThat(connection.window()).isEqualTo(40 * SEGMENT);
  }

  @Test
  void anAcknowledgementOfManySegmentsCountsAsMany() {
    connection.acknowledge(10 * SEGMENT, 10 * SEGMENT, true, false, true);
    assertThat(connection.window()).isEqualTo(20 * SEGMENT);
  }

  @Test
  void lossHalvesTheFlightSize() {
    connection.event(CongestionEvent.LOSS, 12 * SEGMENT);
    assertThat(connection.window()).isEqualTo(6 * SEGMENT);
    assertThat(connection.state().threshold()).isEqualTo(6 * SEGMENT);
  }

  @Test
  void theThresholdIsAtLeastTwoSegments() {
    connection.event(CongestionEvent.LOSS, 2 * SEGMENT);
    assertThat(connection.state().threshold()).isEqualTo(2 * SEGMENT);
  }

  @Test
  void congestionAvoidanceAddsASegmentARound() {
    connection.event(CongestionEvent.LOSS, 20 * SEGMENT);
    for (int window = 10; window < 30; window++) {
      assertThat(connection.window()).isEqualTo(window * SEGMENT);
      connection.round();
    }
  }

  @Test
  void slowStartEndsAtTheThreshold() {
    connection.state().threshold(15 * SEGMENT);
    connection.acknowledge(10 * SEGMENT, 10 * SEGMENT, true, false, true);
    assertThat(connection.window()).isEqualTo(15 * SEGMENT);
  }

  @Test
  void aTimeoutLeavesOneSegmentAndSlowStartByOneAnAcknowledgement() {
    connection.round();
    connection.event(CongestionEvent.TIMEOUT, 20 * SEGMENT);
    assertThat(connection.window()).isEqualTo(SEGMENT);
    assertThat(connection.state().threshold()).isEqualTo(10 * SEGMENT);
    // RFC 3465 §2.3: this may acknowledge what had arrived before.
    connection.acknowledge(15 * SEGMENT, 20 * SEGMENT, true, false, true);
    assertThat(connection.window()).isEqualTo(2 * SEGMENT);
  }

  @Test
  void aSecondTimeoutOfTheSameSegmentKeepsTheThreshold() {
    connection.event(CongestionEvent.TIMEOUT, 20 * SEGMENT);
    connection.event(CongestionEvent.TIMEOUT, SEGMENT);
    assertThat(connection.state().threshold()).isEqualTo(10 * SEGMENT);
  }

  @Test
  void whenRecoveredTheWindowLetsNoBurstGo() {
    // RFC 6582 §3.2 step 3 (1).
    connection.event(CongestionEvent.LOSS, 20 * SEGMENT);
    connection.event(CongestionEvent.RECOVERED, 3 * SEGMENT);
    assertThat(connection.window()).isEqualTo(4 * SEGMENT);
    assertThat(connection.state().threshold()).isEqualTo(10 * SEGMENT);
  }

  @Test
  void anIdleRestartReturnsToTheInitialWindow() {
    connection.round();
    connection.event(CongestionEvent.IDLE_RESTART, 0);
    assertThat(connection.window()).isEqualTo(14_600);
  }

  @Test
  void aNeedlessReductionIsTakenBack() {
    connection.round();
    connection.event(CongestionEvent.TIMEOUT, 20 * SEGMENT);
    connection.event(CongestionEvent.SPURIOUS);
    assertThat(connection.window()).isEqualTo(20 * SEGMENT);
    assertThat(connection.state().inSlowStart()).isTrue();
  }
}
