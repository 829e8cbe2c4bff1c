package org.penstock.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.penstock.api.netif.impairment.Impairment;
import org.penstock.api.netif.impairment.ImpairmentConfig;
import org.penstock.api.view.Counter;

/**
 * The seeds of every build; {@code ./penstock sim --seeds N} runs more. What must hold a run checks
 * by itself, see {@link Simulation}.
 */
@Timeout(300)
class SimulationTest {

  private static final Strategies STRATEGIES = Strategies.found();

  static LongStream seeds() {
    return LongStream.rangeClosed(1, 300);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void everyByteArrivesOnceInOrderAndBothEndsAgreeOnTheClose(long seed) {
    SimulationReport report = run(Family.MIXED, seed);
    assertThat(report.events()).isPositive();
    assertThat(report.bytes()).isPositive();
  }

  static LongStream fewSeeds() {
    return LongStream.rangeClosed(1, 20);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("fewSeeds")
  void contentArrivesThroughABadNetwork(long seed) {
    SimulationReport report = run(Family.LOSSY, seed);

    // That there was something to survive.
    for (Impairment impairment :
        List.of(Impairment.LOSS, Impairment.REORDER, Impairment.DUPLICATE, Impairment.CORRUPT)) {
      assertThat(report.impairments())
          .allSatisfy(direction -> assertThat(direction.get(impairment)).isPositive());
    }
    assertThat(report.counters())
        .allSatisfy(stack -> assertThat(stack.get(Counter.TCP_RETRANSMITTED)).isPositive());
    assertThat(report.failed()).isZero();
    assertThat(report.bytes()).isEqualTo(4L << 20);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("fewSeeds")
  void nothingTimesOutOnACleanLink(long seed) {
    SimulationReport report = run(Family.CLEAN, seed);
    assertThat(report.total(Counter.TCP_TIMEOUTS)).isZero();
    assertThat(report.total(Counter.TCP_IN_ERRORS)).isZero();
    assertThat(report.failed()).isZero();
  }

  @Test
  void theSameSeedGivesTheSameBytesOnTheWire() {
    for (long seed = 51; seed < 61; seed++) {
      List<String> lines = new ArrayList<>();
      List<String> again = new ArrayList<>();
      SimulationReport first = run(ScenarioDraw.of(Family.MIXED, seed), seed, lines);
      SimulationReport second = run(ScenarioDraw.of(Family.MIXED, seed), seed, again);
      assertThat(again).isEqualTo(lines).hasSize((int) first.frames());
      assertThat(second).isEqualTo(first);
      // Nor does it matter whether somebody looks.
      assertThat(run(Family.MIXED, seed)).isEqualTo(first);
      assertThat(run(Family.MIXED, seed + 1000).traceHash()).isNotEqualTo(first.traceHash());
    }
  }

  @Test
  void theSeedsPlayEveryPartOfTheMatrix() {
    List<Scenario> drawn = seeds().mapToObj(seed -> ScenarioDraw.of(Family.MIXED, seed)).toList();
    assertThat(drawn.stream().map(Scenario::topology).distinct()).hasSize(3);
    assertThat(drawn.stream().map(scenario -> scenario.hosts().size()).distinct())
        .containsExactlyInAnyOrder(2, 3, 4, 5);
    assertThat(drawn.stream().flatMap(s -> s.flows().stream()).map(FlowPlan::pattern).distinct())
        .hasSize(11);
    assertThat(drawn.stream().flatMap(s -> s.disturbances().stream()).map(Disturbance::kind))
        .contains(Disturbance.Kind.values());
    assertThat(drawn.stream().flatMap(s -> s.hosts().stream()).map(HostPlan::offload).distinct())
        .hasSize(3);
    assertThat(drawn.stream().filter(Scenario::isClean).count()).isBetween(1L, 60L);
    assertThat(drawn.stream().filter(s -> s.flows().stream().anyMatch(s::isHarsh)).count())
        .isBetween(30L, 200L);
  }

  @Test
  void aNetworkThatLosesAllEndsTheRunByTheStacksOwnLimits() {
    ImpairmentConfig dead = ImpairmentConfig.builder().loss(1).build();
    SimulationReport report = run(on(dead), 8, new ArrayList<>());
    assertThat(report.connections()).isEqualTo(1);
    assertThat(report.failed()).isEqualTo(1);
    assertThat(report.bytes()).isZero();
  }

  @Test
  void aRunThatFailsSaysWhatReplaysIt() {
    // Clean by its plan, and not by its cable: what one end sends comes late and in another order.
    ImpairmentConfig fine = ImpairmentConfig.builder().delay(Duration.ofMillis(5)).build();
    Scenario scenario = on(fine);
    assertThat(scenario.isClean()).isTrue();
    try (Simulation simulation = new Simulation(scenario, STRATEGIES, 7, null)) {
      simulation.spoil(0, fine.toBuilder().loss(0.2).build());
      assertThatThrownBy(simulation::run)
          .isInstanceOf(SimulationFailure.class)
          .hasMessageContaining("seed 7 of lossy, at ")
          .hasMessageContaining("segments again on a clean link")
          .hasMessageEndingWith("replay: ./penstock sim --seed 7 --scenario lossy");
    }
  }

  /** Two hosts, 2 MiB each way, on another cable. */
  private static Scenario on(ImpairmentConfig cable) {
    Scenario lossy = ScenarioDraw.of(Family.LOSSY, 1);
    return new Scenario(
        lossy.family(),
        lossy.topology(),
        lossy.tellsMtu(),
        lossy.hosts(),
        List.of(new LinkPlan(cable, cable)),
        lossy.disturbances(),
        lossy.flows(),
        lossy.changes(),
        lossy.strategies(),
        lossy.processors());
  }

  private static SimulationReport run(Family family, long seed) {
    try (Simulation simulation =
        new Simulation(ScenarioDraw.of(family, seed), STRATEGIES, seed, null)) {
      return simulation.run();
    }
  }

  private static SimulationReport run(Scenario scenario, long seed, List<String> lines) {
    try (Simulation simulation = new Simulation(scenario, STRATEGIES, seed, lines::add)) {
      return simulation.run();
    }
  }
}
