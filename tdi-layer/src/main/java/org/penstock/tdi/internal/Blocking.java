package org.penstock.tdi.internal;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.penstock.api.concurrency.ExecutionLevel;
import org.penstock.api.runtime.StackRuntime;
import org.penstock.tdi.Status;
import org.penstock.tdi.TransportException;

/**
 * A blocking call: an operation that a thread waits for, through the stack's strategy. Made before
 * the operation is issued, so that a call at the wrong level does nothing.
 */
final class Blocking {

  private final Resident object;
  private final String what;
  private final long deadlineNanos;
  private final Operation operation = new Operation(null);
  private final Waiter waiter;

  /**
   * A call to come.
   *
   * @param what the call and what it is about, for errors
   * @param timeout null to wait as long as it takes
   * @throws org.penstock.api.concurrency.WrongLevelException if the thread must not block
   */
  Blocking(Resident object, String what, @Nullable Duration timeout) {
    ExecutionLevel.requirePassive(what, object.gate().strategy());
    this.object = object;
    this.what = what;
    this.deadlineNanos = deadline(object.gate().runtime(), timeout);
    this.waiter = operation.waitedFor(object);
  }

  Operation operation() {
    return operation;
  }

  /** Waits for the operation that was issued; returns its count. */
  long await() throws TransportException {
    object.await(operation, waiter, what, deadlineNanos);
    if (operation.status() != Status.SUCCESS) {
      throw new TransportException(operation.status(), what);
    }
    return operation.count();
  }

  /** The nanoseconds of a timeout. */
  static long nanos(Duration timeout) {
    if (timeout.isNegative()) {
      throw new IllegalArgumentException("timeout " + timeout + " is negative");
    }
    try {
      return timeout.toNanos();
    } catch (ArithmeticException e) {
      return StackRuntime.NEVER;
    }
  }

  private static long deadline(StackRuntime runtime, @Nullable Duration timeout) {
    if (timeout == null) {
      return StackRuntime.NEVER;
    }
    long deadline = runtime.nanoTime() + nanos(timeout);
    return deadline < 0 ? StackRuntime.NEVER : deadline;
  }
}
