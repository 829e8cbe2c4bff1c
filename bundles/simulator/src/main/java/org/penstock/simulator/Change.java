package org.penstock.simulator;

/**
 * Something that is replaced at a host while its connections run.
 *
 * @param host where
 * @param afterFrames when: after so many frames on all cables
 * @param kind what
 * @param name of what comes; a driver's number, from 0
 * @param forNanos how long there is none before that one comes, where that is so
 */
record Change(int host, long afterFrames, Kind kind, String name, long forNanos) {

  /** True if nothing waits for it, and nothing is lost on the way. */
  boolean isSmooth() {
    return forNanos == 0 && !kind.isOfDriver();
  }

  /** What may be replaced. */
  enum Kind {
    /** The concurrency strategy, while it works. */
    STRATEGY,
    /** The last strategy leaves, the stack is parked, and another comes. */
    PARK,
    /** The congestion control of the stack, and so of its connections. */
    CONGESTION,
    /** The driver: the next is bound before the present one goes. */
    TAKEOVER,
    /** The driver goes, the interface is down, and a driver comes, another one or the same. */
    GONE_AND_BACK;

    /** True for what is done to an interface. */
    boolean isOfDriver() {
      return this == TAKEOVER || this == GONE_AND_BACK;
    }
  }
}
