package org.penstock.core.internal.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SequenceNumberTest {
  @Test
  void comparesAcrossTheWrap() {
    int last = -1;
    assertThat(SequenceNumber.lessThan(last, 0)).isTrue();
    assertThat(SequenceNumber.lessThan(0, last)).isFalse();
    assertThat(SequenceNumber.greaterThan(5, -5)).isTrue();
    assertThat(SequenceNumber.lessOrEqual(last, last)).isTrue();
    assertThat(SequenceNumber.greaterOrEqual(last, last)).isTrue();
    assertThat(SequenceNumber.lessThan(last, last)).isFalse();
    assertThat(SequenceNumber.lessThan(0x7fff_ffff, 0x8000_0000)).isTrue();
    assertThat(SequenceNumber.difference(3, -2)).isEqualTo(5);
    assertThat(SequenceNumber.difference(-2, 3)).isEqualTo(-5);
    assertThat(SequenceNumber.add(-2, 5)).isEqualTo(3);
    assertThat(SequenceNumber.max(-3, 2)).isEqualTo(2);
    assertThat(SequenceNumber.min(-3, 2)).isEqualTo(-3);
    assertThat(SequenceNumber.toString(-1)).isEqualTo("4294967295");
  }

  @Test
  void agreesWithWalkingForward() {
    SplittableRandom random = new SplittableRandom(4);
    for (int i = 0; i < 20_000; i++) {
      int from = random.nextInt();
      int steps = random.nextInt(1, Integer.MAX_VALUE);
      int to = from + steps;
      assertThat(SequenceNumber.lessThan(from, to)).isTrue();
      assertThat(SequenceNumber.lessOrEqual(from, to)).isTrue();
      assertThat(SequenceNumber.greaterThan(to, from)).isTrue();
      assertThat(SequenceNumber.greaterOrEqual(to, from)).isTrue();
      assertThat(SequenceNumber.greaterThan(from, to)).isFalse();
      assertThat(SequenceNumber.difference(to, from)).isEqualTo(steps);
      assertThat(SequenceNumber.max(from, to)).isEqualTo(to);
      assertThat(SequenceNumber.min(to, from)).isEqualTo(from);
    }
  }

  @Test
  void knowsWhatLiesBetween() {
    assertThat(SequenceNumber.between(-2, -2, 3)).isTrue();
    assertThat(SequenceNumber.between(-2, 0, 3)).isTrue();
    assertThat(SequenceNumber.between(-2, 3, 3)).isTrue();
    assertThat(SequenceNumber.between(-2, 4, 3)).isFalse();
    assertThat(SequenceNumber.between(-2, -3, 3)).isFalse();
    assertThat(SequenceNumber.between(7, 7, 7)).isTrue();
    assertThat(SequenceNumber.between(7, 8, 7)).isFalse();
  }

  @Test
  void knowsWhatLiesInAWindow() {
    assertThat(SequenceNumber.inWindow(-1, -1, 2)).isTrue();
    assertThat(SequenceNumber.inWindow(0, -1, 2)).isTrue();
    assertThat(SequenceNumber.inWindow(1, -1, 2)).isFalse();
    assertThat(SequenceNumber.inWindow(-2, -1, 2)).isFalse();
    assertThat(SequenceNumber.inWindow(-1, -1, 0)).isFalse();
  }
}
