package org.penstock.core.internal.rim;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The section that retires a partition: it runs inside the old exclusion, so that whatever comes
 * after it was either done before or is passed on.
 */
final class Fence extends Housekeeping {

  private static final int WAITING = 0;
  private static final int RAN = 1;
  private static final int CANCELLED = 2;

  private final CorePartition partition;
  private final Signal signal;
  private volatile @Nullable Signal told;
  private final AtomicInteger state = new AtomicInteger(WAITING);

  Fence(CorePartition partition, Signal signal) {
    super(partition.index());
    this.partition = partition;
    this.signal = signal;
  }

  @Override
  protected void run() {
    if (state.get() == WAITING) {
      partition.retire(this);
    }
  }

  @Override
  void passedOn() {
    // Not run: whether somebody is inside at this moment, the partition alone knows.
    partition.retireIfCondemned();
  }

  CorePartition partition() {
    return partition;
  }

  /** By the partition, which has just been retired; false if that was called off meanwhile. */
  boolean reach() {
    if (state.compareAndSet(WAITING, RAN)) {
      signal.countDown();
      Signal also = told;
      if (also != null) {
        also.countDown();
      }
      return true;
    }
    return state.get() == RAN;
  }

  /** Has another signal count down too when it is reached. */
  void tell(Signal another) {
    told = another;
    if (hasRun()) {
      another.countDown();
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
