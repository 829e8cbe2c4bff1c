package org.penstock.tdi.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.penstock.tdi.InThread;
import org.penstock.tdi.fake.FakeStack;

/**
 * Random requests, cancels, disconnects and closes from several threads at once, over connections
 * that join endpoints of one stack, by seed; {@link RequestOracle} watches. Afterwards everything
 * is closed, and nothing may be left.
 */
@Timeout(120)
class RandomRequestsTest {

  @ParameterizedTest
  @CsvSource({"1, 1, 100", "1, 4, 100", "2, 4, 50", "8, 4, 100"})
  void everyRequestCompletesOnce(int partitions, int threads, int seeds) throws Exception {
    Set<String> outcomes = new HashSet<>();
    for (int seed = 1; seed <= seeds; seed++) {
      outcomes.addAll(run(partitions, threads, seed));
    }
    assertThat(outcomes)
        .contains(
            "connect SUCCESS",
            "connect CANCELLED",
            "listen SUCCESS",
            "listen CANCELLED",
            "accept SUCCESS",
            "take SUCCESS",
            "send SUCCESS",
            "receive SUCCESS",
            "receive CONNECTION_RESET",
            "receive REQUEST_ABORTED",
            "release SUCCESS",
            "abort SUCCESS");
  }

  private static Set<String> run(int partitions, int threads, int seed) throws Exception {
    FakeStack stack = new FakeStack(seed, partitions);
    RequestOracle oracle = new RequestOracle(stack, "seed " + seed + ", " + partitions);
    List<CompletableFuture<Boolean>> running = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      Random random = new Random(seed * 31L + i);
      running.add(
          InThread.call(() -> {
            for (int step = 0; step < 200; step++) {
              oracle.step(random);
            }
            return true;
          }));
    }
    for (CompletableFuture<Boolean> each : running) {
      assertThat(each.get(60, TimeUnit.SECONDS)).isTrue();
    }
    oracle.finish();
    return oracle.outcomes();
  }
}
