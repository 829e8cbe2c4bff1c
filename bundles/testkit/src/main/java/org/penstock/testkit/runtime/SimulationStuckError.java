package org.penstock.testkit.runtime;

/**
 * No thread of a simulation can go on (deadlock), or none gets anywhere (livelock). The message has
 * the seed, the virtual time and the stack of every thread.
 */
public class SimulationStuckError extends AssertionError {
  private static final long serialVersionUID = 1L;

  SimulationStuckError(String report) {
    super(report);
  }
}
