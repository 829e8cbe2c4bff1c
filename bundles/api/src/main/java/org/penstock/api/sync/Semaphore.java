package org.penstock.api.sync;

import java.util.concurrent.atomic.AtomicInteger;
import org.penstock.api.runtime.Parker;
import org.penstock.api.runtime.StackRuntime;

/** A counting semaphore that waits through {@link StackRuntime}; not fair. */
public final class Semaphore {

  /** How a wait ended. */
  public enum Acquired {
    /** A permit was taken. */
    TAKEN,
    /** The deadline came first. */
    TIMED_OUT,
    /** The caller's interrupt status was set; it still is. */
    INTERRUPTED
  }

  private final StackRuntime runtime;
  private final AtomicInteger permits;
  private final WaitQueue waiters = new WaitQueue();

  /**
   * A semaphore with some permits.
   *
   * @throws IllegalArgumentException if the count is negative
   */
  public Semaphore(StackRuntime runtime, int permits) {
    if (permits < 0) {
      throw new IllegalArgumentException("a semaphore can't start with " + permits + " permits");
    }
    this.runtime = runtime;
    this.permits = new AtomicInteger(permits);
  }

  /** Takes a permit if there is one. */
  public boolean tryAcquire() {
    int seen = permits.get();
    while (seen > 0) {
      if (permits.compareAndSet(seen, seen - 1)) {
        return true;
      }
      seen = permits.get();
    }
    return false;
  }

  /**
   * Takes a permit, waiting until the deadline.
   *
   * @param deadlineNanos by {@link StackRuntime#nanoTime}, or {@link StackRuntime#NEVER}
   */
  public Acquired acquire(long deadlineNanos) {
    if (tryAcquire()) {
      return Acquired.TAKEN;
    }
    Parker parker = runtime.parker();
    WaitQueue.Node node = waiters.add(parker);
    while (!tryAcquire()) {
      boolean interrupted = !parker.park(deadlineNanos);
      boolean late = deadlineNanos != StackRuntime.NEVER && runtime.nanoTime() >= deadlineNanos;
      if (interrupted || late) {
        if (!waiters.remove(node)) {
          // A release chose us: hand its wake-up on, or it would be lost.
          waiters.wakeFirst();
        }
        return interrupted ? Acquired.INTERRUPTED : Acquired.TIMED_OUT;
      }
      if (node.wasTaken()) {
        node = waiters.add(parker);
      }
    }
    if (!waiters.remove(node)) {
      // A later release chose us while we already had a permit: its own goes to the next.
      waiters.wakeFirst();
    }
    return Acquired.TAKEN;
  }

  /** Gives a permit and wakes one waiter. */
  public void release() {
    permits.incrementAndGet();
    waiters.wakeFirst();
  }

  /** The permits free at this moment. */
  public int available() {
    return permits.get();
  }
}
