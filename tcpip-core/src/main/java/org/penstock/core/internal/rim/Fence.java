package org.penstock.core.internal.rim;

import java.util.concurrent.atomic.AtomicInteger;
import org.penstock.api.concurrency.Section;

/**
 * The section that retires a partition: it runs inside the old exclusion, so that whatever comes
 * after it was either done before or is passed on.
 */
final class Fence extends Section {

  private static final int WAITING = 0;
  private static final int RAN = 1;
  private static final int CANCELLED = 2;

  private final CorePartition partition;
  private final Signal signal;
  private final AtomicInteger state = new AtomicInteger(WAITING);

  Fence(CorePartition partition, Signal signal) {
    super(partition.index());
    this.partition = partition;
    this.signal = signal;
  }

  @Override
  protected void run() {
    if (state.compareAndSet(WAITING, RAN)) {
      partition.retire();
      signal.countDown();
    }
  }

  /**
   * Takes the fence back.
   *
   * @return true if the partition had been retired and was reinstated
   */
  boolean cancel() {
    if (state.compareAndSet(WAITING, CANCELLED)) {
      return false;
    }
    partition.reinstate();
    return true;
  }

  boolean hasRun() {
    return state.get() == RAN;
  }
}
