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
  @ValueSource(strings = {"frobnicate", "--frobnicate", "test now", "doctor --all"})
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

  private static RunningProcess script(String... words) throws Exception {
    String script = Path.of(System.getProperty("basedir", ".")).resolve("../penstock").toString();
    return RunningProcess.start(Stream.concat(Stream.of(script), Stream.of(words)).toList());
  }
}
