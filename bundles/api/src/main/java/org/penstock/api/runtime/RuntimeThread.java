package org.penstock.api.runtime;

import org.osgi.annotation.versioning.ConsumerType;

/** A thread that {@link StackRuntime#start} started. All methods may be called from any thread. */
@ConsumerType
public interface RuntimeThread {

  /**
   * Waits until the thread has ended.
   *
   * @param deadlineNanos when to give up, by {@link StackRuntime#nanoTime}
   * @return true if it has ended; false at the deadline, or at once if the caller is interrupted
   *     (the interrupt stays set) or is this very thread
   */
  boolean join(long deadlineNanos);

  /** Interrupts the thread, as {@link Thread#interrupt} does. */
  void interrupt();

  /** True until the body has returned. */
  boolean isAlive();

  /** The stack of a thread that is stuck, one frame a line; empty where it can't be told. */
  String stackTrace();
}
