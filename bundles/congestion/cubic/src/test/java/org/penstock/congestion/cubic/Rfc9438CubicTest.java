package org.penstock.congestion.cubic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.penstock.testkit.congestion.CongestionBench.SEGMENT;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.penstock.api.congestion.CongestionControl;
import org.penstock.api.congestion.CongestionEvent;
import org.penstock.testkit.congestion.CongestionBench;
import org.penstock.testkit.congestion.CongestionControlContract;

/** RFC 9438: CUBIC, rule by rule; the function itself has a test of its own. */
class Rfc9438CubicTest extends CongestionControlContract {

  private static final double SECOND = 1e9;
  private static final long RTT = 100_000_000L;

  private final CongestionBench connection = new CongestionBench(new Cubic());

  @Override
  protected CongestionControl create() {
    return new Cubic();
  }

  /** Out of the first slow start, with a window of so many segments and no history. */
  private void at(int segments) {
    connection.rtt(RTT);
    connection.state().window((long) segments * SEGMENT);
    connection.state().threshold((long) segments * SEGMENT);
  }

  private double segments() {
    return (double) connection.window() / SEGMENT;
  }

  private void rounds(double seconds) {
    long end = connection.now() + (long) (seconds * SECOND);
    while (connection.now() < end) {
      connection.round();
    }
  }

  // ---- §4.6, §4.7: reductions ----

  @Test
  void lossLeavesSevenTenthsOfTheFlight() {
    at(100);
    connection.event(CongestionEvent.LOSS, 90L * SEGMENT);
    assertThat(connection.window()).isEqualTo(63L * SEGMENT);
    assertThat(connection.state().threshold()).isEqualTo(63L * SEGMENT);
  }

  @Test
  void lossLeavesTwoSegmentsAtLeastAndAMarkOne() {
    at(4);
    connection.event(CongestionEvent.LOSS, SEGMENT);
    assertThat(connection.window()).isEqualTo(2L * SEGMENT);
    connection.event(CongestionEvent.ECN_ECHO, SEGMENT);
    assertThat(connection.window()).isEqualTo(SEGMENT);
    assertThat(connection.state().threshold()).isEqualTo(2L * SEGMENT);
  }

  @Test
  void aMarkReducesAsALossDoes() {
    at(100);
    connection.event(CongestionEvent.ECN_ECHO);
    assertThat(connection.window()).isEqualTo(70L * SEGMENT);
  }

  @Test
  void whoCantGetAsFarAsLastTimeMakesRoom() {
    // §4.7: W_max becomes 0.85 of the window instead of the window.
    at(1000);
    connection.event(CongestionEvent.LOSS);
    connection.event(CongestionEvent.RECOVERED);
    rounds(1);
    double window = segments();
    assertThat(window).isLessThan(950);
    connection.event(CongestionEvent.LOSS);
    connection.event(CongestionEvent.RECOVERED);
    rounds(Math.cbrt(0.15 * window / 0.4));
    assertThat(segments()).isCloseTo(0.85 * window, within(2.0));
  }

  // ---- §4.2, §4.4, §4.5: the function ----

  @ParameterizedTest
  @ValueSource(doubles = {0.5, 1, 2, 4, 8, 9.0856, 10, 14, 18})
  void theWindowFollowsTheFunctionOfTime(double seconds) {
    at(1000);
    connection.event(CongestionEvent.LOSS);
    connection.event(CongestionEvent.RECOVERED);
    long begin = connection.now();
    rounds(seconds);
    // K = cbrt(300 / 0.4).
    double time = (connection.now() - begin) / SECOND;
    double expected = 1000 + 0.4 * Math.pow(time - 9.0856, 3);
    assertThat(segments()).isCloseTo(expected, within(1.5));
  }

  @Test
  void inARoundTripTheWindowGrowsByHalfAtMost() {
    // §4.2: target is at most 1.5 * cwnd; with it comes a factor of e^0.5 a round.
    at(10);
    connection.event(CongestionEvent.TIMEOUT);
    connection.state().window(10L * SEGMENT);
    connection.state().threshold(10L * SEGMENT);
    connection.rtt(20_000_000_000L);
    for (int i = 0; i < 10; i++) {
      double before = segments();
      connection.round();
      assertThat(segments()).isBetween(before, before * 1.65);
    }
  }

  @Test
  void theEpochStandsStillWhileTheWindowIsNotUsed() {
    // §4.2, §5.8: what was not used is not caught up with.
    at(1000);
    connection.event(CongestionEvent.LOSS);
    connection.event(CongestionEvent.RECOVERED);
    rounds(4);
    double window = segments();
    for (int i = 0; i < 600; i++) {
      connection.acknowledge(SEGMENT, SEGMENT, false, false, true);
      connection.sleep(RTT);
    }
    assertThat(segments()).isEqualTo(window);
    rounds(1);
    assertThat(segments()).isCloseTo(1000 + 0.4 * Math.pow(5 - 9.0856, 3), within(6.0));
  }

