package org.penstock.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.penstock.testkit.Prerequisites;

/** The comparison with the kernel, with little to carry. */
@Timeout(120)
class CompareIT {

  private static final String SIZE = "16";
  private static final String RUNS = "1";
  private static final String RATES = "( +[0-9]+\\.[0-9]{2}){4}";

  @BeforeEach
  void requireTools() {
    Prerequisites.requireTap();
    Prerequisites.requireTool("curl", "curl");
    Prerequisites.requireTool("ncat", "ncat");
  }

  @Test
  void printsTheRatesOfBothAndLeavesNothing() throws Exception {
    long process;
    try (RunningProcess compare = compare()) {
      process = compare.pid();
      assertThat(compare.exitCode()).as("%s", compare.lines()).isZero();

      assertThat(compare.lines())
          .anyMatch(line -> line.contains("have the file's SHA-256"))
          .anyMatch(line -> line.matches("run 1 " + RATES))
          .anyMatch(line -> line.matches("median" + RATES))
          .anyMatch(line -> line.startsWith("ratio"))
          .anyMatch(line -> line.contains("ACTIVE (0) TIME-WAIT (0)"));
    }
    assertThat(namespacesOf(process)).isEmpty();
  }

  @Test
  void interruptedItLeavesNothing() throws Exception {
    long process;
    try (RunningProcess compare = compare()) {
      process = compare.pid();
      compare.awaitLine(line -> line.contains("SHA-256"));
      assertThat(namespacesOf(process)).isNotEmpty();

      compare.signal("INT");

      assertThat(compare.exitCode()).as("%s", compare.lines()).isEqualTo(130);
    }
    assertThat(namespacesOf(process)).isEmpty();
  }

  private static RunningProcess compare() throws Exception {
    return RunningProcess.start(
        List.of(
            "env",
            "JAVA_HOME=" + System.getProperty("java.home"),
            Distribution.home().resolve("bin/compare").toString(),
            SIZE,
            RUNS));
  }

  private static List<String> namespacesOf(long process) throws Exception {
    try (RunningProcess list = RunningProcess.start(List.of("ip", "netns", "list"))) {
      assertThat(list.exitCode()).isZero();
      return list.lines().stream()
          .filter(line -> line.startsWith("penstock-compare-" + process))
          .toList();
    }
  }
}
