package org.penstock.simulator;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The simulator on the command line: replays one seed with its trace, or runs many. */
public final class SimulatorMain {

  /** Everything held. */
  static final int OK = 0;

  /** A seed failed. */
  static final int FAILED = 1;

  /** The command line makes no sense. */
  static final int USAGE = 2;

  static final String USAGE_TEXT =
      """
      usage: penstock sim --seed N [--scenario NAME]
             penstock sim --seeds N [--scenario NAME]

        --seed N         replay seed N: one line per packet, its virtual time in seconds first
        --seeds N        run the seeds 1 to N, and print a line for each
        --scenario NAME  lossy (by default) or clean

      exit codes: 0 all held, 1 a seed failed, 2 wrong usage
      """;

  private final PrintStream out;
  private final PrintStream err;

  SimulatorMain(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  /** Runs, and exits with the code that {@link #USAGE_TEXT} tells. */
  public static void main(String[] args) {
    // Buffered: a trace has many lines.
    PrintStream out =
        new PrintStream(
            new java.io.BufferedOutputStream(System.out, 1 << 16), false, StandardCharsets.UTF_8);
    int code = new SimulatorMain(out, System.err).run(args);
    out.flush();
    System.exit(code);
  }

  /** Runs; returns the exit code. */
  int run(String... args) {
    long seed = -1;
    long count = -1;
    Scenario scenario = Scenario.LOSSY;
    for (int i = 0; i < args.length; i += 2) {
      if (args[i].equals("--help") || args[i].equals("-h")) {
        out.print(USAGE_TEXT);
        return OK;
      }
      String value = i + 1 < args.length ? args[i + 1] : "";
      switch (args[i]) {
        case "--seed" -> seed = number(value);
        case "--seeds" -> count = number(value);
        case "--scenario" -> {
          Scenario found = Scenario.named(value).orElse(null);
          if (found == null) {
            return usage("no scenario '" + value + "': there are lossy and clean");
          }
          scenario = found;
        }
        default -> {
          return usage("unknown option '" + args[i] + "'");
        }
      }
      if ((args[i].equals("--seed") && seed < 0) || (args[i].equals("--seeds") && count < 1)) {
        return usage(
            args[i] + " '" + value + "': a whole number is needed, --seed from 0, --seeds from 1");
      }
    }
    if ((seed >= 0) == (count >= 0)) {
      return usage("one of --seed and --seeds is needed");
    }
    return seed >= 0 ? replay(scenario, seed) : runAll(scenario, count);
  }

  private int replay(Scenario scenario, long seed) {
    SimulationFailure failure = play(scenario, seed, out::println);
    if (failure != null) {
      out.flush();
      failure.printStackTrace(err);
    }
    return failure == null ? OK : FAILED;
  }

  private int runAll(Scenario scenario, long count) {
    SimulationFailure first = null;
    long failed = 0;
    for (long seed = 1; seed <= count; seed++) {
      SimulationFailure failure = play(scenario, seed, null);
      if (failure != null) {
        failed++;
        first = first == null ? failure : first;
        out.println("FAILED: " + firstLine(failure));
      }
      out.flush();
    }
    out.printf(Locale.ROOT, "%d of %d seeds passed%n", count - failed, count);
    if (first != null) {
      out.println("first failure: " + first.getMessage());
    }
    return first == null ? OK : FAILED;
  }

  private @Nullable SimulationFailure play(
      Scenario scenario, long seed, @Nullable Consumer<String> lines) {
    try (Simulation simulation = new Simulation(scenario, seed, lines)) {
      out.println(simulation.run().line());
      return null;
    } catch (SimulationFailure failure) {
      return failure;
    }
  }

  private static String firstLine(SimulationFailure failure) {
    return String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
  }

  private int usage(String what) {
    err.println("penstock sim: " + what);
    err.print(USAGE_TEXT);
    return USAGE;
  }

  /** The number, or -1 if it is none. */
  private static long number(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      return -1;
    }
  }
}
