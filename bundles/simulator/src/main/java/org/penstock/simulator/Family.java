package org.penstock.simulator;

import java.util.Arrays;
import java.util.Optional;

/** A kind of scenario, by the name that tools take. */
enum Family {
  /** Everything is drawn: hosts, network, disturbances, applications. */
  MIXED,
  /** Two hosts, content both ways over a cable that loses, reorders, repeats and corrupts. */
  LOSSY,
  /** Everything is drawn, on links that only take their time. */
  CLEAN,
  /** Everything is drawn, and each stack has a strategy with threads that the seed interleaves. */
  THREADS,
  /** As {@link #THREADS}; strategies, drivers and congestion controls are replaced meanwhile. */
  SWAPS;

  /** True if its stacks have threads. */
  boolean isThreaded() {
    return this == THREADS || this == SWAPS;
  }

  /** What tools call it. */
  String label() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }

  /** The one of that name. */
  static Optional<Family> named(String name) {
    return Arrays.stream(values()).filter(family -> family.label().equals(name)).findFirst();
  }
}
