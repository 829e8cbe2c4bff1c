package org.penstock.launcher;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The assembled distribution of this build, which the system tests run. */
public final class Distribution {

  private Distribution() {}

  /** Its folder; there only once the package phase has run. */
  public static Path home() {
    return target().resolve("penstock");
  }

  /** A folder for what a test run leaves behind, below the build's. */
  public static Path target() {
    return Path.of(System.getProperty("basedir", "."), "target").toAbsolutePath();
  }

  /**
   * A folder below {@link #target} without what an earlier run left in it.
   *
   * @param name its path from there
   */
  public static Path emptied(String name) throws IOException {
    Path folder = target().resolve(name);
    if (Files.exists(folder)) {
      try (Stream<Path> tree = Files.walk(folder)) {
        for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
    return Files.createDirectories(folder);
  }

  /** The jars of our own bundles, the launcher included. */
  public static List<Path> ownJars() {
    return Stream.of("bundles", "lib")
        .flatMap(folder -> jarsIn(home().resolve(folder)))
        .filter(jar -> jar.getFileName().toString().startsWith("org.penstock."))
        .toList();
  }

  private static Stream<Path> jarsIn(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".jar")).sorted().toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException("the distribution has not been assembled", e);
    }
  }
}
