package org.penstock.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every jar is a module, and all of them together start without OSGi. */
@Timeout(120)
class ModulePathIT {

  /** What our modules require besides each other. */
  private static final List<String> LIBRARIES =
      List.of(
          "/org.apache.felix.framework-",
          "/org.apache.felix.gogo.runtime-",
          "/org.osgi.service.log-",
          "/gson-",
          "/junit-",
          "/opentest4j-",
          "/apiguardian-api-",
          "/assertj-core-",
          "/byte-buddy-");

  /** What a program needs to embed stacks, with strategies to choose from. */
  private static final Set<String> EMBEDDED =
      Set.of(
          "org.penstock.api.jar",
          "org.penstock.core.jar",
          "org.penstock.tdi.jar",
          "org.penstock.netif.loopback.jar",
          "org.penstock.concurrency.globallock.jar",
          "org.penstock.concurrency.mailbox.jar",
          "org.penstock.concurrency.spinlock.jar",
          "org.penstock.concurrency.corelock.jar",
          "org.penstock.concurrency.baton.jar",
          "org.penstock.concurrency.striped.jar",
          "org.penstock.concurrency.sharded.jar",
          "org.penstock.congestion.cubic.jar");

  static Stream<Path> ownJars() {
    return Stream.concat(
        Distribution.ownJars().stream(),
        // They are not part of the distribution.
        classPath()
            .filter(jar ->
                jar.toString().contains("/org.penstock.testkit-")
                    || jar.toString().contains("/org.penstock.simulator-")
                    || jar.toString().contains("/org.penstock.goodput-")));
  }

  @ParameterizedTest
  @MethodSource("ownJars")
  void jarIsAClosedModule(Path jar) throws Exception {
    String name = jar.getFileName().toString().replaceFirst("(-[0-9].*)?\\.jar$", "");
    try (RunningProcess java =
        RunningProcess.start(
            List.of(RunningProcess.java(), "-p", jar.toString(), "--describe-module", name))) {
      assertThat(java.exitCode()).as("%s", java.lines()).isZero();
      assertThat(java.lines()).first().asString().startsWith(name + "@").doesNotContain("open");
      assertThat(java.lines()).doesNotContain("automatic");
    }
  }

  @Test
  void allModulesStartTogether() throws Exception {
    Stream<Path> libraries =
        classPath()
            .filter(
                jar -> LIBRARIES.stream().anyMatch(library -> jar.toString().contains(library)));
    String modulePath =
        Stream.concat(ownJars(), libraries)
            .map(Path::toString)
            .collect(Collectors.joining(File.pathSeparator));
    try (RunningProcess java =
        RunningProcess.start(
            List.of(
                RunningProcess.java(),
                "-p",
                modulePath,
                "--add-modules",
                "ALL-MODULE-PATH",
                "--version"))) {
      assertThat(java.exitCode()).as("%s", java.lines()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"global-lock", "mailbox", "spin-lock", "core-lock", "baton", "striped", "sharded"})
  void aProgramWithoutOsgiMovesItsMegabyte(String strategy) throws Exception {
    String modules =
        Distribution.ownJars().stream()
            .filter(jar -> EMBEDDED.contains(jar.getFileName().toString()))
            .map(Path::toString)
            .collect(Collectors.joining(File.pathSeparator));
    Path compiled = Distribution.target().resolve("embedded");
    compile(Distribution.target().resolveSibling("src/test/module"), modules, compiled);
    // Nothing names a strategy's module: the service it provides to the core brings it in.
    try (RunningProcess java =
        RunningProcess.start(
            List.of(
                RunningProcess.java(),
                "-p",
                modules + File.pathSeparator + compiled,
                "-m",
                "org.penstock.embedded/org.penstock.embedded.MoveMegabyte",
                strategy))) {
      assertThat(java.exitCode()).as("%s", java.lines()).isZero();
      assertThat(java.lines())
          .hasSize(2)
          .anyMatch(line -> line.startsWith("sent "))
          .anyMatch(line -> line.startsWith("1000000 bytes received "));
      assertThat(java.lines().stream().map(line -> line.replaceFirst(".* ", "")).distinct())
          .as("%s", java.lines())
          .hasSize(1)
          .allMatch(hash -> hash.length() == 64);
    }
  }

  private static void compile(Path sources, String modules, Path to) throws Exception {
    // Who compiles against our modules needs the annotations; who runs them does not.
    String annotations =
        classPath()
            .map(Path::toString)
            .filter(jar -> jar.contains("/jspecify-"))
            .collect(Collectors.joining(File.pathSeparator));
    List<String> arguments =
        new ArrayList<>(
            List.of("-p", modules + File.pathSeparator + annotations, "-d", to.toString()));
    try (Stream<Path> files = Files.walk(sources)) {
      files
          .filter(file -> file.toString().endsWith(".java"))
          .map(Path::toString)
          .forEach(arguments::add);
    }
    StringWriter said = new StringWriter();
    PrintWriter log = new PrintWriter(said, true);
    int code =
        ToolProvider.findFirst("javac")
            .orElseThrow()
            .run(log, log, arguments.toArray(String[]::new));
    assertThat(code).as("%s", said).isZero();
  }

  private static Stream<Path> classPath() {
    return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(entry -> entry.endsWith(".jar"))
        .map(Path::of);
  }
}
