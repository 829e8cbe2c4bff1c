package org.penstock.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The launch script's own words and exit codes; what its commands do is tested where it is. */
class LaunchScriptTest {

  @Test
  void helpListsTheCommands() throws Exception {
    try (RunningProcess help = script("--help")) {
      assertThat(help.exitCode()).isZero();
      assertThat(help.lines()).first().asString().startsWith("usage: penstock");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"frobnicate", "--frobnicate", "test now", "doctor --all", "demo 16M"})
  void whatItDoesNotKnowIsWrongUsage(String words) throws Exception {
    try (RunningProcess wrong = script(words.split(" "))) {
      assertThat(wrong.exitCode()).isEqualTo(2);
      assertThat(wrong.lines())
          .first()
          .asString()
          .startsWith("penstock: ")
          .contains(words.split(" ")[0]);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--size",
        "--size 16",
        "--size 0M",
        "--runs many",
        "--runs 0",
        "--size 16M --fast"
      })
  void comparisonThatCanNotBeReadIsWrongUsage(String options) throws Exception {
    try (RunningProcess wrong = script(("compare " + options).split(" "))) {
      assertThat(wrong.exitCode()).isEqualTo(2);
      assertThat(wrong.lines())
          .first()
          .asString()
          .startsWith("penstock: compare can't read '" + lastOf(options))
          .contains("--size with M or G");
    }
  }

  /** The options that are left where reading stops. */
  private static String lastOf(String options) {
    return options.endsWith("--fast") ? "--fast'" : options + "'";
  }

  private static RunningProcess script(String... words) throws Exception {
    String script = Path.of(System.getProperty("basedir", ".")).resolve("../penstock").toString();
    return RunningProcess.start(Stream.concat(Stream.of(script), Stream.of(words)).toList());
  }
}
