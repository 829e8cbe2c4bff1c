package org.penstock.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Three stacks at a switch, by configuration alone, looked at from the shell. */
@Timeout(120)
class SwitchIT {

  private static final List<String> STACKS = List.of("x", "y", "z");

  @TempDir private Path folder;

  private void configure() throws IOException {
    Path conf = Files.createDirectories(folder.resolve("conf"));
    write(conf, "netif.switch-sw0", "name = sw0\nports = 3\n");
    for (int i = 0; i < STACKS.size(); i++) {
      String stack = STACKS.get(i);
      write(conf, "stack-" + stack, "name = " + stack + "\nservice.ranking = " + -i + "\n");
      write(
          conf,
          "slot-" + stack,
          "stack = %s\nname = net0\naddresses = 192.0.2.%d/24\nnetif.target = (netif.name=sw0/%d)\n"
              .formatted(stack, i + 1, i + 1));
    }
    Files.writeString(Files.createDirectories(folder.resolve("www")).resolve("index.html"), "z");
    write(conf, "service.http-z", "stack = z\nroot = " + folder.resolve("www") + "\n");
  }

  private static void write(Path conf, String name, String text) throws IOException {
    Files.writeString(conf.resolve("org.penstock." + name + ".cfg"), text);
  }

  private List<String> command() {
    String line =
        String.join(
            " ",
            "exec",
            RunningProcess.java(),
            "--sun-misc-unsafe-memory-access=allow",
            "-jar",
            Distribution.home().resolve("lib/org.penstock.launcher.jar").toString(),
            "--conf",
            folder.resolve("conf").toString(),
            "--load",
            folder.resolve("load").toString(),
            "--run",
            folder.resolve("run").toString());
    return List.of("script", "--quiet", "--return", "--command", line, "/dev/null");
  }

  @Test
  void threeStacksReachEachOther() throws Exception {
    configure();
    try (RunningProcess shell = RunningProcess.start(command())) {
      shell.awaitLine(line -> line.contains("Ctrl-D ends it"));
      for (int i = 0; i < STACKS.size(); i++) {
        String port = "sw0/" + (i + 1);
        shell.typeUntil(
            "net:if -s " + STACKS.get(i) + "\n",
            line -> line.matches(".*net0 +up +" + port + " .*"));
      }
      shell.typeUntil(
          "net:ping -s x -c 3 192.0.2.2\n", line -> line.contains("3 sent, 3 received"));
      shell.typeUntil("net:get -s y http://192.0.2.3/\n", line -> line.matches(".*status +200 .*"));
      shell.typeUntil("net:arp -s z\n", line -> line.matches(".*192\\.0\\.2\\.2 .*"));
      shell.typeUntilItEnds("exit\n");
      assertThat(shell.exitCode()).as("%s", shell.lines()).isZero();
    }
  }
}
