package org.penstock.simulator;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.penstock.api.view.Counter;
import org.penstock.testkit.impairment.Impairment;

/**
 * What a simulation came to.
 *
 * @param seed what was played
 * @param transferNanos virtual time from the first SYN until both ends were closed
 * @param frames on the cable, both directions
 * @param traceHash of all of them, with their times
 * @param events rounds in which something was done, after each of which the invariants held
 * @param impairments what the cable did, toward stack a and toward stack b
 * @param counters of the stacks a and b
 */
public record SimulationReport(
    long seed,
    long transferNanos,
    long frames,
    String traceHash,
    long events,
    List<Map<Impairment, Long>> impairments,
    List<Map<Counter, Long>> counters) {

  /** Copies the lists. */
  public SimulationReport {
    impairments = List.copyOf(impairments);
    counters = List.copyOf(counters);
  }

  /** How often both stacks counted something. */
  public long total(Counter counter) {
    return counters.stream().mapToLong(each -> each.getOrDefault(counter, 0L)).sum();
  }

  /** How often something happened in both directions. */
  public long total(Impairment impairment) {
    return impairments.stream().mapToLong(each -> each.getOrDefault(impairment, 0L)).sum();
  }

  /** The report in one line. */
  public String line() {
    return String.format(
        Locale.ROOT,
        "seed %d: %.3f s virtual, %d frames (%d lost, %d reordered, %d twice, %d corrupted),"
            + " %d retransmitted, %d fast retransmits, %d timeouts, trace %s",
        seed,
        transferNanos / 1e9,
        frames,
        total(Impairment.LOSS),
        total(Impairment.REORDER),
        total(Impairment.DUPLICATE),
        total(Impairment.CORRUPT),
        total(Counter.TCP_RETRANSMITTED),
        total(Counter.TCP_FAST_RETRANSMITS),
        total(Counter.TCP_TIMEOUTS),
        traceHash.substring(0, 16));
  }
}
