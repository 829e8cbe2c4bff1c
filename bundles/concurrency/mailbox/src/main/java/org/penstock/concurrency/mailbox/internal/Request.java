package org.penstock.concurrency.mailbox.internal;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.penstock.api.concurrency.Section;
import org.penstock.api.runtime.Parker;
import org.penstock.api.runtime.StackRuntime;

/**
 * What a thread puts into the mailbox and waits for. It is a section only to fit into the queue;
 * the stack thread serves it by {@link #serve}.
 */
abstract class Request<R> extends Section {

  /** Turns of waiting on the processor before the thread is put to sleep. */
  private static final int SPINS = 64;

  private static final Object OPEN = new Object();
  private static final Object SLEEPING = new Object();

  private final StackRuntime runtime;
  private final Parker parker;

  /** {@link #OPEN}, {@link #SLEEPING}, the result, or the exception. */
  private final AtomicReference<Object> state = new AtomicReference<>(OPEN);

  Request(StackRuntime runtime, int cell) {
    super(cell);
    this.runtime = runtime;
    this.parker = runtime.parker();
  }

  /** Serves it, inside; on the stack thread. */
  abstract void serve();

  /** Ends it without having run: the instance is closed. */
  abstract void refuse();

  @Override
  protected final void run() {
    throw new AssertionError("a request is served, not run");
  }

  final void complete(R result) {
    end(result);
  }

  final void fail(Throwable cause) {
    end(new Failure(cause));
  }

  private void end(Object outcome) {
    if (state.getAndSet(outcome) == SLEEPING) {
      parker.unpark();
    }
  }

  final boolean isEnded() {
    Object now = state.get();
    return now != OPEN && now != SLEEPING;
  }

  /** Spins for a short while. */
  final void spin() {
    int turns = runtime.processors() > 1 ? SPINS : 0;
    for (int i = 0; i < turns && !isEnded(); i++) {
      runtime.spinHint();
    }
  }

  /** Sleeps until it has ended. */
  final void sleep() {
    state.compareAndSet(OPEN, SLEEPING);
    while (!isEnded()) {
      parker.parkUninterruptibly(StackRuntime.NEVER);
    }
  }

  /** Sleeps once; false if the thread's interrupt status is set. */
  final boolean sleep(long deadlineNanos) {
    state.compareAndSet(OPEN, SLEEPING);
    return isEnded() || parker.park(deadlineNanos);
  }

  /** The result; throws what made it fail. */
  @SuppressWarnings("unchecked") // what is neither a mark nor a failure was put there by complete
  final R result() {
    Object outcome = Objects.requireNonNull(state.get());
    if (outcome instanceof Failure failure) {
      throw failure.rethrow();
    }
    return (R) outcome;
  }

  private record Failure(Throwable cause) {
    RuntimeException rethrow() {
      if (cause instanceof Error error) {
        throw error;
      }
      // The stack's side of a partition declares nothing checked.
      return cause instanceof RuntimeException unchecked
          ? unchecked
          : new IllegalStateException(cause);
    }
  }
}
