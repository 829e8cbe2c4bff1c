package org.penstock.simulator;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import org.penstock.api.view.Counter;

/** Many seeds, several at a time: each has its own stacks, clock and chance. */
final class SeedRun {

  private static final long REPORT_MILLIS = 5_000;

  private final Family family;
  private final Strategies strategies;
  private final long from;
  private final long count;
  private final int threads;
  private final PrintStream out;
  private final boolean verbose;
  private final AtomicLong next;
  private final long beganMillis = System.currentTimeMillis();

  private final List<Long> failures = new ArrayList<>();
  private long done;
  private long connections;
  private long timedOut;
  private long bytes;
  private long frames;
  private long events;
  private long retransmitted;
  private long strategySwaps;
  private long driverChanges;
  private long reportedMillis = beganMillis;

  /**
   * A run that has not begun.
   *
   * @param verbose true to print a line also for a seed that passes
   */
  SeedRun(
      Family family,
      Strategies strategies,
      long from,
      long count,
      int threads,
      PrintStream out,
      boolean verbose) {
    this.family = family;
    this.strategies = strategies;
    this.from = from;
    this.count = count;
    this.threads = threads;
    this.out = out;
    this.verbose = verbose;
    this.next = new AtomicLong(from);
  }

  /** Runs all seeds; returns when they have ended. */
  void run() {
    List<Thread> workers = new ArrayList<>();
    for (int i = 1; i < threads; i++) {
      workers.add(Thread.ofPlatform().name("sim-" + i).start(this::work));
    }
    work();
    for (Thread worker : workers) {
      try {
        worker.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted while seeds ran", e);
      }
    }
  }

  synchronized long failed() {
    return failures.size();
  }

  /** What it came to, for people. */
  synchronized String summary() {
    return String.format(
        Locale.ROOT,
        "%d of %d seeds of %s passed in %.0f s: %d connections (%d timed out), %d MiB, %d frames,"
            + " %d segments sent again, invariants checked %d times, %d strategies and %d drivers"
            + " replaced%s",
        done - failures.size(),
        done,
        family.label(),
        seconds(),
        connections,
        timedOut,
        bytes >> 20,
        frames,
        retransmitted,
        events,
        strategySwaps,
        driverChanges,
        failures.isEmpty() ? "" : "; failed: " + failures);
  }

  private void work() {
    for (long seed = next.getAndIncrement(); seed < from + count; seed = next.getAndIncrement()) {
      try (Simulation simulation = simulation(seed)) {
        passed(simulation.run());
      } catch (SimulationFailure failure) {
        failed(seed, String.valueOf(failure.getMessage()));
      } catch (RuntimeException | AssertionError broken) {
        failed(seed, broken.toString());
      }
    }
  }

  private Simulation simulation(long seed) {
    return new Simulation(ScenarioDraw.of(family, seed, strategies), strategies, seed, null);
  }

  private synchronized void passed(SimulationReport report) {
    connections += report.connections();
    timedOut += report.failed();
    bytes += report.bytes();
    frames += report.frames();
    events += report.events();
    retransmitted += report.total(Counter.TCP_RETRANSMITTED);
    strategySwaps += report.total(Counter.STRATEGY_SWAPS);
    // The first is no change.
    driverChanges += report.total(Counter.DRIVER_CHANGES) - report.counters().size();
    if (verbose) {
      out.println(report.line());
    }
    progress();
  }

  private synchronized void failed(long seed, String message) {
    failures.add(seed);
    out.println("FAILED " + message.replaceAll("\\R", "; "));
    progress();
  }

  private void progress() {
    done++;
    long now = System.currentTimeMillis();
    if (now - reportedMillis >= REPORT_MILLIS) {
      reportedMillis = now;
      out.printf(
          Locale.ROOT,
          "%d of %d seeds, %d failed, %.0f a second%n",
          done,
          count,
          failures.size(),
          done / seconds());
      out.flush();
    }
  }

  private double seconds() {
    return Math.max(0.001, (System.currentTimeMillis() - beganMillis) / 1e3);
  }
}
