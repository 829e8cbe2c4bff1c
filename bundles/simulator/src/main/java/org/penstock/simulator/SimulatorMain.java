package org.penstock.simulator;

import java.io.BufferedOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
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
      usage: penstock sim --seed N [--scenario NAME] [--quiet]
             penstock sim --seeds N [--from S] [--scenario NAME] [--threads T] [--verbose]

        --seed N         replay seed N: what it plays, then one line per packet, with its virtual
                         time in seconds, the host and whether it leaves or reaches it
        --quiet          without the packets
        --seeds N        run N seeds, and print a line for each that fails
        --from S         the first of them, 1 by default
        --threads T      how many at a time, by default one for each processor
        --verbose        print a line for each seed that passes as well
        --scenario NAME  mixed (by default: everything is drawn), lossy (two hosts, 2 MiB each way),
                         clean (everything is drawn but what is bad about a network), threads (as
                         mixed, under strategies with threads) or swaps (as threads, and they are
                         replaced while connections run)
        --strategies A,B what threads and swaps draw from, by default every strategy there is

      exit codes: 0 all held, 1 a seed failed, 2 wrong usage
      """;

  private final PrintStream out;
  private final PrintStream err;
  private Family family = Family.MIXED;
  private Strategies strategies = Strategies.found();
  private long seed = -1;
  private long count = -1;
  private long from = 1;
  private int threads = Runtime.getRuntime().availableProcessors();
  private boolean quiet;
  private boolean verbose;

  SimulatorMain(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  /** Runs, and exits with the code that {@link #USAGE_TEXT} tells. */
  public static void main(String[] args) {
    // Buffered: a trace has many lines.
    PrintStream out =
        new PrintStream(
            new BufferedOutputStream(System.out, 1 << 16), false, StandardCharsets.UTF_8);
    int code = new SimulatorMain(out, System.err).run(args);
    out.flush();
    System.exit(code);
  }

  /** Runs; returns the exit code. */
  int run(String... args) {
    for (int i = 0; i < args.length; i++) {
      String value = i + 1 < args.length ? args[i + 1] : "";
      String wrong = null;
      switch (args[i]) {
        case "--help", "-h" -> {
          out.print(USAGE_TEXT);
          return OK;
        }
        case "--quiet" -> quiet = true;
        case "--verbose" -> verbose = true;
        default -> {
          wrong = take(args[i], value);
          i++;
        }
      }
      if (wrong != null) {
        return usage(wrong);
      }
    }
    if ((seed >= 0) == (count >= 0)) {
      return usage("one of --seed and --seeds is needed");
    }
    return seed >= 0 ? replay() : runAll();
  }

  /** Takes an option with a value; says what is wrong with it, or null. */
  private @Nullable String take(String option, String value) {
    long number = number(value);
    switch (option) {
      case "--seed" -> seed = number;
      case "--seeds" -> count = number;
      case "--from" -> from = number;
      case "--threads" -> threads = (int) Math.min(number, 1024);
      case "--scenario" -> {
        Family found = Family.named(value).orElse(null);
        if (found == null) {
          return "no scenario '" + value + "': there are mixed, lossy, clean, threads and swaps";
        }
        family = found;
        return null;
      }
      case "--strategies" -> {
        try {
          strategies = strategies.only(value);
        } catch (IllegalArgumentException e) {
          return option + ": " + e.getMessage();
        }
        return null;
      }
      default -> {
        return "unknown option '" + option + "'";
      }
    }
    boolean counts = option.equals("--seeds") || option.equals("--threads");
    return number < (counts ? 1 : 0)
        ? option + " '" + value + "': a whole number is needed, from " + (counts ? 1 : 0)
        : null;
  }

  private int replay() {
    Scenario scenario = ScenarioDraw.of(family, seed, strategies);
    out.println(new ScenarioText(scenario));
    try (Simulation simulation = simulation(scenario)) {
      out.println(simulation.run().line());
      return OK;
    } catch (SimulationFailure failure) {
      out.flush();
      failure.printStackTrace(err);
      return FAILED;
    }
  }

  private Simulation simulation(Scenario scenario) {
    return new Simulation(scenario, strategies, seed, quiet ? null : out::println);
  }

  private int runAll() {
    SeedRun run = new SeedRun(family, strategies, from, count, threads, out, verbose);
    run.run();
    out.printf(Locale.ROOT, "%s%n", run.summary());
    return run.failed() == 0 ? OK : FAILED;
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
