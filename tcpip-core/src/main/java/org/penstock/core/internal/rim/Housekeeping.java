package org.penstock.core.internal.rim;

import org.penstock.api.concurrency.Section;

/**
 * A section of the rim's own. It concerns a partition as a whole and touches no cell, so that it
 * runs also where cells of the partition are closed, and in a parked stack.
 */
abstract class Housekeeping extends Section {

  /** A section for a partition. */
  Housekeeping(int partition) {
    // The cell of that number lies in the partition of that number.
    super(partition);
  }

  /**
   * The strategy has passed it on: the partition is retired, or the instance is closed. It goes
   * nowhere else, since the partitions that follow are others.
   */
  void passedOn() {}
}
