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
  SimulationFailure(
      Scenario scenario, long seed, long nanos, String what, @Nullable Throwable cause) {
    super(
        String.format(
            Locale.ROOT,
            "seed %d of %s, at %.6f s: %s%nreplay: %s",
            seed,
            scenario.family().label(),
            nanos / 1e9,
            what,
            replay(scenario, seed)),
        cause);
    this.seed = seed;
  }

  /** The seed that fails. */
  public long seed() {
    return seed;
  }

  /** The command that plays a seed again, with its trace. */
  static String replay(Scenario scenario, long seed) {
    Family family = scenario.family();
    String other = family == Family.MIXED ? "" : " --scenario " + family.label();
    String drawn =
        family.isThreaded() ? " --strategies " + String.join(",", scenario.strategies()) : "";
    return "./penstock sim --seed " + seed + other + drawn;
  }
}
