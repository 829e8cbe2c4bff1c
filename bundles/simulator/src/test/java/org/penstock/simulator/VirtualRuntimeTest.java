package org.penstock.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.penstock.api.runtime.Parker;
import org.penstock.api.runtime.StackRuntime;

class VirtualRuntimeTest {

  private final VirtualRuntime runtime = new VirtualRuntime(1);

  @Test
  void timeStandsStillUntilItIsMovedAndNeverGoesBack() {
    long start = runtime.nanoTime();
    assertThat(runtime.nanoTime()).isEqualTo(start);
    runtime.advanceTo(start + 5);
    runtime.advanceTo(start + 3);
    assertThat(runtime.nanoTime()).isEqualTo(start + 5);
  }

  @Test
  void waitingMovesTheClockUnlessThePermitIsThere() {
    long start = runtime.nanoTime();
    Parker parker = runtime.parker();
    parker.unpark();
    assertThat(parker.park(start + 10)).isTrue();
    assertThat(runtime.nanoTime()).isEqualTo(start);
    assertThat(parker.park(start + 10)).isTrue();
    assertThat(runtime.nanoTime()).isEqualTo(start + 10);
    assertThatIllegalStateException()
        .isThrownBy(() -> parker.park(StackRuntime.NEVER))
        .withMessageContaining("for ever");
  }

  @Test
  void chanceFollowsFromTheSeed() {
    long first = runtime.random().nextLong();
    assertThat(new VirtualRuntime(1).random().nextLong()).isEqualTo(first);
    assertThat(new VirtualRuntime(2).random().nextLong()).isNotEqualTo(first);
    assertThat(runtime.random().nextLong()).isNotEqualTo(first);
  }

  @Test
  void thereAreNoThreads() {
    assertThatThrownBy(() -> runtime.start("penstock-a-timer", () -> {}))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessageContaining("penstock-a-timer");
  }
}
