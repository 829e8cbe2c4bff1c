package org.penstock.congestion.cubic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.penstock.testkit.congestion.CongestionBench.SEGMENT;

import org.assertj.core.data.Percentage;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.penstock.api.congestion.CongestionEvent;
import org.penstock.congestion.cubic.internal.Words;
import org.penstock.testkit.congestion.CongestionBench;

/**
 * RFC 9438 §5.1: the average window where one packet of so many is lost, as the RFC's formula has
 * it. Each loss is noticed at once: the RFC's own model.
 */
class Rfc9438ResponseTest {

  private static final int CYCLES = 10;

  /** A window where it is reduced, as a multiple of the average: 4 / (3 + beta). */
  private static final double PEAK = 4 / 3.7;

  @ParameterizedTest
  @CsvSource({
    // Round-trip time in seconds, packets a loss, and the average window of the RFC's tables.
    "0.1,    10000,  187",
    "0.1,   100000, 1054",
    "0.1,  1000000, 5926",
    "0.04, 1000000, 2981",
  })
  void theAverageWindowIsThatOfTheResponseFunction(double seconds, int packets, double expected) {
    assertThat(1.054 * Math.pow(seconds * packets, 0.75))
        .isCloseTo(expected, Percentage.withPercentage(1));
    // The way to this equilibrium is long, as around the plateau the window hardly depends on when
    // the loss comes: it has to begin there, and stay.
    assertThat(average(seconds, packets, expected * PEAK))
        .isCloseTo(expected, Percentage.withPercentage(3));
  }

  @ParameterizedTest
  @CsvSource({"0.001, 10000", "0.01, 1000", "0.01, 200"})
  void onAShortPathItIsRenos(double seconds, int packets) {
    // Reno's is 1.2 / sqrt(p).
    assertThat(average(seconds, packets, 10))
        .isCloseTo(1.2 * Math.sqrt(packets), Percentage.withPercentage(10));
  }

  private static double average(double seconds, int packets, double begin) {
    CongestionBench connection = new CongestionBench(new Cubic());
    long rtt = (long) (seconds * 1e9);
    connection.rtt(rtt);
    connection.state().window((long) (begin * SEGMENT));
    double area = 0;
    long from = 0;
    for (int cycle = 0; cycle < CYCLES; cycle++) {
      // The model has no fast convergence, which would set in by the last bit of a window.
      connection.state().word(Words.MAXIMUM, connection.window());
      connection.event(CongestionEvent.LOSS);
      connection.event(CongestionEvent.RECOVERED);
      if (cycle == CYCLES / 2) {
        from = connection.now();
        area = 0;
      }
      for (int packet = 0; packet < packets; packet++) {
        long window = connection.window();
        connection.acknowledge(SEGMENT, window, true, false, false);
        long step = rtt * SEGMENT / window;
        connection.sleep(step);
        area += (double) step * window / SEGMENT;
      }
    }
    return area / (connection.now() - from);
  }
}
