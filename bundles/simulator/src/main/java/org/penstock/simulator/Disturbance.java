package org.penstock.simulator;

/**
 * Something that happens to a host's link while the applications run.
 *
 * @param atNanos when, from the beginning of the run
 * @param forNanos for how long
 * @param host whose link
 * @param kind what
 * @param bytes the MTU in the meantime, where it is about that
 */
record Disturbance(long atNanos, long forNanos, int host, Kind kind, int bytes) {

  /** What may happen. */
  enum Kind {
    /** The cable is pulled out: both ends are told, and what is under way is lost. */
    UNPLUGGED,
    /** Nothing passes, and nobody is told. */
    SILENT,
    /** The router's port toward the host takes shorter packets only, and says so. */
    MTU
  }
}
