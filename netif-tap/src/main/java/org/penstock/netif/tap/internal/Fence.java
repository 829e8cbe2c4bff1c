package org.penstock.netif.tap.internal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.penstock.api.runtime.Parker;
import org.penstock.api.runtime.StackRuntime;

/**
 * Says when nobody is inside any more. One thread at a time enters and leaves; another closes it,
 * after which nobody gets in, and waits until the one inside has left. What stands behind it (a
 * descriptor, its memory) can then be taken away.
 *
 * <p>Entering is one atomic instruction, and no lock: the thread inside may run the whole stack.
 */
final class Fence {
  private static final int FREE = 0;
  private static final int INSIDE = 1;
  private static final int CLOSING = 2;
  private static final int CLOSED = 3;

  // How often the closing thread looks; the thread inside must not pay for waking it.
  private static final long LOOK_NANOS = 50_000;

  private static final VarHandle STATE;

  static {
    try {
      STATE = MethodHandles.lookup().findVarHandle(Fence.class, "state", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  @SuppressWarnings("unused") // by STATE
  private volatile int state = FREE;

  /** Enters, unless it is closed or closing. */
  boolean enter() {
    return STATE.compareAndSet(this, FREE, INSIDE);
  }

  /** Leaves, after {@link #enter} gave true. */
  void leave() {
    if (!STATE.compareAndSet(this, INSIDE, FREE)) {
      state = CLOSED;
    }
  }

  /** Lets nobody in from now on; does not wait. From any thread, any number of times. */
  void close() {
    if (!STATE.compareAndSet(this, FREE, CLOSED)) {
      STATE.compareAndSet(this, INSIDE, CLOSING);
    }
  }

  /**
   * Waits until the thread that was inside has left, after {@link #close}.
   *
   * @param deadlineNanos when to give up, by the runtime's clock
   * @return true if nobody is inside, and nobody will be
   */
  boolean await(StackRuntime runtime, long deadlineNanos) {
    if (isClosed()) {
      return true;
    }
    Parker parker = runtime.parker();
    boolean interrupted = false;
    while (!isClosed() && runtime.nanoTime() < deadlineNanos) {
      if (!parker.park(Math.min(deadlineNanos, runtime.nanoTime() + LOOK_NANOS))) {
        // The wait is bounded anyway, and what it protects matters more than leaving early.
        interrupted |= Thread.interrupted();
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return isClosed();
  }

  /** True if nobody is inside, and nobody will be. */
  boolean isClosed() {
    return state == CLOSED;
  }
}
