package org.penstock.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every jar is a module, and all of them together start without OSGi. */
@Timeout(120)
class ModulePathIT {

  /** What our modules require besides each other. */
  private static final List<String> LIBRARIES =
      List.of(
          "/org.apache.felix.framework-",
          "/org.apache.felix.gogo.runtime-",
          "/org.osgi.service.log-",
          "/junit-",
          "/opentest4j-",
          "/apiguardian-api-",
          "/assertj-core-",
          "/byte-buddy-");

  static Stream<Path> ownJars() {
    return Stream.concat(
        Distribution.ownJars().stream(),
        // They are not part of the distribution.
        classPath()
            .filter(jar ->
                jar.toString().contains("/org.penstock.testkit-")
                    || jar.toString().contains("/org.penstock.simulator-")));
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

  private static Stream<Path> classPath() {
    return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(entry -> entry.endsWith(".jar"))
        .map(Path::of);
  }
}
