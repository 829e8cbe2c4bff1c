package org.penstock.simulator;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.penstock.testkit.impairment.Impairment;
import org.penstock.testkit.impairment.ImpairmentConfig;

/**
 * What a simulation plays: content both ways at the same time over one connection, then an orderly
 * close of both directions.
 *
 * @param name what tools call it
 * @param bytes each way
 * @param network how bad the cable is, in both directions
 * @param expected what must have happened in each direction at the end, or the run proves little;
 *     where it is empty nothing may be sent twice
 */
public record Scenario(
    String name, long bytes, ImpairmentConfig network, List<Impairment> expected) {

  private static final long TWO_MEBIBYTES = 2L << 20;

  /** Loss, reordering, duplication and corruption. */
  public static final Scenario LOSSY =
      new Scenario(
          "lossy",
          TWO_MEBIBYTES,
          ImpairmentConfig.builder()
              .delay(Duration.ofMillis(5))
              .jitter(Duration.ofMillis(1))
              .loss(0.02)
              .reorder(0.02, Duration.ofMillis(4))
              .duplicate(0.02, Duration.ofMillis(4))
              .corrupt(0.01)
              .build(),
          List.of(Impairment.LOSS, Impairment.REORDER, Impairment.DUPLICATE, Impairment.CORRUPT));

  /** A link that only takes its time. */
  public static final Scenario CLEAN =
      new Scenario(
          "clean",
          TWO_MEBIBYTES,
          ImpairmentConfig.builder().delay(Duration.ofMillis(5)).build(),
          List.of());

  /** All there are. */
  public static final List<Scenario> ALL = List.of(LOSSY, CLEAN);

  /** Copies the list. */
  public Scenario {
    expected = List.copyOf(expected);
  }

  /** The one of that name. */
  public static Optional<Scenario> named(String name) {
    return ALL.stream().filter(scenario -> scenario.name.equals(name)).findFirst();
  }

  /** True if the network loses or changes nothing. */
  boolean isClean() {
    return expected.isEmpty();
  }
}
