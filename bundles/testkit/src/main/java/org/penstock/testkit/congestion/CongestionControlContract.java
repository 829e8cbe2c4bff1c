package org.penstock.testkit.congestion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.penstock.testkit.congestion.CongestionBench.RTT;
import static org.penstock.testkit.congestion.CongestionBench.SEGMENT;

import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.penstock.api.congestion.AckSample;
import org.penstock.api.congestion.CongestionControl;
import org.penstock.api.congestion.CongestionEvent;
import org.penstock.api.congestion.CongestionState;

/**
 * What every congestion control keeps to, loss-based or model-based: extend it and give the
 * algorithm.
 */
public abstract class CongestionControlContract {

  private CongestionControl control;
  private CongestionBench bench;

  /** For subclasses. */
  protected CongestionControlContract() {}

  /** The algorithm under test. */
  protected abstract CongestionControl create();

  @BeforeEach
  void begin() {
    control = create();
    bench = new CongestionBench(control);
  }

  @Test
  void hasANameAndFitsIntoAPcb() {
    assertThat(control.name()).matches("[a-z][a-z0-9]*");
    assertThat(control.words()).isBetween(0, CongestionState.WORDS);
  }

  @Test
  void beginsWithAWindowThatLetsSomethingGo() {
    assertThat(bench.window()).isBetween((long) SEGMENT, 100L * SEGMENT);
  }

  @Test
  void growsWhileTheWindowIsUsedAndNothingIsLost() {
    long before = bench.window();
    for (int i = 0; i < 10; i++) {
      bench.round();
    }
    assertThat(bench.window()).isGreaterThanOrEqualTo(2 * before);
  }

  @Test
  void doesNotGrowWhileTheWindowIsNotUsed() {
    // RFC 7661 §4.2, RFC 9293 §3.8.2.
    bench.round();
    long before = bench.window();
    for (int i = 0; i < 1000; i++) {
      bench.acknowledge(100, 100, false, false, true);
      bench.sleep(RTT);
    }
    assertThat(bench.window()).isLessThanOrEqualTo(before);
  }

  @Test
  void lossDoesNotRaiseTheWindow() {
    grow();
    long before = bench.window();
    bench.event(CongestionEvent.LOSS);
    assertThat(bench.window()).isLessThanOrEqualTo(before);
  }

  @Test
  void doesNotGrowDuringRecovery() {
    // The core decides what is sent then.
    grow();
    bench.event(CongestionEvent.LOSS);
    long before = bench.window();
    for (int i = 0; i < 100; i++) {
      bench.acknowledge(SEGMENT, before, true, true, i % 20 == 0);
      bench.sleep(RTT / 20);
    }
    assertThat(bench.window()).isLessThanOrEqualTo(before);
    bench.event(CongestionEvent.RECOVERED);
    assertThat(bench.window()).isLessThanOrEqualTo(before);
  }

  @Test
  void growsAgainAfterRecovery() {
    grow();
    bench.event(CongestionEvent.LOSS);
    bench.event(CongestionEvent.RECOVERED);
    long before = bench.window();
    for (int i = 0; i < 500; i++) {
      bench.round();
    }
    assertThat(bench.window()).isGreaterThan(before);
  }

  @Test
  void aTimeoutLeavesASmallWindowThatGrowsAgain() {
    grow();
    bench.event(CongestionEvent.TIMEOUT);
    assertThat(bench.window()).isBetween((long) SEGMENT, 10L * SEGMENT);
    for (int i = 0; i < 200; i++) {
      bench.round();
    }
    assertThat(bench.window()).isGreaterThan(10L * SEGMENT);
  }

  @Test
  void lossAfterLossLeavesAtLeastASegment() {
    for (int i = 0; i < 100; i++) {
      bench.event(i % 3 == 0 ? CongestionEvent.TIMEOUT : CongestionEvent.LOSS);
      assertThat(bench.window()).isGreaterThanOrEqualTo(SEGMENT);
    }
  }