  // ---- §4.3: the Reno-friendly region ----

  @Test
  void onAShortPathItGrowsAsRenoWould() {
    connection.rtt(1_000_000);
    at(20);
    connection.rtt(1_000_000);
    connection.event(CongestionEvent.LOSS);
    connection.event(CongestionEvent.RECOVERED);
    // From 14 by 9/17 of a segment a round, until it is where it was; the function of time alone
    // would take 2.5 s.
    for (int i = 0; i < 11; i++) {
      connection.round();
    }
    assertThat(segments()).isCloseTo(14 + 11 * 9.0 / 17, within(0.5));
    while (segments() < 20.5) {
      connection.round();
    }
    double before = segments();
    for (int i = 0; i < 10; i++) {
      connection.round();
    }
    assertThat(segments()).as("alpha is 1 beyond cwnd_prior").isCloseTo(before + 10, within(0.5));
  }

  // ---- §4.8: timeout ----

  @Test
  void aTimeoutLeavesASegmentThenSlowStartThenTheConvexHalf() {
    at(100);
    connection.event(CongestionEvent.TIMEOUT);
    assertThat(connection.window()).isEqualTo(SEGMENT);
    assertThat(connection.state().threshold()).isEqualTo(70L * SEGMENT);
    while (connection.state().inSlowStart()) {
      connection.round();
    }
    double window = segments();
    connection.rtt(500_000_000L);
    rounds(10);
    // Reno would be at 70 + 20 * 9/17.
    assertThat(segments()).isCloseTo(window + 0.4 * 1000, within(100.0));
  }

  @Test
  void aSecondTimeoutOfTheSameSegmentKeepsTheThreshold() {
    at(100);
    connection.event(CongestionEvent.TIMEOUT);
    connection.event(CongestionEvent.TIMEOUT, SEGMENT);
    assertThat(connection.state().threshold()).isEqualTo(70L * SEGMENT);
  }

  @Test
  void afterATimeoutAnAcknowledgementCountsForOneSegment() {
    at(100);
    connection.event(CongestionEvent.TIMEOUT);
    connection.acknowledge(50L * SEGMENT, 100L * SEGMENT, true, false, true);
    assertThat(connection.window()).isEqualTo(2L * SEGMENT);
  }

  // ---- §4.9: spurious ----

  @ParameterizedTest
  @ValueSource(strings = {"LOSS", "TIMEOUT"})
  void aNeedlessReductionLeavesNoTrace(String event) {
    CongestionBench undisturbed = new CongestionBench(new Cubic());
    for (CongestionBench each : new CongestionBench[] {connection, undisturbed}) {
      each.rtt(RTT);
      each.state().window(1000L * SEGMENT);
      each.event(CongestionEvent.LOSS);
      each.event(CongestionEvent.RECOVERED);
      for (int i = 0; i < 20; i++) {
        each.round();
      }
    }
    connection.event(CongestionEvent.valueOf(event));
    assertThat(connection.window()).isLessThan(undisturbed.window());
    connection.event(CongestionEvent.SPURIOUS);
    for (int i = 0; i < 100; i++) {
      assertThat(connection.window()).isEqualTo(undisturbed.window());
      assertThat(connection.state().threshold()).isEqualTo(undisturbed.state().threshold());
      connection.round();
      undisturbed.round();
    }
  }

  @Test
  void aNeedlessReductionInTheFirstSlowStartLetsItGoOn() {
    connection.round();
    connection.event(CongestionEvent.TIMEOUT);
    connection.event(CongestionEvent.SPURIOUS);
    assertThat(connection.window()).isEqualTo(20L * SEGMENT);
    connection.round();
    assertThat(connection.window()).isEqualTo(40L * SEGMENT);
  }

  @Test
  void aMarkIsNotTakenBack() {
    at(100);
    connection.event(CongestionEvent.LOSS);
    connection.event(CongestionEvent.RECOVERED);
    connection.event(CongestionEvent.ECN_ECHO);
    long window = connection.window();
    connection.event(CongestionEvent.SPURIOUS);
    assertThat(connection.window()).isEqualTo(window);
  }

  // ---- the rest ----

  @Test
  void anIdleRestartReturnsToTheInitialWindowAndSlowStart() {
    at(100);
    connection.event(CongestionEvent.IDLE_RESTART, 0);
    assertThat(connection.window()).isEqualTo(14_600);
    assertThat(connection.state().inSlowStart()).isTrue();
  }

  @Test
  void whatItTakesOverItKeeps() {
    connection.state().clearWords();
    connection.state().window(33L * SEGMENT);
    connection.state().threshold(22L * SEGMENT);
    new Cubic().start(connection.state(), connection.now());
    assertThat(connection.window()).isEqualTo(33L * SEGMENT);
    assertThat(connection.state().threshold()).isEqualTo(22L * SEGMENT);
  }
}
