package org.penstock.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.penstock.testkit.Prerequisites;

/** The measurement of goodput, for a moment: the figure itself takes minutes. */
@Timeout(120)
class GoodputIT {

  private static final String FIGURES = " +[0-9]+\\.[0-9]{2} +[0-9]* +[0-9]+\\.[0-9]{2}";

  @BeforeEach
  void requireTools() {
    Prerequisites.requireTap();
    Prerequisites.requireTool("iperf3", "iperf3");
  }

  @Test
  void printsBothAndTheirRatioAndLeavesNothing() throws Exception {
    long process;
    try (RunningProcess goodput = goodput("--runs", "1", "--seconds", "1")) {
      process = goodput.pid();
      assertThat(goodput.exitCode()).as("%s", goodput.lines()).isZero();

      assertThat(goodput.lines())
          .anyMatch(line -> line.startsWith("1.0 % loss each way, 20 ms of round-trip time"))
          .anyMatch(line -> line.matches("1 " + FIGURES))
          .anyMatch(line -> line.matches("median" + FIGURES))
          .anyMatch(line -> line.matches("ratio +[0-9]+\\.[0-9]{2}"));
    }
    assertThat(namespacesOf(process)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"--runs", "--runs 0", "--speed 3", "--loss x"})
  void whatItDoesNotKnowIsWrongUsage(String words) throws Exception {
    try (RunningProcess goodput = goodput(words.split(" "))) {
      assertThat(goodput.exitCode()).isEqualTo(2);
      assertThat(goodput.lines()).singleElement().asString().startsWith("goodput: ");
    }
  }

  private static RunningProcess goodput(String... words) throws Exception {
    String[] command = new String[words.length + 3];
    command[0] = "env";
    command[1] = "JAVA_HOME=" + System.getProperty("java.home");
    command[2] = Distribution.home().resolve("bin/goodput").toString();
    System.arraycopy(words, 0, command, 3, words.length);
    return RunningProcess.start(List.of(command));
  }

  private static List<String> namespacesOf(long process) throws Exception {
    try (RunningProcess list = RunningProcess.start(List.of("ip", "netns", "list"))) {
      assertThat(list.exitCode()).isZero();
      return list.lines().stream()
          .filter(line -> line.startsWith("penstock-goodput-" + process))
          .toList();
    }
  }
}