  @Test
  void aNeedlessReductionIsTakenBackWithoutHarm() {
    grow();
    long before = bench.window();
    bench.event(CongestionEvent.LOSS);
    long reduced = bench.window();
    bench.event(CongestionEvent.SPURIOUS);
    assertThat(bench.window()).isBetween(reduced, before);
    // Once only.
    bench.event(CongestionEvent.SPURIOUS);
    assertThat(bench.window()).isLessThanOrEqualTo(before);
  }

  @Test
  void anIdleRestartDoesNotRaiseTheWindow() {
    grow();
    long before = bench.window();
    bench.sleep(10_000_000_000L);
    bench.event(CongestionEvent.IDLE_RESTART, 0);
    assertThat(bench.window()).isBetween((long) SEGMENT, before);
  }

  @ParameterizedTest
  @EnumSource(CongestionEvent.class)
  void anyEventMayComeFirst(CongestionEvent event) {
    bench.event(event, 0);
    assertThat(bench.window()).isGreaterThanOrEqualTo(SEGMENT);
    bench.round();
  }

  @Test
  void takesOverAConnectionInMidLife() {
    CongestionState state = new CongestionState();
    state.segmentSize(SEGMENT);
    state.window(80L * SEGMENT);
    state.threshold(60L * SEGMENT);
    state.inFlight(70L * SEGMENT);
    state.smoothedRtt(RTT);
    state.minimumRtt(RTT);
    control.start(state, 5_000_000_000L);
    assertThat(state.window()).isBetween((long) SEGMENT, 160L * SEGMENT);
  }

  @Test
  void usesNoMoreWordsThanItNames() {
    Random random = new Random(1);
    for (int i = 0; i < 20_000; i++) {
      play(bench, random);
      for (int word = control.words(); word < CongestionState.WORDS; word++) {
        assertThat(bench.state().word(word)).as("word " + word).isZero();
      }
    }
  }

  @Test
  void remembersNothingOutsideOfThePcb() {
    // Two connections in turn go as each of them goes alone, on whatever instance.
    CongestionBench other = new CongestionBench(control);
    CongestionBench alone = new CongestionBench(create());
    Random random = new Random(2);
    Random same = new Random(2);
    Random another = new Random(3);
    for (int i = 0; i < 20_000; i++) {
      play(bench, random);
      play(other, another);
      play(alone, same);
      assertThat(bench.window()).isEqualTo(alone.window());
      assertThat(bench.state().threshold()).isEqualTo(alone.state().threshold());
      assertThat(bench.state().pacingRate()).isEqualTo(alone.state().pacingRate());
    }
  }

  @Test
  void staysSaneWhateverHappens() {
    Random random = new Random(4);
    for (int i = 0; i < 200_000; i++) {
      play(bench, random);
      assertThat(bench.window()).isGreaterThanOrEqualTo(bench.state().segmentSize());
      assertThat(bench.state().threshold()).isPositive();
      assertThat(bench.state().pacingRate()).isNotNegative();
    }
  }

  @Test
  void anEmptySampleDoesNothingBad() {
    long before = bench.window();
    control.acknowledged(bench.state(), new AckSample(), bench.now());
    assertThat(bench.window()).isBetween((long) SEGMENT, before);
  }

  private void grow() {
    for (int i = 0; i < 6; i++) {
      bench.round();
    }
  }

  private static void play(CongestionBench bench, Random random) {
    bench.sleep(random.nextInt(5_000_000));
    int choice = random.nextInt(200);
    CongestionEvent[] events = CongestionEvent.values();
    if (choice < events.length) {
      if (events[choice] == CongestionEvent.SEGMENT_SIZE_CHANGED) {
        bench.state().segmentSize(500 + random.nextInt(1000));
        bench.state().window(bench.state().window());
      }
      bench.event(events[choice], random.nextLong(bench.window() + 1));
    } else {
      long inFlight = 1 + random.nextLong(Math.min(bench.window(), 1L << 40));
      bench.acknowledge(
          1 + random.nextLong(inFlight),
          inFlight,
          random.nextInt(4) > 0,
          random.nextInt(10) == 0,
          random.nextInt(10) == 0);
    }
  }
}
