package org.penstock.api.concurrency.support;

import org.jspecify.annotations.Nullable;
import org.penstock.api.concurrency.Awaited;
import org.penstock.api.runtime.Parker;
import org.penstock.api.runtime.StackRuntime;

/** Sleeps in a parker, and takes the lock like any other when it wakes. */
final class ParkedSleep implements Sleep {

  private final StackRuntime runtime;
  private final Parker parker;
  private volatile boolean signalled;
  private volatile boolean moved;

  ParkedSleep(StackRuntime runtime) {
    this.runtime = runtime;
    this.parker = runtime.parker();
  }

  @Override
  public void arm() {
    signalled = false;
  }

  @Override
  public void prepare() {
    // A signal that comes before the thread parks leaves its mark.
  }

  @Override
  public @Nullable Parker signal() {
    if (signalled) {
      return null;
    }
    signalled = true;
    return parker;
  }

  @Override
  public void move() {
    moved = true;
    parker.unpark();
  }

  @Override
  public @Nullable Awaited sleep(long deadlineNanos) {
    while (true) {
      if (moved) {
        return Awaited.MOVED;
      }
      // Before the signal: signals that never help must not keep a wait from its deadline.
      if (deadlineNanos != StackRuntime.NEVER && runtime.nanoTime() >= deadlineNanos) {
        return Awaited.TIMED_OUT;
      }
      if (signalled) {
        return null;
      }
      if (!parker.park(deadlineNanos)) {
        return moved ? Awaited.MOVED : Awaited.INTERRUPTED;
      }
    }
  }
}
