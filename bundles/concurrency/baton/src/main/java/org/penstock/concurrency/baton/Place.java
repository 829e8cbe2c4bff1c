package org.penstock.concurrency.baton;

import java.util.concurrent.atomic.AtomicInteger;
import org.penstock.api.runtime.Parker;
import org.penstock.api.runtime.StackRuntime;

/** A thread's place in the line for the baton. */
final class Place {

  private static final int WAITING = 0;
  private static final int GRANTED = 1;
  private static final int LEFT = 2;

  /** Turns of waiting on the processor before the thread is put to sleep. */
  private static final int SPINS = 64;

  private final StackRuntime runtime;
  private final Parker parker;
  private final AtomicInteger state = new AtomicInteger(WAITING);

  /** For the calling thread. */
  Place(StackRuntime runtime) {
    this.runtime = runtime;
    this.parker = runtime.parker();
  }

  Parker parker() {
    return parker;
  }

  /** Gives the thread the baton; false if it has left. */
  boolean grant() {
    if (!state.compareAndSet(WAITING, GRANTED)) {
      return false;
    }
    parker.unpark();
    return true;
  }

  /** Waits for the baton; false if the deadline came first. */
  boolean await(long deadlineNanos) {
    int turns = runtime.processors() > 1 ? SPINS : 0;
    for (int i = 0; i < turns && state.get() == WAITING; i++) {
      runtime.spinHint();
    }
    while (state.get() == WAITING) {
      if (deadlineNanos != StackRuntime.NEVER && runtime.nanoTime() >= deadlineNanos) {
        return !state.compareAndSet(WAITING, LEFT);
      }
      parker.parkUninterruptibly(deadlineNanos);
    }
    return true;
  }
}
