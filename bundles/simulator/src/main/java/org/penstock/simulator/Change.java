package org.penstock.simulator;

/**
 * Something that is replaced at a host while its connections run.
 *
 * @param host where
 * @param afterFrames when: after so many frames on all cables
 * @param kind what
 * @param name of what comes
 * @param forNanos how long there is none before that one comes, where that is so
 */
record Change(int host, long afterFrames, Kind kind, String name, long forNanos) {

  /** What may be replaced. */
  enum Kind {
    /** The concurrency strategy, while it works. */
    STRATEGY,
    /** The last strategy leaves, the stack is parked, and another comes. */
    PARK,
    /** The congestion control of the stack, and so of its connections. */
    CONGESTION
  }
}
