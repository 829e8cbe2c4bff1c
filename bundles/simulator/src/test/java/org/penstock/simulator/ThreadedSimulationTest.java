package org.penstock.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.penstock.api.view.Counter;
import org.penstock.concurrency.globallock.GlobalLockStrategy;

/**
 * Stacks under strategies with threads, which the seed interleaves; the short form of {@code
 * ./penstock sim --scenario swaps --seeds 500}. What must hold a run checks by itself, see {@link
 * Simulation}.
 */
@Timeout(300)
class ThreadedSimulationTest {

  private static final Strategies STRATEGIES = Strategies.found();

  static LongStream fewSeeds() {
    return LongStream.rangeClosed(1, 20);
  }

  static LongStream seeds() {
    return LongStream.rangeClosed(1, 60);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("fewSeeds")
  void everyStrategyHoldsWhatMustHold(long seed) {
    assertThat(run(Family.THREADS, seed).events()).isPositive();
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void nothingIsLostWhileStrategiesAndDriversAreReplaced(long seed) {
    assertThat(run(Family.SWAPS, seed).total(Counter.STRATEGY_SWAPS)).isNotNegative();
  }

  @Test
  void theSeedsReplaceEveryStrategyByEveryOther() {
    Set<String> drawn = new HashSet<>();
    Set<Change.Kind> kinds = new HashSet<>();
    long swaps = 0;
    for (long seed = 1; seed <= 60; seed++) {
      Scenario scenario = ScenarioDraw.of(Family.SWAPS, seed, STRATEGIES);
      for (int host = 0; host < scenario.hosts().size(); host++) {
        String before = scenario.hosts().get(host).strategy();
        for (Change change : scenario.changes()) {
          kinds.add(change.kind());
          if (change.host() == host && STRATEGIES.names().contains(change.name())) {
            drawn.add(before + " " + change.name());
            before = change.name();
            swaps++;
          }
        }
      }
    }
    int names = STRATEGIES.names().size();
    assertThat(names).isGreaterThan(1);
    assertThat(drawn).hasSize(names * names);
    assertThat(kinds).containsExactlyInAnyOrder(Change.Kind.values());
    assertThat(swaps).isGreaterThan(500);
  }

  @Test
  void mostOfWhatIsToBeReplacedIsReplacedWhileConnectionsRun() {
    long planned = 0;
    long strategies = 0;
    long drivers = 0;
    for (long seed = 1; seed <= 20; seed++) {
      planned += ScenarioDraw.of(Family.SWAPS, seed, STRATEGIES).changes().size();
      SimulationReport report = run(Family.SWAPS, seed);
      strategies += report.total(Counter.STRATEGY_SWAPS);
      drivers += report.total(Counter.DRIVER_CHANGES) - report.counters().size();
    }
    assertThat(strategies + drivers).isGreaterThan(planned / 2);
    assertThat(drivers).isGreaterThan(planned / 20);
  }

  @Test
  void theSameSeedGivesTheSameInterleaving() {
    for (long seed = 1; seed <= 5; seed++) {
      List<String> lines = new ArrayList<>();
      List<String> again = new ArrayList<>();
      SimulationReport first = run(Family.SWAPS, seed, lines);
      SimulationReport second = run(Family.SWAPS, seed, again);
      assertThat(again).isEqualTo(lines).hasSize((int) first.frames());
      assertThat(second).isEqualTo(first);
      assertThat(run(Family.SWAPS, seed)).isEqualTo(first);
      assertThat(run(Family.SWAPS, seed + 1000).traceHash()).isNotEqualTo(first.traceHash());
    }
  }

  @Test
  void aStrategyThatLetsFramesInWithoutItsLockIsCaught() {
    Strategies wrong =
        Strategies.of(() -> AlteredStrategy.receivingUnlocked(new GlobalLockStrategy()));
    assertThat(failures(wrong)).anyMatch(message -> message.contains("inside one partition"));
  }

  @Test
  void aStrategyThatDropsAWakeUpIsCaught() {
    Strategies wrong = Strategies.of(() -> AlteredStrategy.forgetful(new GlobalLockStrategy()));
    assertThat(failures(wrong))
        .anyMatch(message -> message.contains("hangs") || message.contains("deadlock"))
        .allMatch(message -> message.endsWith("--scenario swaps --strategies forgetful"));
  }

  /** What seeds say of a strategy that is wrong; more than half of them must find it out. */
  private static List<String> failures(Strategies wrong) {
    List<String> failures = new ArrayList<>();
    for (long seed = 1; seed <= 10; seed++) {
      long which = seed;
      SimulationFailure failure =
          catchThrowableOfType(
              SimulationFailure.class, () -> run(Family.SWAPS, which, wrong, null));
      if (failure != null) {
        failures.add(failure.getMessage());
      }
    }
    assertThat(failures).hasSizeGreaterThan(5);
    return failures;
  }

  private static SimulationReport run(Family family, long seed) {
    return run(family, seed, STRATEGIES, null);
  }

  private static SimulationReport run(Family family, long seed, List<String> lines) {
    return run(family, seed, STRATEGIES, lines);
  }

  private static SimulationReport run(
      Family family, long seed, Strategies strategies, List<String> lines) {
    Scenario scenario = ScenarioDraw.of(family, seed, strategies);
    try (Simulation simulation =
        new Simulation(scenario, strategies, seed, lines == null ? null : lines::add)) {
      return simulation.run();
    }
  }
}
