package org.penstock.simulator;

import java.util.Locale;

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
      Scenario scenario,
      long seed,
      long nanos,
      String what,
      @org.jspecify.annotations.Nullable Throwable cause) {
    super(
        String.format(
            Locale.ROOT,
            "scenario %s, seed %d, at %.6f s: %s%nreplay: %s",
            scenario.name(),
            seed,
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
    String other = scenario.equals(Scenario.LOSSY) ? "" : " --scenario " + scenario.name();
    return "./penstock sim --seed " + seed + other;
  }
}
