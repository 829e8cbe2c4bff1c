package org.penstock.core.api;

import org.osgi.annotation.versioning.ProviderType;

/** A timer of a cell's wheel. Owned by the cell: all methods are called inside it. */
@ProviderType
public interface CellTimer {

  /**
   * Sets or moves the deadline.
   *
   * @param deadlineNanos by the runtime's clock; one that is past expires in the next run of timers
   */
  void arm(long deadlineNanos);

  /** Takes the deadline away. */
  void cancel();

  /** True between {@link #arm} and expiry or {@link #cancel}. */
  boolean isArmed();
}
