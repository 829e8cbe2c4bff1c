package org.penstock.core.internal.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 6298 §2: the smoothed round-trip time follows its samples, however short they are. */
class RttEstimatorTest {

  private static final long MILLI = 1_000_000L;

  private final RttEstimator times = new RttEstimator(200 * MILLI);

  @Test
  void theFirstSampleIsTakenAsItIs() {
    times.sample(80 * MILLI);

    assertThat(times.smoothed()).isEqualTo(80 * MILLI);
  }

  @Test
  void aSampleMovesItByAnEighth() {
    times.sample(80 * MILLI);

    times.sample(160 * MILLI);

    assertThat(times.smoothed()).isEqualTo(90 * MILLI);
  }

  /** PITFALLS 14: gains in whole numbers of too coarse a unit never move it. */
  @ParameterizedTest
  @ValueSource(longs = {1_000, 30_000, 5 * MILLI, 400 * MILLI})
  void itComesToWhatTheSamplesAre(long rtt) {
    times.sample(3 * rtt);

    for (int i = 0; i < 60; i++) {
      times.sample(rtt);
    }

    assertThat(times.smoothed()).isCloseTo(rtt, within(rtt / 50));
  }

  @Test
  void theTimeoutShrinksWithTheVariation() {
    times.sample(100 * MILLI);
    times.sample(900 * MILLI);
    long excited = times.timeout();

    for (int i = 0; i < 60; i++) {
      times.sample(100 * MILLI);
    }

    assertThat(times.timeout()).isLessThan(excited / 2);
  }
}
