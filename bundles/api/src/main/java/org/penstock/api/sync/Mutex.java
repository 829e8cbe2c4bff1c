package org.penstock.api.sync;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.penstock.api.runtime.Parker;
import org.penstock.api.runtime.StackRuntime;

/**
 * A mutual exclusion lock that waits through {@link StackRuntime}. It is not re-entrant, not fair
 * (a running thread may pass one that is being woken), and cannot be interrupted: what it guards is
 * short. Everything a holder wrote is visible to the next.
 */
public final class Mutex {

  private static final VarHandle OWNER;

  static {
    try {
      OWNER = MethodHandles.lookup().findVarHandle(Mutex.class, "owner", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final StackRuntime runtime;
  private final int spins;
  private final WaitQueue waiters = new WaitQueue();
  private volatile long owner;

  /** A mutex over the given runtime; it spins briefly before it parks if there are processors. */
  public Mutex(StackRuntime runtime) {
    this.runtime = runtime;
    this.spins = runtime.processors() > 1 ? 64 : 0;
  }

  /** Takes the lock if it is free. */
  public boolean tryLock() {
    return owner == 0 && OWNER.compareAndSet(this, 0L, runtime.threadId());
  }

  /** Takes the lock, waiting as long as it takes. */
  public void lock() {
    if (tryLock()) {
      return;
    }
    for (int i = 0; i < spins; i++) {
      runtime.spinHint();
      if (tryLock()) {
        return;
      }
    }
    Parker parker = runtime.parker();
    WaitQueue.Node node = waiters.add(parker);
    while (!tryLock()) {
      parker.park(StackRuntime.NEVER);
      if (node.wasTaken()) {
        node = waiters.add(parker);
      }
    }
    waiters.remove(node);
  }

  /**
   * Gives the lock back.
   *
   * @throws IllegalStateException if the caller does not hold it
   */
  public void unlock() {
    if (!isHeldByCaller()) {
      throw new IllegalStateException("unlock by a thread that does not hold the mutex");
    }
    owner = 0;
    Parker next = waiters.takeFirst();
    if (next != null) {
      next.unpark();
    }
  }

  /** True if the calling thread holds the lock. */
  public boolean isHeldByCaller() {
    return owner == runtime.threadId();
  }

  /** True if some thread holds the lock at this moment. */
  public boolean isLocked() {
    return owner != 0;
  }

  @Override
  public String toString() {
    long holder = owner;
    return "Mutex[" + (holder == 0 ? "free" : "held by thread " + holder) + "]";
  }
}
