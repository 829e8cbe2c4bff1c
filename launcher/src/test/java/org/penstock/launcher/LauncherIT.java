package org.penstock.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The launcher as a process of its own: how it starts and how it ends. */
@Timeout(120)
class LauncherIT {

  @TempDir private Path folder;
  private List<String> command;

  @BeforeEach
  void nameTheCommand() {
    command =
        List.of(
            RunningProcess.java(),
            "--sun-misc-unsafe-memory-access=allow",
            "-jar",
            Distribution.home().resolve("lib/org.penstock.launcher.jar").toString(),
            "--load",
            folder.resolve("load").toString(),
            "--run",
            folder.resolve("run").toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"TERM", "INT"})
  void withoutATerminalItRunsUntilASignal(String signal) throws Exception {
    try (RunningProcess penstock = RunningProcess.start(command)) {
      penstock.awaitLine(line -> line.contains("running"));
      penstock.signal(signal);

      assertThat(penstock.exitCode()).as("%s", penstock.lines()).isZero();
    }
    assertThat(folder.resolve("run/penstock.log")).isNotEmptyFile();
    assertThat(folder.resolve("load")).isEmptyDirectory();
  }

  @ParameterizedTest
  @ValueSource(strings = {"exit\n", "\u0004", "\u0003"})
  void shellEndsByExitEndOfInputAndInterrupt(String typed) throws Exception {
    try (RunningProcess shell = RunningProcess.start(onTerminal())) {
      shell.awaitLine(line -> line.contains("Ctrl-D ends it"));
      shell.typeUntilItEnds(typed);

      assertThat(shell.exitCode()).as("%s", shell.lines()).isZero();
    }
  }

  @Test
  void shellListsItsBundles() throws Exception {
    try (RunningProcess shell = RunningProcess.start(onTerminal())) {
      shell.awaitLine(line -> line.contains("Ctrl-D ends it"));
      shell.type("felix:lb -s org.penstock.core\n");
      shell.awaitLine(line -> line.contains("Active") && line.contains("org.penstock.core"));
    }
  }

  @Test
  void stacksUseCubicUntilTheyAreToldOtherwise() throws Exception {
    try (RunningProcess shell = RunningProcess.start(onTerminal())) {
      shell.awaitLine(line -> line.contains("Ctrl-D ends it"));
      shell.type("net:congestion\n");
      shell.awaitLine(line -> line.matches("cubic +uses it .*"));
      shell.type("net:congestion use newreno\n");
      shell.awaitLine(line -> line.matches("newreno +uses it .*"));
      shell.type("net:congestion -s b\n");
      shell.awaitLine(line -> line.matches("cubic +uses it .*"));
    }
  }

  @Test
  void distributionIsOnlyRead() throws Exception {
    List<String> before = filesOf(Distribution.home());
    try (RunningProcess penstock = RunningProcess.start(command)) {
      penstock.awaitLine(line -> line.contains("running"));
      penstock.signal("TERM");
      assertThat(penstock.exitCode()).isZero();
    }

    assertThat(filesOf(Distribution.home())).isEqualTo(before);
  }

  @Test
  void wrongOptionIsNamedWithTheUsage() throws Exception {
    try (RunningProcess penstock =
        RunningProcess.start(Stream.concat(command.stream(), Stream.of("--frob")).toList())) {
      assertThat(penstock.exitCode()).isEqualTo(2);
      assertThat(penstock.lines()).contains("penstock: unknown option '--frob'");
    }
  }

  @Test
  void folderWithoutBundlesIsAnErrorInOneLine() throws Exception {
    Path empty = Files.createDirectory(folder.resolve("empty"));
    try (RunningProcess penstock =
        RunningProcess.start(
            Stream.concat(command.stream(), Stream.of("--bundles", empty.toString())).toList())) {
      assertThat(penstock.exitCode()).isEqualTo(1);
      assertThat(penstock.lines()).singleElement().asString().contains(empty.toString());
    }
  }

  @Test
  void secondOneOnTheSameCacheIsRefused() throws Exception {
    try (RunningProcess first = RunningProcess.start(command)) {
      first.awaitLine(line -> line.contains("running"));
      try (RunningProcess second = RunningProcess.start(command)) {
        assertThat(second.exitCode()).isEqualTo(1);
        assertThat(second.lines()).anyMatch(line -> line.contains("--run"));
      }
      first.signal("TERM");
      assertThat(first.exitCode()).isZero();
    }
  }

  /**
   * The command on a pseudo-terminal, which script(1) gives it. The shell that starts it leaves its
   * place to it: one that stays is interrupted as well, and ends with a code of its own.
   */
  private List<String> onTerminal() {
    String line = "exec " + String.join(" ", command);
    return List.of("script", "--quiet", "--return", "--command", line, "/dev/null");
  }

  private static List<String> filesOf(Path folder) throws Exception {
    try (Stream<Path> tree = Files.walk(folder)) {
      return tree.map(file -> file + " " + file.toFile().lastModified()).sorted().toList();
    }
  }
}
