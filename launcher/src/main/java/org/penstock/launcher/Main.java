package org.penstock.launcher;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Starts Penstock in the foreground: a shell on the embedded default, or no shell where standard
 * input is no terminal. It ends when the shell ends or by a signal.
 *
 * <p>Exit codes: 0 done, 1 failed, 2 wrong usage.
 */
public final class Main {

  private static final String LOG_FORMAT = "java.util.logging.SimpleFormatter.format";
  private static final int DONE = 0;
  private static final int FAILED = 1;
  private static final int WRONG_USAGE = 2;

  private Main() {}

  /**
   * Runs until the framework has stopped.
   *
   * @param arguments see {@link Options#USAGE}
   */
  public static void main(String[] arguments) throws InterruptedException {
    // The platform's own logger, which the stack uses, prints one line for an event.
    if (System.getProperty(LOG_FORMAT) == null) {
      System.setProperty(LOG_FORMAT, "%1$tF %1$tT.%1$tL %4$s %3$s: %5$s%6$s%n");
    }
    List<String> words = List.of(arguments);
    if (words.contains("--help")) {
      System.out.print(Options.USAGE);
      return;
    }
    try {
      run(Options.of(home(), Terminal.isOnStandardInput()).with(words));
      System.exit(DONE);
    } catch (UsageException e) {
      System.err.println("penstock: " + e.getMessage());
      System.err.print(Options.USAGE);
      System.exit(WRONG_USAGE);
    } catch (LaunchException e) {
      System.err.println("penstock: " + e.getMessage());
      System.exit(FAILED);
    }
  }

  private static void run(Options options) throws LaunchException, InterruptedException {
    Container container = Container.create(options);
    AtomicInteger outcome = new AtomicInteger(DONE);
    // It stays until the process has ended: a signal that comes last is an end like any other.
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> end(container, outcome), "penstock-shutdown"));
    try {
      container.start();
      if (!options.shell()) {
        System.err.println("penstock: running; SIGTERM or SIGINT ends it");
      }
      container.awaitStop();
    } catch (LaunchException e) {
      outcome.set(FAILED);
      container.stop();
      throw e;
    }
  }

  /**
   * Runs on the thread of the shutdown hook. A signal is the usual way to end Penstock, so it ends
   * with 0 and not with the virtual machine's 128 and the signal's number; only halt can say so at
   * this point, and the container is what there was to clean up.
   */
  private static void end(Container container, AtomicInteger outcome) {
    Runtime.getRuntime().halt(container.stop() ? outcome.get() : FAILED);
  }

  /** The folder of the distribution: this class is in its {@code lib/}. */
  private static Path home() {
    try {
      Path jar =
          Path.of(Main.class.getProtectionDomain().getCodeSource().getLocation().toURI())
              .toAbsolutePath();
      return jar.resolve("../..").normalize();
    } catch (URISyntaxException e) {
      throw new IllegalStateException("the launcher's own place is no path: " + e.getMessage(), e);
    }
  }
}
