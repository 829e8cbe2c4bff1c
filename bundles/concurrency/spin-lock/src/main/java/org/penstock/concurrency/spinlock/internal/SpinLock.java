package org.penstock.concurrency.spinlock.internal;

import org.penstock.api.runtime.StackRuntime;
import org.penstock.api.sync.Lock;

/** What the spin locks have in common: who holds them, and how one spins. */
abstract class SpinLock implements Lock {

  private final StackRuntime runtime;
  private final int turns;
  private volatile long owner;

  SpinLock(StackRuntime runtime, int turns) {
    this.runtime = runtime;
    this.turns = turns;
  }

  /** Takes it if it is free. */
  abstract boolean take();

  /** Takes it as soon as possible. */
  abstract void spinUntilTaken();

  /** Makes it free. */
  abstract void free();

  @Override
  public final boolean tryLock() {
    if (!take()) {
      return false;
    }
    owner = runtime.threadId();
    return true;
  }

  @Override
  public final boolean lock(long deadlineNanos) {
    if (tryLock()) {
      return true;
    }
    if (isHeldByCaller()) {
      throw new IllegalStateException("lock by the thread that holds the spin lock already");
    }
    if (deadlineNanos == StackRuntime.NEVER) {
      spinUntilTaken();
      owner = runtime.threadId();
      return true;
    }
    // One that may give up stands in no line: nobody would take its place out.
    for (int turn = 0; runtime.nanoTime() < deadlineNanos; turn++) {
      spin(turn);
      if (tryLock()) {
        return true;
      }
    }
    return false;
  }

  @Override
  public final void unlock() {
    if (!isHeldByCaller()) {
      throw new IllegalStateException("unlock by a thread that does not hold the spin lock");
    }
    owner = 0;
    free();
  }

  @Override
  public final boolean isHeldByCaller() {
    return owner == runtime.threadId();
  }

  /** One turn of waiting; the turns of a wait are counted from 0. */
  final void spin(int turn) {
    if (turns != 0 && turn % turns == turns - 1) {
      // Unlike a kernel at dispatch level we may have been scheduled in place of the holder.
      runtime.giveWay();
    } else {
      runtime.spinHint();
    }
  }
}
