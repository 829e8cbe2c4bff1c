package org.penstock.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.penstock.api.view.Counter;
import org.penstock.testkit.impairment.Impairment;
import org.penstock.testkit.impairment.ImpairmentConfig;

@Timeout(300)
class SimulationTest {

  static LongStream seeds() {
    return LongStream.rangeClosed(1, 50);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void contentArrivesThroughABadNetworkAndBothEndsAgreeOnTheClose(long seed) {
    SimulationReport report = run(Scenario.LOSSY, seed);

    // What must hold within the run it checks itself; here, that there was something to survive.
    for (Impairment impairment : Scenario.LOSSY.expected()) {
      assertThat(report.impairments())
          .allSatisfy(direction -> assertThat(direction.get(impairment)).isPositive());
    }
    assertThat(report.counters())
        .allSatisfy(stack -> assertThat(stack.get(Counter.TCP_RETRANSMITTED)).isPositive());
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("fewSeeds")
  void nothingIsSentTwiceOnACleanLink(long seed) {
    SimulationReport report = run(Scenario.CLEAN, seed);
    assertThat(report.total(Counter.TCP_RETRANSMITTED)).isZero();
    assertThat(report.total(Counter.TCP_TIMEOUTS)).isZero();
    assertThat(report.total(Counter.TCP_IN_ERRORS)).isZero();
    assertThat(report.total(Counter.TCP_OUT_RESETS)).isZero();
    assertThat(report.events()).isPositive();
  }

  static LongStream fewSeeds() {
    return LongStream.rangeClosed(1, 5);
  }

  @Test
  void theSameSeedGivesTheSameBytesOnTheWire() {
    List<String> lines = new ArrayList<>();
    List<String> again = new ArrayList<>();
    SimulationReport first;
    SimulationReport second;
    try (Simulation simulation = new Simulation(Scenario.LOSSY, 51, lines::add)) {
      first = simulation.run();
    }
    try (Simulation simulation = new Simulation(Scenario.LOSSY, 51, again::add)) {
      second = simulation.run();
    }
    assertThat(again).isEqualTo(lines).hasSize((int) first.frames());
    assertThat(second).isEqualTo(first);
    assertThat(run(Scenario.LOSSY, 52).traceHash()).isNotEqualTo(first.traceHash());
  }

  @Test
  void aRunWithoutWhatItIsAboutFailsAndSaysWhatReplaysIt() {
    Scenario quiet =
        new Scenario("quiet", 100_000, ImpairmentConfig.NONE, List.of(Impairment.CORRUPT));
    assertThatThrownBy(() -> run(quiet, 7))
        .isInstanceOf(SimulationFailure.class)
        .hasMessageContaining("scenario quiet, seed 7")
        .hasMessageContaining("CORRUPT never happened toward end 0")
        .hasMessageEndingWith("replay: ./penstock sim --seed 7 --scenario quiet");
  }

  @Test
  void aNetworkThatLosesAllEndsTheRunByTheStacksOwnLimits() {
    Scenario dead =
        new Scenario(
            "dead", 1, ImpairmentConfig.builder().loss(1).build(), List.of(Impairment.LOSS));
    assertThatThrownBy(() -> run(dead, 8))
        .isInstanceOf(SimulationFailure.class)
        .hasMessageContaining("a: opening ended");
  }

  private static SimulationReport run(Scenario scenario, long seed) {
    try (Simulation simulation = new Simulation(scenario, seed)) {
      return simulation.run();
    }
  }
}
