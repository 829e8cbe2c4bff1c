package org.penstock.simulator;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.penstock.api.netif.impairment.Impairment;
import org.penstock.api.view.Counter;

/**
 * What a simulation came to.
 *
 * @param seed what was played
 * @param transferNanos virtual time until all connections were over
 * @param connections begun
 * @param failed those of them that the network ended
 * @param bytes that arrived
 * @param frames on all cables, both directions
 * @param traceHash of all of them, with their times
 * @param events rounds in which something was done, after each of which the invariants held
 * @param impairments what each cable did, away from its host and toward it
 * @param counters of each stack
 */
public record SimulationReport(
    long seed,
    long transferNanos,
    int connections,
    int failed,
    long bytes,
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

  /** How often the stacks counted something. */
  public long total(Counter counter) {
    return counters.stream().mapToLong(each -> each.getOrDefault(counter, 0L)).sum();
  }

  /** How often something happened on all cables. */
  public long total(Impairment impairment) {
    return impairments.stream().mapToLong(each -> each.getOrDefault(impairment, 0L)).sum();
  }

  /** The report in one line. */
  public String line() {
    return String.format(
        Locale.ROOT,
        "seed %d: %.3f s virtual, %d connections (%d timed out), %d bytes, %d frames (%d lost,"
            + " %d reordered, %d twice, %d corrupted), %d retransmitted, %d fast retransmits,"
            + " %d timeouts, trace %s",
        seed,
        transferNanos / 1e9,
        connections,
        failed,
        bytes,
        frames,
        lost(),
        total(Impairment.REORDER),
        total(Impairment.DUPLICATE),
        total(Impairment.CORRUPT),
        total(Counter.TCP_RETRANSMITTED),
        total(Counter.TCP_FAST_RETRANSMITS),
        total(Counter.TCP_TIMEOUTS),
        traceHash);
  }

  private long lost() {
    return total(Impairment.LOSS)
        + total(Impairment.BURST_LOSS)
        + total(Impairment.QUEUE_FULL)
        + total(Impairment.DOWN);
  }
}
