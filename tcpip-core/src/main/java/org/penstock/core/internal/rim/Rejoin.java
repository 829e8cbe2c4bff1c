package org.penstock.core.internal.rim;

/** Opens cells of a partition, inside: what waited for them runs first, in order. */
final class Rejoin extends Housekeeping {

  private final Rim rim;
  private final CorePartition partition;
  private final boolean parked;
  private final int[] cells;
  private final Signal signal;

  Rejoin(Rim rim, Wiring wiring, int index, int[] cells, Signal signal) {
    super(index);
    this.rim = rim;
    this.partition = wiring.partition(index);
    this.parked = wiring.isParked();
    this.cells = cells;
    this.signal = signal;
  }

  @Override
  protected void run() {
    for (int cell : cells) {
      partition.open(cell);
      rim.antechambers().open(cell, parked ? rim::post : partition::run);
    }
    signal.countDown();
  }
}
