package org.penstock.concurrency.spinlock.internal;

import java.util.concurrent.atomic.AtomicBoolean;
import org.penstock.api.runtime.StackRuntime;

/**
 * A flag. Those who wait read it, each in its own cache, and write only when it looks free: the
 * line moves when the lock changes hands, and not while it is held.
 *
 * <p>Whoever is quickest gets it, and that is often the one that has just given it back. A waiter
 * that was passed {@value #PATIENCE} times claims the lock, and then nobody else gets it before.
 */
public final class TestAndTestAndSetLock extends SpinLock {

  private static final int PATIENCE = 16;

  private final AtomicBoolean taken = new AtomicBoolean();
  private final AtomicBoolean claimed = new AtomicBoolean();

  /** How often it was taken; written by the holder. */
  private volatile int changes;

  /** A free lock; see {@link org.penstock.concurrency.spinlock.SpinLockStrategy} for the turns. */
  public TestAndTestAndSetLock(StackRuntime runtime, int turns) {
    super(runtime, turns);
  }

  @Override
  boolean take() {
    return !claimed.get() && testAndSet();
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // the holder alone writes it
  private boolean testAndSet() {
    if (taken.get() || !taken.compareAndSet(false, true)) {
      return false;
    }
    changes = changes + 1;
    return true;
  }

  @Override
  void spinUntilTaken() {
    int before = changes;
    boolean mine = false;
    for (int turn = 0; mine ? !testAndSet() : !take(); turn++) {
      if (!mine && changes - before >= PATIENCE) {
        mine = claimed.compareAndSet(false, true);
      }
      spin(turn);
    }
    if (mine) {
      claimed.set(false);
    }
  }

  @Override
  void free() {
    taken.set(false);
  }
}
