package org.penstock.congestion.cubic.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 9438 §4.2: the whole-number function against the formulas in floating point. */
class CubicFunctionTest {

  private static final double C = 0.4;
  private static final double SECOND = 1e9;

  @ParameterizedTest
  @CsvSource({
    // Segments of 1000 bytes: 1000 + 0.4 * (t - K)^3, reckoned by hand.
    "0,     5, 1000,  950000",
    "2.5,   5, 1000,  993750",
    "5,     5, 1000, 1000000",
    "6,     5, 1000, 1000400",
    "10,    5, 1000, 1050000",
    "25,    5, 1000, 4200000",
  })
  void theFunctionOfTime(double time, double plateauAfter, int segments, long expected) {
    long window =
        CubicFunction.window(
            (long) (time * SECOND), (long) (plateauAfter * SECOND), segments * 1000L, 1000);
    assertThat(window).isCloseTo(expected, within(1L));
  }

  @Test
  void theFunctionIsExactToAFiftiethOfASegment() {
    Random random = new Random(1);
    for (int i = 0; i < 100_000; i++) {
      int segment = 48 + random.nextInt(9000);
      double distance = random.nextDouble(-128, 128) * Math.pow(random.nextDouble(), 3);
      long plateauAfter = random.nextLong(128_000_000_000L);
      long time = plateauAfter + (long) (distance * SECOND);
      double expected = (1 << 30) + C * segment * Math.pow(distance, 3);
      assertThat(CubicFunction.window(time, plateauAfter, 1 << 30, segment))
          .isCloseTo((long) expected, within(2L + segment / 50));
    }
  }

  @Test
  void theTimeToThePlateauIsTheCubeRoot() {
    Random random = new Random(2);
    for (int i = 0; i < 100_000; i++) {
      int segment = 48 + random.nextInt(9000);
      long difference = (long) (random.nextLong(1 << 30) * Math.pow(random.nextDouble(), 3));
      double expected = Math.min(128, Math.cbrt(difference / (C * segment)));
      assertThat(CubicFunction.plateauAfter(difference, segment) / SECOND)
          .isCloseTo(expected, within(1.0 / 2048));
    }
  }

  @Test
  void theFunctionBeginsAtTheWindowThatThePlateauWasReckonedFrom() {
    long plateauAfter = CubicFunction.plateauAfter(300 * 1460, 1460);
    assertThat(CubicFunction.window(0, plateauAfter, 1000 * 1460, 1460))
        .isCloseTo(700 * 1460, within(1460L / 10));
  }

  @Test
  void farFromThePlateauItStaysThere() {
    long most = CubicFunction.window(Long.MAX_VALUE / 2, 0, 0, 1460);
    assertThat(most).isEqualTo(CubicFunction.window(128_000_000_000L, 0, 0, 1460)).isPositive();
    assertThat(CubicFunction.window(0, 500_000_000_000L, 0, 1460)).isEqualTo(-most);
    assertThat(CubicFunction.plateauAfter(Long.MAX_VALUE, 1460)).isEqualTo(128_000_000_000L);
    assertThat(CubicFunction.plateauAfter(0, 1460)).isZero();
  }

  @Test
  void cubeRootsAreWhole() {
    for (long root = 0; root < 2_000_000; root += 997) {
      long cube = root * root * root;
      assertThat(CubicFunction.cubeRoot(cube)).isEqualTo(root);
      assertThat(CubicFunction.cubeRoot(cube + 3 * root * root)).isEqualTo(root);
    }
  }
}
