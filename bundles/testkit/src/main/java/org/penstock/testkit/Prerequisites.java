package org.penstock.testkit;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Assumptions;

/**
 * What a test needs of the machine: tools and rights. What is missing <em>fails</em> the test as
 * root and where {@code CI=true}; elsewhere the test is listed as skipped, with the reason.
 * Thread-safe.
 */
public final class Prerequisites {
  private static final int ROOT = 0;

  private Prerequisites() {}

  /**
   * Demands something.
   *
   * @param present whether it is there
   * @param missing what to say when it is not: what is missing, and what to do about it
   * @throws AssertionError when it is missing, as root or in CI
   * @throws org.opentest4j.TestAbortedException when it is missing elsewhere
   */
  public static void require(boolean present, String missing) {
    if (present) {
      return;
    }
    if (isRoot() || "true".equalsIgnoreCase(System.getenv("CI"))) {
      throw new AssertionError(missing);
    }
    Assumptions.abort(missing);
  }

  /**
   * Demands a program on the search path.
   *
   * @param program its name, {@code tcpdump}
   * @param debianPackage the package that brings it, for the message
   */
  public static void requireTool(String program, String debianPackage) {
    require(
        isOnPath(program),
        "the program '" + program + "' is missing; install it: apt-get install " + debianPackage);
  }

  /** Demands to be root, which network namespaces and TAP devices need. */
  public static void requireRoot() {
    require(isRoot(), "this test needs root, for network namespaces and TAP devices");
  }

  /** Demands what a test with a TAP device in a network namespace needs. */
  public static void requireTap() {
    requireRoot();
    requireTool("ip", "iproute2");
    require(Files.exists(Path.of("/dev/net/tun")), "/dev/net/tun is missing; try 'modprobe tun'");
  }

  private static boolean isOnPath(String program) {
    String path = System.getenv().getOrDefault("PATH", "");
    return Arrays.stream(path.split(File.pathSeparator))
        .filter(folder -> !folder.isEmpty())
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }

  private static boolean isRoot() {
    try {
      return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(ROOT);
    } catch (IOException | UnsupportedOperationException e) {
      return false; // no procfs, hence no Linux, hence none of its root's rights
    }
  }
}
