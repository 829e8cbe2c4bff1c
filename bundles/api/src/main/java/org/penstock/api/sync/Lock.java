package org.penstock.api.sync;

import org.osgi.annotation.versioning.ConsumerType;
import org.penstock.api.runtime.StackRuntime;

/**
 * What one thread holds at a time; everything a holder wrote is visible to the next. Not
 * re-entrant. Its waits are not cut short by an interrupt: what it guards is short.
 */
@ConsumerType
public interface Lock {

  /**
   * Takes the lock if that is possible without waiting. When it fails, some thread holds the lock
   * or is about to take it, and will {@link #unlock} it: who leaves work to that thread may rely on
   * it looking afterwards.
   */
  boolean tryLock();

  /**
   * Takes the lock, waiting as long as it takes.
   *
   * @throws IllegalStateException if the caller holds it already
   */
  default void lock() {
    lock(StackRuntime.NEVER);
  }

  /**
   * Takes the lock, waiting until the deadline.
   *
   * @param deadlineNanos by {@link StackRuntime#nanoTime}, or {@link StackRuntime#NEVER}
   * @return false if the deadline came first
   * @throws IllegalStateException if the caller holds it already
   */
  boolean lock(long deadlineNanos);

  /**
   * Gives the lock back.
   *
   * @throws IllegalStateException if the caller does not hold it
   */
  void unlock();

  /** True if the calling thread holds the lock. */
  boolean isHeldByCaller();
}
