package org.penstock.core.internal.slot;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;
import org.penstock.api.runtime.RuntimeThread;
import org.penstock.api.runtime.StackRuntime;

/**
 * Whether a thread is inside a driver's code, and since when: a number that is odd while it is, and
 * never the same in two calls. Going in and out costs a plain store each. The {@link Watchdog}
 * looks at it from time to time, and a call in which it sees the number stand still hangs.
 *
 * <p>One thread at a time goes in and out; another one looks.
 */
final class CallMark {

  private static final VarHandle CALLS;

  static {
    try {
      CALLS = MethodHandles.lookup().findVarHandle(CallMark.class, "calls", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private long calls;

  // The watchdog's.
  private long seen;
  private int looks;

  /** True from before the watchdog interrupts until it has. */
  private volatile boolean interrupting;

  private volatile boolean interrupted;

  /** Before a call into the driver. */
  void enter() {
    CALLS.setOpaque(this, calls + 1);
  }

  /** After it, also where it threw. */
  void leave() {
    CALLS.setOpaque(this, calls + 1);
  }

  /** True if the calling thread, which is the one that goes in and out, is inside. */
  boolean isInside() {
    return (calls & 1) != 0;
  }

  /**
   * After a call of a driver that has failed meanwhile: takes the watchdog's interrupt away, which
   * was meant for the driver alone.
   */
  void settle(StackRuntime runtime) {
    while (interrupting) {
      runtime.spinHint();
    }
    if (interrupted) {
      interrupted = false;
      runtime.clearInterrupt();
    }
  }

  // ---- by the watchdog

  /** Looks; returns how many times in a row it has seen the same call under way, 0 for none. */
  int look() {
    long now = (long) CALLS.getAcquire(this);
    looks = (now & 1) == 0 ? 0 : now == seen ? looks + 1 : 1;
    seen = now;
    return looks;
  }

  /** True if somebody is inside; from any thread. */
  boolean isBusy() {
    return ((long) CALLS.getVolatile(this) & 1) != 0;
  }

  /**
   * Interrupts the thread if it still is in the call that was seen last. To be called a good while
   * after the driver was marked failed: a thread that comes out by then knows that it has to {@link
   * #settle}.
   */
  void interrupt(@Nullable RuntimeThread thread) {
    interrupting = true;
    if ((long) CALLS.getVolatile(this) == seen) {
      interruptNow(thread);
    }
    interrupting = false;
  }

  /** Interrupts the thread in whatever call it is; under the same condition. */
  void interruptAnyCall(@Nullable RuntimeThread thread) {
    interrupting = true;
    interruptNow(thread);
    interrupting = false;
  }

  private void interruptNow(@Nullable RuntimeThread thread) {
    if (thread != null) {
      interrupted = true;
      thread.interrupt();
    }
  }
}
