package org.penstock.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;

/**
 * The bundles of the distribution: one folder, started from first to last. The log comes first so
 * that it misses nothing; File Install after everything that its configurations are for; the shell
 * last, so that its prompt means that the rest has been started.
 */
final class BundleFolder {

  private static final String SHELL = "org.apache.felix.gogo.jline";
  private static final List<String> FIRST =
      List.of("org.osgi.", "org.apache.felix.log", "org.apache.felix.configadmin");
  private static final List<String> LAST = List.of("org.apache.felix.fileinstall", SHELL);

  private final Path folder;

  BundleFolder(Path folder) {
    this.folder = folder;
  }

  /**
   * Installs and starts every bundle. One that can't be started is reported and left installed, and
   * the others are started all the same.
   *
   * @param shell false leaves the shell out
   * @param problems given a line for each bundle that can't be installed or started
   * @throws LaunchException if there are no bundles
   */
  void startAll(BundleContext context, boolean shell, Consumer<String> problems)
      throws LaunchException {
    List<Bundle> installed = new ArrayList<>();
    for (Path jar : jars(shell)) {
      try {
        installed.add(context.installBundle(jar.toUri().toString()));
      } catch (BundleException e) {
        problems.accept("bundle " + jar + " can't be installed: " + reason(e));
      }
    }
    for (Bundle bundle : installed) {
      if (bundle.getHeaders().get(Constants.FRAGMENT_HOST) == null) {
        start(bundle, problems);
      }
    }
  }

  private static void start(Bundle bundle, Consumer<String> problems) {
    try {
      bundle.start(Bundle.START_ACTIVATION_POLICY);
    } catch (BundleException e) {
      problems.accept("bundle " + bundle.getSymbolicName() + " can't be started: " + reason(e));
    }
  }

  /**
   * The bundles in the order in which they are to be started.
   *
   * @throws LaunchException if there are none
   */
  List<Path> jars(boolean shell) throws LaunchException {
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> jars =
          files
              .filter(file -> file.getFileName().toString().endsWith(".jar"))
              .filter(file -> shell || !file.getFileName().toString().startsWith(SHELL))
              .sorted(Comparator.comparingInt(BundleFolder::rank).thenComparing(Path::getFileName))
              .toList();
      if (jars.isEmpty()) {
        throw new LaunchException("no bundles in " + folder + ": build the distribution first");
      }
      return jars;
    } catch (IOException e) {
      throw new LaunchException("the bundles in " + folder + " can't be read: " + e, e);
    }
  }

  private static int rank(Path jar) {
    String name = jar.getFileName().toString();
    for (int i = 0; i < FIRST.size(); i++) {
      if (name.startsWith(FIRST.get(i))) {
        return i - FIRST.size();
      }
    }
    for (int i = 0; i < LAST.size(); i++) {
      if (name.startsWith(LAST.get(i))) {
        return i + 1;
      }
    }
    return 0;
  }

  /** The first line of the innermost message, which is the one that names what is missing. */
  private static String reason(Throwable e) {
    Throwable cause = e;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return String.valueOf(cause.getMessage()).lines().findFirst().orElse(cause.toString());
  }
}
