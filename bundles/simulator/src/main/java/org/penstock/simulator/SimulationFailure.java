package org.penstock.simulator;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A simulation in which something did not hold. The message ends with what replays it. */
public class SimulationFailure extends AssertionError {
  private static final long serialVersionUID = 1L;

  private final long seed;

  /**
   * Says what went wrong.
   *
   * @param nanos when, in virtual time
   * @param cause where it came from, or null
   */
  SimulationFailure(Family family, long seed, long nanos, String what, @Nullable Throwable cause) {
    super(
        String.format(
            Locale.ROOT,
            "seed %d of %s, at %.6f s: %s%nreplay: %s",
            seed,
            family.label(),
            nanos / 1e9,
            what,
            replay(family, seed)),
        cause);
    this.seed = seed;
  }

  /** The seed that fails. */
  public long seed() {
    return seed;
  }

  /** The command that plays a seed again, with its trace. */
  static String replay(Family family, long seed) {
    String other = family == Family.MIXED ? "" : " --scenario " + family.label();
    return "./penstock sim --seed " + seed + other;
  }
}
