package org.penstock.launcher;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ServiceLoader;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;
import org.osgi.service.log.LogLevel;

/**
 * The embedded OSGi framework, from start to stop. It may be stopped by any thread: by the shell,
 * by a signal, or by a bundle.
 */
final class Container {

  /** Longer than any bundle of ours takes to close its connections. */
  private static final long STOP_LIMIT_MILLIS = TimeUnit.SECONDS.toMillis(20);

  /** The thread of Gogo's shell. */
  private static final String SHELL_THREAD = "Gogo shell";

  private static final long SHELL_LOOK_MILLIS = 500;

  private final Options options;
  private final Framework framework;

  /** Kept open: its lock ends with it. */
  private @Nullable FileChannel lockFile;

  private Container(Options options, Framework framework) {
    this.options = options;
    this.framework = framework;
  }

  /**
   * A container that has not been started.
   *
   * @throws LaunchException if there is no framework
   */
  static Container create(Options options) throws LaunchException {
    FrameworkFactory factory =
        ServiceLoader.load(FrameworkFactory.class)
            .findFirst()
            .orElseThrow(() -> new LaunchException("no OSGi framework on the class path"));
    return new Container(options, factory.newFramework(FrameworkProperties.of(options)));
  }

  /**
   * Starts the framework and every bundle of the distribution.
   *
   * @throws LaunchException if the framework can't be started, or its folders can't be used
   */
  void start() throws LaunchException {
    makeFolder(options.load());
    makeFolder(options.run());
    lock(options.run());
    try {
      framework.init();
    } catch (BundleException e) {
      throw new LaunchException(
          "the framework cache in " + options.run() + " can't be used: " + e.getMessage(), e);
    }
    LogPrinter.attach(
        framework.getBundleContext(),
        openLog(options.run()),
        System.err,
        options.shell() ? LogLevel.WARN : LogLevel.INFO);
    try {
      framework.start();
    } catch (BundleException e) {
      throw new LaunchException("the framework can't be started: " + e.getMessage(), e);
    }
    new BundleFolder(options.bundles())
        .startAll(framework.getBundleContext(), options.shell(), Container::report);
  }

  /**
   * Takes the folder for this process until it ends. Felix locks its cache too, but a second
   * framework first empties the cache, lock and all.
   */
  private void lock(Path run) throws LaunchException {
    try {
      lockFile =
          FileChannel.open(
              run.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (lockFile.tryLock() == null) {
        throw new LaunchException(
            "another Penstock runs in " + run + ": stop it, or give this one a folder by --run");
      }
    } catch (IOException e) {
      throw new LaunchException("the folder " + run + " can't be written: " + e, e);
    }
  }

  private static void makeFolder(Path folder) throws LaunchException {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new LaunchException("the folder " + folder + " can't be made: " + e, e);
    }
  }

  private static void report(String problem) {
    System.err.println("penstock: " + problem);
  }

  private static PrintStream openLog(Path run) throws LaunchException {
    Path log = run.resolve("penstock.log");
    try {
      if (Files.exists(log)) {
        Files.move(log, run.resolve("penstock.log.1"), StandardCopyOption.REPLACE_EXISTING);
      }
      return new PrintStream(Files.newOutputStream(log), true, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new LaunchException("the log " + log + " can't be written: " + e.getMessage(), e);
    }
  }

  /** Waits until the framework has stopped, whoever stops it. */
  void awaitStop() throws InterruptedException {
    if (!options.shell()) {
      framework.waitForStop(0);
      return;
    }
    ShellWatch shell = new ShellWatch(SHELL_THREAD);
    while (framework.waitForStop(SHELL_LOOK_MILLIS).getType() == FrameworkEvent.WAIT_TIMEDOUT) {
      if (shell.hasEnded() && framework.getState() == Bundle.ACTIVE) {
        report("the shell has ended, so Penstock ends");
        stop();
        return;
      }
    }
  }

  /**
   * Stops every bundle and the framework; does nothing if it has stopped.
   *
   * @return false if that took too long
   */
  boolean stop() {
    try {
      framework.stop();
      return framework.waitForStop(STOP_LIMIT_MILLIS).getType() != FrameworkEvent.WAIT_TIMEDOUT;
    } catch (BundleException e) {
      report("the framework does not stop: " + e.getMessage());
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
