package org.penstock.core.internal.timer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimerWheelTest {
  private static final long MILLISECOND = 1_000_000;
  private static final long SECOND = 1000 * MILLISECOND;
  private static final long DAY = 86_400 * SECOND;

  private final TimerWheel wheel = new TimerWheel(0);
  private final List<Probe> ran = new ArrayList<>();

  private class Probe extends Timer {
    long ranAt = -1;
    Runnable then = () -> {};

    @Override
    protected void expire(long now) {
      assertThat(isArmed()).isFalse();
      assertThat(deadline()).isEqualTo(TimerWheel.NEVER);
      ranAt = now;
      ran.add(this);
      then.run();
    }
  }

  private Probe at(long deadline) {
    Probe probe = new Probe();
    wheel.schedule(probe, deadline);
    return probe;
  }

  @Test
  void knowsNothingAtFirst() {
    assertThat(wheel.nextDeadline()).isEqualTo(TimerWheel.NEVER);
    assertThat(wheel.advance(DAY, 100)).isZero();
    assertThat(wheel.size()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      longs = {
        0,
        1,
        999,
        MILLISECOND,
        200 * MILLISECOND,
        SECOND + 1,
        75 * SECOND,
        7200 * SECOND,
        4_294_967_296L * MILLISECOND - 1,
        4_294_967_296L * MILLISECOND,
        4_294_967_296L * MILLISECOND + 1,
        100 * DAY,
        36_500 * DAY,
        Long.MAX_VALUE - 1
      })
  void runsAtItsDeadlineNeitherBeforeNorAfter(long deadline) {
    Probe probe = at(deadline);
    assertThat(probe.isArmed()).isTrue();
    assertThat(probe.deadline()).isEqualTo(deadline);
    assertThat(wheel.nextDeadline()).isEqualTo(deadline);
    wheel.advance(deadline - 1, 100);
    assertThat(ran).isEmpty();
    assertThat(wheel.nextDeadline()).isEqualTo(deadline);
    wheel.advance(deadline, 100);
    assertThat(ran).containsExactly(probe);
    assertThat(probe.ranAt).isEqualTo(deadline);
    assertThat(wheel.nextDeadline()).isEqualTo(TimerWheel.NEVER);
    assertThat(wheel.size()).isZero();
  }

  @Test
  void runsPastTheWrapOfAMillisecondClock() {
    // 2^32 ms are 49.7 days.
    long now = 49 * DAY;
    wheel.advance(now, 100);
    List<Probe> expected = new ArrayList<>();
    for (int hours = 1; hours <= 48; hours++) {
      expected.add(at(now + hours * DAY / 24));
    }
    for (Probe probe : expected) {
      assertThat(wheel.nextDeadline()).isEqualTo(probe.deadline());
      wheel.advance(wheel.nextDeadline(), 100);
    }
    assertThat(ran).isEqualTo(expected);
  }

  @Test
  void takesTimesOfAnyOrigin() {
    long start = Long.MIN_VALUE + 5;
    TimerWheel early = new TimerWheel(start);
    Probe first = new Probe();
    Probe second = new Probe();
    early.schedule(first, -1);
    early.schedule(second, 1);
    early.advance(-2, 100);
    assertThat(ran).isEmpty();
    assertThat(early.nextDeadline()).isEqualTo(-1);
    early.advance(0, 100);
    assertThat(ran).containsExactly(first);
    assertThat(early.nextDeadline()).isEqualTo(1);
    early.advance(1, 100);
    assertThat(ran).containsExactly(first, second);
  }

  @Test
  void runsWhatIsOverdueAtOnce() {
    wheel.advance(10 * SECOND, 100);
    Probe probe = at(SECOND);
    assertThat(wheel.nextDeadline()).isEqualTo(SECOND);
    wheel.advance(10 * SECOND, 100);
    assertThat(ran).containsExactly(probe);
  }

  @Test
  void runsInOrderOfDeadlines() {
    long[] deadlines = {7 * SECOND, 5, 3 * DAY, 4, SECOND + 2, SECOND + 1, 300 * MILLISECOND, 1};
    for (long deadline : deadlines) {
      at(deadline);
    }
    List<Long> order = new ArrayList<>();
    for (int i = 0; i < deadlines.length; i++) {
      long due = wheel.nextDeadline();
      order.add(due);
      wheel.advance(due, 100);
      assertThat(ran).hasSize(i + 1);
    }
    assertThat(order).isSorted();
    ran.clear();
    List<Probe> probes = new ArrayList<>();
    for (long deadline : deadlines) {
      probes.add(at(4 * DAY + deadline));
    }
    probes.sort((a, b) -> Long.compare(a.deadline(), b.deadline()));
    wheel.advance(10 * DAY, 1000);
    assertThat(ran).isEqualTo(probes);
  }

  @Test
  void cancels() {
    Probe gone = at(SECOND);
    Probe stays = at(2 * SECOND);
    Probe inThisTick = at(1);
    wheel.cancel(gone);
    wheel.cancel(inThisTick);
    wheel.cancel(new Probe());
    assertThat(gone.isArmed()).isFalse();
    assertThat(gone.deadline()).isEqualTo(TimerWheel.NEVER);
    assertThat(wheel.size()).isEqualTo(1);
    assertThat(wheel.nextDeadline()).isEqualTo(2 * SECOND);
    wheel.schedule(stays, TimerWheel.NEVER);
    assertThat(stays.isArmed()).isFalse();
    assertThat(wheel.nextDeadline()).isEqualTo(TimerWheel.NEVER);
    wheel.advance(DAY, 100);
    assertThat(ran).isEmpty();
  }

  @Test
  void armingAgainForLaterDoesNotTouchTheWheel() {
    Probe probe = at(200 * MILLISECOND);
    int slot = probe.position;
    for (int i = 1; i <= 1000; i++) {
      wheel.schedule(probe, 200 * MILLISECOND + i * SECOND);
      assertThat(probe.position).isEqualTo(slot);
    }
    wheel.advance(SECOND, 100);
    assertThat(ran).isEmpty();
    assertThat(wheel.nextDeadline()).isEqualTo(1000 * SECOND + 200 * MILLISECOND);
    wheel.advance(1000 * SECOND + 200 * MILLISECOND, 100);
    assertThat(ran).containsExactly(probe);
  }

  @Test
  void tellsTheExactDeadlineAfterArmingAgain() {
    Probe probe = at(200 * MILLISECOND);
    at(5 * SECOND);
    wheel.schedule(probe, 3 * SECOND);
    assertThat(wheel.nextDeadline()).isEqualTo(3 * SECOND);
    wheel.schedule(probe, 9 * SECOND);
    assertThat(wheel.nextDeadline()).isEqualTo(5 * SECOND);
    wheel.schedule(probe, 4);
    assertThat(wheel.nextDeadline()).isEqualTo(4);
  }

  @Test
  void wakesAtMostOnceTooEarlyForACrowd() {
    List<Probe> crowd = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      crowd.add(at(100 * SECOND + i));
    }
    wheel.cancel(crowd.get(0));
    long early = wheel.nextDeadline();
    assertThat(early).isLessThanOrEqualTo(100 * SECOND + 1);
    wheel.advance(early, 10_000);
    assertThat(ran).isEmpty();
    assertThat(wheel.nextDeadline()).isEqualTo(100 * SECOND + 1);
    wheel.advance(100 * SECOND + 1, 10_000);
    assertThat(ran).containsExactly(crowd.get(1));
  }

  @Test
  void worksInBoundedSteps() {
    for (int i = 0; i < 1000; i++) {
      at(100 * SECOND + i * MILLISECOND);
    }
    long now = 200 * SECOND;
    int calls = 0;
    int before = 0;
    int handled;
    do {
      if (wheel.size() > 0) {
        assertThat(wheel.nextDeadline()).isLessThanOrEqualTo(now);
      }
      handled = wheel.advance(now, 16);
      assertThat(handled).isLessThanOrEqualTo(16);
      assertThat(ran.size() - before).isLessThanOrEqualTo(16);
      before = ran.size();
      calls++;
    } while (handled == 16);
    assertThat(ran).hasSize(1000);
    assertThat(calls).isBetween(1000 / 16, 10_000 / 16);
    assertThat(wheel.advance(now, 0)).isZero();
  }

  @Test
  void armsAndCancelsBetweenTheStepsOfOneMove() {
    List<Probe> probes = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      probes.add(at(100 * SECOND + i * SECOND / 100));
    }
    // Three of ten have moved down from their slot.
    wheel.advance(100 * SECOND, 3);
    assertThat(ran).isEmpty();
    for (int i = 0; i < 10; i += 2) {
      wheel.cancel(probes.get(i));
    }
    Probe now = at(100 * SECOND);
    Probe sooner = at(100 * SECOND + 1);
    assertThat(wheel.nextDeadline()).isLessThanOrEqualTo(100 * SECOND);
    while (wheel.advance(100 * SECOND, 1) == 1) {}
    assertThat(ran).containsExactly(now);
    assertThat(wheel.nextDeadline()).isEqualTo(100 * SECOND + 1);
    wheel.advance(101 * SECOND, 100);
    assertThat(ran)
        .containsExactly(
            now, sooner, probes.get(1), probes.get(3), probes.get(5), probes.get(7), probes.get(9));
  }

  @Test
  void emptiesASlotByCancellingWhileItIsMoved() {
    List<Probe> probes = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      probes.add(at(100 * SECOND + i));
    }
    wheel.advance(100 * SECOND + 10, 1);
    probes.forEach(wheel::cancel);
    assertThat(wheel.nextDeadline()).isEqualTo(TimerWheel.NEVER);
    assertThat(wheel.advance(DAY, 100)).isZero();
    assertThat(ran).isEmpty();
  }

  @Test
  void aTimerMayArmItselfAndCancelOthers() {
    Probe periodic = at(SECOND);
    Probe victim = at(3 * SECOND);
    Probe neighbour = at(SECOND + 1);
    periodic.then =
        () -> {
          wheel.schedule(periodic, periodic.ranAt + SECOND);
          wheel.cancel(victim);
          wheel.cancel(neighbour);
        };
    for (int i = 0; i < 5; i++) {
      wheel.advance(wheel.nextDeadline(), 100);
    }
    assertThat(ran).containsExactly(periodic, periodic, periodic, periodic, periodic);
    assertThat(periodic.ranAt).isEqualTo(5 * SECOND);
    assertThat(wheel.size()).isEqualTo(1);
  }

  @Test
  void oneThatIsAlwaysDueUsesUpNoMoreThanTheBudget() {
    Probe greedy = at(SECOND);
    greedy.then = () -> wheel.schedule(greedy, SECOND);
    assertThat(wheel.advance(SECOND, 256)).isEqualTo(256);
    assertThat(wheel.nextDeadline()).isEqualTo(SECOND);
  }

  @Test
  void survivesATimerThatThrows() {
    Probe bad = at(SECOND);
    Probe good = at(SECOND + 1);
    bad.then =
        () -> {
          throw new IllegalStateException("from a timer");
        };
    assertThatExceptionOfType(IllegalStateException.class)
        .isThrownBy(() -> wheel.advance(2 * SECOND, 100));
    assertThat(bad.isArmed()).isFalse();
    assertThat(wheel.size()).isEqualTo(1);
    wheel.advance(2 * SECOND, 100);
    assertThat(ran).containsExactly(bad, good);
  }

  @Test
  void timeThatGoesBackDoesNothing() {
    at(10 * SECOND);
    wheel.advance(5 * SECOND, 100);
    assertThat(wheel.advance(SECOND, 100)).isZero();
    Probe late = at(2 * SECOND);
    wheel.advance(SECOND, 100);
    assertThat(ran).isEmpty();
    wheel.advance(2 * SECOND, 100);
    assertThat(ran).containsExactly(late);
  }

  @Test
  void namesATickItRefuses() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new TimerWheel(0, 9))
        .withMessage("tick of 2^9 ns: 10 to 40 are allowed");
    assertThatIllegalArgumentException().isThrownBy(() -> new TimerWheel(0, 41));
  }

  @Test
  void allocatesNothingOnceWarm() {
    final class Counter extends Timer {
      long runs;

      @Override
      protected void expire(long now) {
        runs++;
        wheel.schedule(this, now + 40 * MILLISECOND);
      }
    }
    Counter[] counters = new Counter[100];
    for (int i = 0; i < counters.length; i++) {
      counters[i] = new Counter();
      wheel.schedule(counters[i], i * MILLISECOND);
    }
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long now = 0;
    long allocated = Long.MAX_VALUE;
    for (int round = 0; round < 200 && allocated > 1000; round++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < 10_000; i++) {
        Counter counter = counters[i % counters.length];
        wheel.schedule(counter, now + 200 * MILLISECOND);
        if (i % 7 == 0) {
          wheel.cancel(counter);
          wheel.schedule(counter, now + SECOND);
        }
        now = Math.max(now, Math.min(wheel.nextDeadline(), now + MILLISECOND));
        wheel.advance(now, 256);
      }
      allocated = threads.getCurrentThreadAllocatedBytes() - before;
    }
    assertThat(counters[3].runs).isPositive();
    assertThat(allocated).isLessThanOrEqualTo(1000);
  }
}
