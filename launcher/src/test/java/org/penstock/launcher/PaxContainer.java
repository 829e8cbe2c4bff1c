package org.penstock.launcher;

import static org.ops4j.pax.exam.CoreOptions.bundle;
import static org.ops4j.pax.exam.CoreOptions.composite;
import static org.ops4j.pax.exam.CoreOptions.frameworkProperty;
import static org.ops4j.pax.exam.CoreOptions.systemPackages;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarFile;
import org.ops4j.pax.exam.ExamSystem;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.TestContainer;
import org.ops4j.pax.exam.TestProbeBuilder;
import org.ops4j.pax.exam.nat.internal.NativeTestContainer;
import org.ops4j.pax.exam.spi.PaxExamRuntime;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;

/**
 * The distribution in a framework that Pax Exam started in this JVM: its bundles, configurations
 * and framework properties, with folders of its own for what is loaded and written.
 */
public final class PaxContainer implements AutoCloseable {

  private final Path load;
  private final ExamSystem system;
  private final TestContainer container;

  private PaxContainer(Path load, ExamSystem system, TestContainer container) {
    this.load = load;
    this.system = system;
    this.container = container;
  }

  /**
   * Boots the distribution with its own configurations.
   *
   * @param name of the folder below {@code target/system} that it writes to; emptied first
   */
  static PaxContainer start(String name) throws IOException, LaunchException {
    return start(name, Distribution.home().resolve("conf"));
  }

  /**
   * Boots the distribution.
   *
   * @param name of the folder below {@code target/system} that it writes to; emptied first
   * @param conf the folder of its configurations, elsewhere; only read
   */
  public static PaxContainer start(String name, Path conf) throws IOException, LaunchException {
    Path folder = Distribution.emptied("system/" + name);
    Path load = Files.createDirectories(folder.resolve("load"));
    Path run = Files.createDirectories(folder.resolve("run"));
    Options options =
        Options.of(Distribution.home(), false)
            .with(
                List.of(
                    "--conf", conf.toString(), "--load", load.toString(), "--run", run.toString()));
    ExamSystem system = PaxExamRuntime.createTestSystem(distribution(options), testLibraries());
    return new PaxContainer(load, system, PaxExamRuntime.createContainer(system).start());
  }

  private static Option distribution(Options options) throws LaunchException {
    List<Option> all = new ArrayList<>();
    FrameworkProperties.of(options)
        .forEach((key, value) -> {
          // The cache is Pax Exam's own; packages are given below, all at once.
          if (!key.startsWith(Constants.FRAMEWORK_STORAGE)
              && !key.equals(Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA)) {
            all.add(frameworkProperty(key).value(value));
          }
        });
    all.add(systemPackages(FrameworkProperties.LOG_PACKAGE));
    for (Path jar : new BundleFolder(options.bundles()).jars(options.shell())) {
      all.add(bundle(jar.toUri().toString()));
    }
    return composite(all.toArray(Option[]::new));
  }

  /** What test classes that run inside import: JUnit and AssertJ of this very JVM. */
  private static Option testLibraries() throws IOException {
    List<String> packages = new ArrayList<>();
    packages.addAll(packagesBeside(org.junit.jupiter.api.Test.class, "5.14.4"));
    packages.addAll(packagesBeside(org.opentest4j.AssertionFailedError.class, "1.3.0"));
    packages.addAll(packagesBeside(org.assertj.core.api.Assertions.class, "3.27.7"));
    packages.addAll(packagesBeside(org.slf4j.Logger.class, "1.7.36"));
    return systemPackages(packages.toArray(String[]::new));
  }

  /** Every package of the jar that a class comes from. */
  private static List<String> packagesBeside(Class<?> type, String version) throws IOException {
    Path jar = Path.of(type.getProtectionDomain().getCodeSource().getLocation().getPath());
    try (JarFile file = new JarFile(jar.toFile())) {
      return file.stream()
          .map(entry -> entry.getName())
          .filter(entry -> entry.endsWith(".class") && entry.contains("/"))
          .filter(entry -> !entry.startsWith("META-INF/"))
          .map(entry -> entry.substring(0, entry.lastIndexOf('/')).replace('/', '.'))
          .distinct()
          .map(name -> name + ";version=\"" + version + "\"")
          .toList();
    }
  }

  /** The system bundle's context. */
  public BundleContext context() {
    return ((NativeTestContainer) container).getSystemBundle().getBundleContext();
  }

  /** The folder whose bundles and configurations are taken up while the container runs. */
  public Path load() {
    return load;
  }

  TestProbeBuilder newProbe() throws IOException {
    return system.createProbe();
  }

  TestContainer container() {
    return container;
  }

  @Override
  public void close() {
    container.stop();
    system.clear();
  }
}
