package org.penstock.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SimulatorMainTest {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private int run(String line) {
    PrintStream to = new PrintStream(out, true, StandardCharsets.UTF_8);
    PrintStream errTo = new PrintStream(err, true, StandardCharsets.UTF_8);
    String[] args = line.isEmpty() ? new String[0] : line.split(" ");
    return new SimulatorMain(to, errTo).run(args);
  }

  @Test
  void replayPrintsALineForEachPacket() {
    assertThat(run("--seed 1 --scenario clean")).isEqualTo(SimulatorMain.OK);
    assertThat(out.toString(StandardCharsets.UTF_8).lines())
        .anyMatch(
            line -> line.matches("1\\.\\d{6} [a-e] Out IP 192\\.0\\.2\\.\\d+\\..*Flags \\[S].*"))
        .anyMatch(line -> line.contains("Flags [F"))
        .last()
        .asString()
        .startsWith("seed 1: ");
  }

  @Test
  void manySeedsPrintASummary() {
    assertThat(run("--seeds 3 --from 7 --threads 2")).isEqualTo(SimulatorMain.OK);
    assertThat(out.toString(StandardCharsets.UTF_8).lines())
        .last()
        .asString()
        .startsWith("3 of 3 seeds of mixed passed");
  }

  @Test
  void onDemandEachSeedThatPassesHasALine() {
    assertThat(run("--seeds 2 --from 41 --threads 1 --verbose")).isEqualTo(SimulatorMain.OK);
    assertThat(out.toString(StandardCharsets.UTF_8).lines().filter(line -> line.startsWith("seed")))
        .satisfiesExactly(
            line -> assertThat(line).startsWith("seed 41: "),
            line -> assertThat(line).startsWith("seed 42: "));
  }

  @Test
  void aReplayMayBeQuiet() {
    assertThat(run("--seed 5 --quiet")).isEqualTo(SimulatorMain.OK);
    assertThat(out.toString(StandardCharsets.UTF_8))
        .startsWith("mixed, ")
        .contains("HostPlan[name=a", "link of a, up: ", "FlowPlan[pattern=")
        .doesNotContain("Flags");
  }

  @Test
  void helpIsNoMistake() {
    assertThat(run("--help")).isEqualTo(SimulatorMain.OK);
    assertThat(out.toString(StandardCharsets.UTF_8)).startsWith("usage: penstock sim --seed N");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "--seed",
        "--seed x",
        "--seed -1",
        "--seeds 0",
        "--seeds 1 --from x",
        "--seeds 1 --threads 0",
        "--seed 1 --seeds 2",
        "--sead 1",
        "--seed 1 --scenario calm"
      })
  void whatMakesNoSenseIsSaidWithTheUsage(String line) {
    assertThat(run(line)).isEqualTo(SimulatorMain.USAGE);
    assertThat(err.toString(StandardCharsets.UTF_8))
        .startsWith("penstock sim: ")
        .contains("usage: penstock sim");
    assertThat(out.size()).isZero();
  }
}
