package org.penstock.api.concurrency.support;

import org.jspecify.annotations.Nullable;
import org.penstock.api.concurrency.Awaited;
import org.penstock.api.runtime.Parker;
import org.penstock.api.runtime.StackRuntime;

/** A thread that sleeps outside until its attempt is signalled. */
final class Sleeper {

  final Sleepers home;
  final Parker parker;

  /** The list of those asleep, guarded by the exclusion. */
  @Nullable Sleeper next;

  @Nullable Sleeper previous;
  boolean listed;

  private final StackRuntime runtime;
  private volatile boolean signalled;
  private volatile boolean moved;

  Sleeper(Sleepers home, StackRuntime runtime) {
    this.home = home;
    this.runtime = runtime;
    this.parker = runtime.parker();
  }

  /** Before an attempt, inside: a signal from here on ends the next sleep. */
  void arm() {
    signalled = false;
  }

  /** Inside; false if it was signalled already. The parker is unparked after leaving. */
  boolean signal() {
    if (signalled) {
      return false;
    }
    signalled = true;
    return true;
  }

  /** The instance closes. */
  void move() {
    moved = true;
    parker.unpark();
  }

  /**
   * Sleeps.
   *
   * @return null if the attempt is to be tried again, else how the wait ends unless a last attempt
   *     succeeds
   */
  @Nullable Awaited sleep(long deadlineNanos) {
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
