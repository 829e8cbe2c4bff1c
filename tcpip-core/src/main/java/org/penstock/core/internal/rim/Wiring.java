package org.penstock.core.internal.rim;

import org.penstock.api.concurrency.Exclusion;
import org.penstock.api.concurrency.StrategyInstance;

/**
 * Which exclusion guards which cell: immutable, replaced as a whole by a swap.
 *
 * @param epoch counts up with every swap
 * @param name the strategy's name, empty for the parked stack
 * @param instance the strategy at work
 * @param seat the stack's side of it
 * @param exclusions the ways in, by partition
 */
record Wiring(
    long epoch, String name, StrategyInstance instance, Seat seat, Exclusion[] exclusions) {

  static Wiring of(long epoch, String name, StrategyInstance instance, Seat seat) {
    Exclusion[] exclusions = new Exclusion[seat.partitions()];
    for (int i = 0; i < exclusions.length; i++) {
      exclusions[i] = instance.exclusion(i);
    }
    return new Wiring(epoch, name, instance, seat, exclusions);
  }

  int partitions() {
    return exclusions.length;
  }

  int partitionOf(int cell) {
    return cell % exclusions.length;
  }

  Exclusion exclusion(int cell) {
    return exclusions.length == 1 ? exclusions[0] : exclusions[cell % exclusions.length];
  }

  CorePartition partition(int index) {
    return seat.partition(index);
  }
}
