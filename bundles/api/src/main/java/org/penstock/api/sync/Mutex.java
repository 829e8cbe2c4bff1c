package org.penstock.api.sync;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;
import org.penstock.api.runtime.Parker;
import org.penstock.api.runtime.StackRuntime;

/**
 * A mutual exclusion lock that waits through {@link StackRuntime}. It is not re-entrant, and its
 * wait is not cut short by an interrupt: what it guards is short. Everything a holder wrote is
 * visible to the next.
 *
 * <p>A running thread may pass one that is being woken, which keeps the lock busy instead of idle
 * for the length of a wake-up. A waiter that was passed {@value #PATIENCE} times becomes the
 * <em>heir</em>: nobody else gets the lock before it, so that no waiter without a deadline starves.
 */
public final class Mutex implements Lock {

  private static final int PATIENCE = 16;
  private static final VarHandle OWNER;
  private static final VarHandle HEIR;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      OWNER = lookup.findVarHandle(Mutex.class, "owner", long.class);
      HEIR = lookup.findVarHandle(Mutex.class, "heir", WaitQueue.Node.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final StackRuntime runtime;
  private final int spins;
  private final WaitQueue waiters = new WaitQueue();
  private volatile long owner;
  private volatile WaitQueue.@Nullable Node heir;

  /** A mutex over the given runtime; it spins briefly before it parks if there are processors. */
  public Mutex(StackRuntime runtime) {
    this.runtime = runtime;
    this.spins = runtime.processors() > 1 ? 64 : 0;
  }

  /** Takes the lock if it is free and not promised to a heir. */
  @Override
  public boolean tryLock() {
    return owner == 0 && heir == null && OWNER.compareAndSet(this, 0L, runtime.threadId());
  }

  @Override
  public boolean lock(long deadlineNanos) {
    if (tryLock()) {
      return true;
    }
    if (isHeldByCaller()) {
      throw new IllegalStateException("lock by the thread that holds the mutex already");
    }
    for (int i = 0; i < spins; i++) {
      runtime.spinHint();
      if (tryLock()) {
        return true;
      }
    }
    return waitForIt(deadlineNanos);
  }

  private boolean waitForIt(long deadlineNanos) {
    Parker parker = runtime.parker();
    WaitQueue.Node node = waiters.add(parker);
    int passed = 0;
    while (!tryLockAs(node)) {
      if (deadlineNanos != StackRuntime.NEVER && runtime.nanoTime() >= deadlineNanos) {
        giveUp(node);
        return false;
      }
      parker.parkUninterruptibly(deadlineNanos);
      if (node.wasTaken() && heir != node) {
        // Woken by an unlock. Whoever passes us from here on owes us a wake-up, so line up again,
        // unless that happened too often.
        passed++;
        boolean inherits =
            passed >= PATIENCE
                && deadlineNanos == StackRuntime.NEVER
                && HEIR.compareAndSet(this, null, node);
        if (!inherits) {
          node = waiters.add(parker);
        }
      }
    }
    if (heir == node) {
      heir = null;
    } else {
      // If an unlock has just chosen this node, its wake-up is not lost: our own unlock wakes.
      waiters.remove(node);
    }
    return true;
  }

  private boolean tryLockAs(WaitQueue.Node node) {
    WaitQueue.Node first = heir;
    return owner == 0
        && (first == null || first == node)
        && OWNER.compareAndSet(this, 0L, runtime.threadId());
  }

  private void giveUp(WaitQueue.Node node) {
    if (!waiters.remove(node)) {
      // An unlock chose us: hand its wake-up on, or it would be lost.
      waiters.wakeFirst();
    }
  }

  @Override
  public void unlock() {
    if (!isHeldByCaller()) {
      throw new IllegalStateException("unlock by a thread that does not hold the mutex");
    }
    owner = 0;
    WaitQueue.Node first = heir;
    if (first != null) {
      first.wake();
    } else {
      waiters.wakeFirst();
    }
  }

  @Override
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
