package org.penstock.core.internal.rim;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.penstock.api.concurrency.Section;
import org.penstock.api.concurrency.StrategyHost;
import org.penstock.api.runtime.StackRuntime;
import org.penstock.core.internal.cell.Cell;

/** The stack, as one instance of a strategy sees it. */
final class Seat implements StrategyHost {

  private final Rim rim;
  private volatile long epoch;
  private final CorePartition[] partitions;
  private final AtomicLong forwarded = new AtomicLong();
  private final AtomicBoolean failureLogged = new AtomicBoolean();

  Seat(Rim rim, long epoch, int partitionCount, Cell[] cells, boolean sentinel) {
    this.rim = rim;
    this.epoch = epoch;
    this.partitions = new CorePartition[partitionCount];
    for (int i = 0; i < partitionCount; i++) {
      partitions[i] = new CorePartition(rim, i, partitionCount, epoch, cells, sentinel);
    }
  }

  @Override
  public String stack() {
    return rim.name();
  }

  @Override
  public StackRuntime runtime() {
    return rim.runtime();
  }

  @Override
  public int partitions() {
    return partitions.length;
  }

  @Override
  public CorePartition partition(int index) {
    return partitions[index];
  }

  @Override
  public void forward(Section section) {
    if (section instanceof Housekeeping own) {
      own.passedOn();
      return;
    }
    forwarded.incrementAndGet();
    rim.forward(epoch, section);
  }

  @Override
  public void failed(String what, Throwable cause) {
    if (failureLogged.compareAndSet(false, true)) {
      rim.log("a concurrency strategy failed: " + what, cause);
    }
  }

  /** Its wiring comes back into force under another epoch. */
  void comeBack(long newEpoch) {
    epoch = newEpoch;
  }

  /** Sections that were passed on to a later strategy. */
  long forwarded() {
    return forwarded.get();
  }
}
