package org.penstock.api.concurrency.support;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.penstock.api.concurrency.Section;
import org.penstock.api.runtime.Parker;
import org.penstock.api.runtime.StackRuntime;

/**
 * What a thread puts into a mailbox and waits for. It is a section only to fit into the queue; the
 * partition's thread serves it by {@link #serve}.
 */
abstract class MailboxRequest<R> extends Section {

  /** Turns of waiting on the processor before the thread is put to sleep. */
  private static final int SPINS = 64;

  private static final Object OPEN = new Object();
  private static final Object SLEEPING = new Object();

  private final StackRuntime runtime;
  private final Parker parker;

  /** {@link #OPEN}, {@link #SLEEPING}, the result, or the exception. */
  private final AtomicReference<Object> state = new AtomicReference<>(OPEN);

  MailboxRequest(StackRuntime runtime, Parker parker, int cell) {
    super(cell);
    this.runtime = runtime;
    this.parker = parker;
  }

  /** Serves it, inside; on the partition's thread. */
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

  /** Has its end unpark who waits for it. */
  final void willSleep() {
    state.compareAndSet(OPEN, SLEEPING);
  }

  /** Sleeps until it has ended. */
  final void sleep() {
    willSleep();
    while (!isEnded()) {
      parker.parkUninterruptibly(StackRuntime.NEVER);
    }
  }

  /** Sleeps once; false if the thread's interrupt status is set. */
  final boolean sleep(long deadlineNanos) {
    willSleep();
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
