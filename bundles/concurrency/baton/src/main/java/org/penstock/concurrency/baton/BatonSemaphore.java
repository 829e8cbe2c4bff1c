package org.penstock.concurrency.baton;

import org.penstock.api.runtime.StackRuntime;
import org.penstock.api.sync.Semaphore.Acquired;

/**
 * A counting semaphore for threads that have the {@link Baton}: a thread that finds no permit gives
 * the baton up, sleeps, and has both when it wakes. A permit that is released while threads wait is
 * the first one's at once: nobody who comes later takes it away.
 */
public final class BatonSemaphore extends BatonWaitable {

  private int permits;

  /**
   * A semaphore with some permits.
   *
   * @throws IllegalArgumentException if the count is negative
   */
  public BatonSemaphore(Baton baton, int permits) {
    super(baton);
    if (permits < 0) {
      throw new IllegalArgumentException("a semaphore can't start with " + permits + " permits");
    }
    this.permits = permits;
  }

  /**
   * Takes a permit, waiting until the deadline.
   *
   * @param deadlineNanos by {@link StackRuntime#nanoTime}, or {@link StackRuntime#NEVER}
   * @return how the wait ended; the caller has the baton in any case
   * @throws IllegalStateException if the caller has not got the baton
   */
  public Acquired acquire(long deadlineNanos) {
    return await("acquire", deadlineNanos);
  }

  /**
   * Gives a permit: to the first who waits, if there is one.
   *
   * @throws IllegalStateException if the caller has not got the baton
   */
  public void release() {
    requireHeld("release");
    if (!signalFirst()) {
      permits++;
    }
  }

  /** The permits that nobody has taken; the caller has the baton. */
  public int available() {
    requireHeld("available");
    return permits;
  }

  @Override
  boolean take() {
    if (permits == 0) {
      return false;
    }
    permits--;
    return true;
  }
}
