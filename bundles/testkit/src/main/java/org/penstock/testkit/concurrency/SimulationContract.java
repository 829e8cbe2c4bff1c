package org.penstock.testkit.concurrency;

import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.penstock.testkit.runtime.VirtualRuntime;

/**
 * The storms again, small, in a simulated machine: the seed decides who runs when, and a failing
 * seed fails again.
 */
public interface SimulationContract extends StrategyUnderTest {

  /** The seeds of the normal test run. */
  static LongStream seeds() {
    return LongStream.rangeClosed(1, Long.getLong("penstock.seeds", 20));
  }

  private void simulate(long seed, Consumer<StrategyBench> storm) {
    try (VirtualRuntime runtime = new VirtualRuntime(seed)) {
      storm.accept(bench(runtime));
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  default void simulatedExclusion(long seed) {
    simulate(seed, bench -> Storms.exclusion(bench, 3, 40));
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  default void simulatedOrder(long seed) {
    simulate(seed, bench -> Storms.order(bench, 3, 100));
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  default void simulatedStragglers(long seed) {
    simulate(seed, bench -> Storms.stragglers(bench, 20));
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  default void simulatedPerpetual(long seed) {
    simulate(seed, bench -> Storms.perpetual(bench, 3));
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  default void simulatedDelivery(long seed) {
    simulate(seed, bench -> Storms.delivery(bench, 3, 40));
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  default void simulatedPingPong(long seed) {
    simulate(seed, bench -> Storms.pingPong(bench, 2, 20));
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  default void simulatedTokens(long seed) {
    simulate(seed, bench -> Storms.tokens(bench, 3, 20));
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  default void simulatedDeadlines(long seed) {
    simulate(seed, bench -> Storms.deadlines(bench, 3, 20));
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  default void simulatedPressure(long seed) {
    simulate(seed, bench -> Storms.pressure(bench, 3, 20));
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  default void simulatedQueues(long seed) {
    simulate(seed, bench -> Storms.queues(bench, 3, 20));
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  default void simulatedCallsBetweenPartitions(long seed) {
    simulate(seed, bench -> PartitionStorms.callsInCircles(bench, 20));
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  default void simulatedPostsBetweenPartitions(long seed) {
    simulate(seed, bench -> PartitionStorms.orderBetweenPartitions(bench, 40));
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  default void simulatedEntriesOfEveryPartition(long seed) {
    simulate(seed, bench -> PartitionStorms.everyPartition(bench, 3, 40));
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  default void simulatedSignalsBetweenPartitions(long seed) {
    simulate(seed, bench -> PartitionStorms.pingPongBetweenPartitions(bench, 20));
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  default void simulatedFramesOfEveryPartition(long seed) {
    simulate(seed, bench -> PartitionStorms.framesOfEveryPartition(bench, 3, 40));
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  default void simulatedHandOver(long seed) {
    try (VirtualRuntime runtime = new VirtualRuntime(seed)) {
      Storms.handOver(strategy(), strategy(), runtime, 2, 4);
    }
  }
}
