package org.penstock.core.internal.rim;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.penstock.api.concurrency.ConcurrencyStrategy;
import org.penstock.api.concurrency.Exclusion;
import org.penstock.api.concurrency.StrategyInstance;

/**
 * Which exclusion guards which cell: immutable, replaced as a whole by a swap.
 *
 * @param epoch counts up with every swap
 * @param strategy the strategy, null for the parked stack
 * @param name its name, empty for the parked stack
 * @param instance the strategy at work
 * @param seat the stack's side of it
 * @param exclusions the ways in, by partition
 */
record Wiring(
    long epoch,
    @Nullable ConcurrencyStrategy strategy,
    String name,
    StrategyInstance instance,
    Seat seat,
    Exclusion[] exclusions) {

  static Wiring of(
      long epoch,
      @Nullable ConcurrencyStrategy strategy,
      String name,
      StrategyInstance instance,
      Seat seat) {
    Exclusion[] exclusions = new Exclusion[seat.partitions()];
    for (int i = 0; i < exclusions.length; i++) {
      exclusions[i] =
          Objects.requireNonNull(instance.exclusion(i), "the exclusion of partition " + i);
    }
    return new Wiring(epoch, strategy, name, instance, seat, exclusions);
  }

  /** The same under another epoch: it comes back into force. */
  Wiring again(long newEpoch) {
    seat.comeBack(newEpoch);
    return new Wiring(newEpoch, strategy, name, instance, seat, exclusions);
  }

  /** True where nothing runs, for want of a strategy. */
  boolean isParked() {
    return instance instanceof Parked;
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
