package org.penstock.core.internal.rim;

/**
 * A partition of a strategy that is gone, in which a thread hangs. Its cells are closed until that
 * thread has left.
 *
 * @param strategy the strategy's name
 * @param partition the partition
 * @param partitions how many there were
 * @param fence that is reached when the thread leaves
 * @param returned comes to zero then
 * @param sinceWallNanos when it was given up, since 1970
 */
record Hang(
    String strategy,
    CorePartition partition,
    int partitions,
    Fence fence,
    Signal returned,
    long sinceWallNanos) {

  @Override
  public String toString() {
    return "partition "
        + partition.index()
        + " of "
        + partitions
        + " of strategy '"
        + strategy
        + "'";
  }
}
