package org.penstock.concurrency.baton;

import org.penstock.api.runtime.StackRuntime;
import org.penstock.api.sync.Semaphore.Acquired;

/**
 * An event object as kernels have them: set or not set, and threads that wait until it is set. Its
 * methods are called by a thread that has the {@link Baton}; a wait gives the baton up while it
 * sleeps and has it again when it returns.
 *
 * <p>Setting an event and falling asleep in it can't miss each other: both need the baton. An event
 * that is set while nobody waits stays set.
 */
public final class BatonEvent extends BatonWaitable {

  /** How an event behaves once it is set. */
  public enum Kind {
    /** Auto-reset: lets one thread through, the first, and is not set any more. */
    SYNCHRONIZATION,
    /** Manual-reset: lets all threads through until it is reset. */
    NOTIFICATION
  }

  private final Kind kind;
  private boolean set;

  /** An event that is not set. */
  public BatonEvent(Baton baton, Kind kind) {
    super(baton);
    this.kind = kind;
  }

  /**
   * Sets it. The threads that this lets through stand in line for the baton from now on, before all
   * who come later.
   *
   * @throws IllegalStateException if the caller has not got the baton
   */
  public void set() {
    requireHeld("set");
    switch (kind) {
      case SYNCHRONIZATION -> set = set || !signalFirst();
      case NOTIFICATION -> {
        set = true;
        while (signalFirst()) {}
      }
    }
  }

  /**
   * Makes it not set.
   *
   * @throws IllegalStateException if the caller has not got the baton
   */
  public void reset() {
    requireHeld("reset");
    set = false;
  }

  /** True if the next wait returns at once; the caller has the baton. */
  public boolean isSet() {
    requireHeld("isSet");
    return set;
  }

  /**
   * Waits until it is set.
   *
   * @param deadlineNanos by {@link StackRuntime#nanoTime}, or {@link StackRuntime#NEVER}
   * @return how the wait ended; the caller has the baton in any case
   * @throws IllegalStateException if the caller has not got the baton
   */
  public Acquired await(long deadlineNanos) {
    return await("await", deadlineNanos);
  }

  @Override
  boolean take() {
    if (!set) {
      return false;
    }
    set = kind == Kind.NOTIFICATION;
    return true;
  }
}
