package org.penstock.core.internal.rim;

import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.penstock.api.runtime.Parker;
import org.penstock.api.runtime.RuntimeThread;
import org.penstock.api.runtime.StackRuntime;

/**
 * A call into a plug-in that is waited for within bounds: it is made by a thread of its own, so
 * that a plug-in which hangs holds up that thread and nobody else. In a runtime that has no threads
 * to give, a simulation's, the caller makes the call itself.
 *
 * @param <T> what the plug-in returns
 */
public final class BoundedCall<T> {

  /**
   * How a call has ended. Exactly one of the three says something, but for a call that returned
   * null.
   *
   * @param result what it returned
   * @param thrown what it threw
   * @param hangsAt the stack of the thread that had not returned by the deadline
   * @param <T> what the plug-in returns
   */
  public record Outcome<T>(
      @Nullable T result, @Nullable Throwable thrown, @Nullable String hangsAt) {

    /** True if it came back by itself, whatever it brought. */
    public boolean isBack() {
      return hangsAt == null;
    }
  }

  private final StackRuntime runtime;
  private final Callable<T> body;
  private final Consumer<? super T> late;
  private final Parker parker;
  private final AtomicReference<@Nullable Outcome<T>> end = new AtomicReference<>();

  private BoundedCall(StackRuntime runtime, Callable<T> body, Consumer<? super T> late) {
    this.runtime = runtime;
    this.body = body;
    this.late = late;
    this.parker = runtime.parker();
  }

  /**
   * Makes a call. An interrupt of the caller does not cut the wait short, and stays set. A thread
   * that is late is interrupted, and nobody waits for it any more.
   *
   * @param name of the thread
   * @param deadlineNanos when to stop waiting
   * @param late is given what comes after the deadline, by the late thread
   */
  public static <T> Outcome<T> make(
      StackRuntime runtime,
      String name,
      long deadlineNanos,
      Callable<T> body,
      Consumer<? super T> late) {
    BoundedCall<T> call = new BoundedCall<>(runtime, body, late);
    RuntimeThread thread;
    try {
      thread = runtime.start(name, call::run);
    } catch (UnsupportedOperationException e) {
      return call.outcome();
    }
    return call.await(thread, deadlineNanos);
  }

  private Outcome<T> await(RuntimeThread thread, long deadlineNanos) {
    Outcome<T> ended = end.get();
    while (ended == null) {
      if (runtime.nanoTime() >= deadlineNanos) {
        Outcome<T> hangs = new Outcome<>(null, null, thread.stackTrace());
        if (end.compareAndSet(null, hangs)) {
          thread.interrupt();
          return hangs;
        }
      } else {
        parker.parkUninterruptibly(deadlineNanos);
      }
      ended = end.get();
    }
    // It has nothing left to do: whoever looks for threads that were left behind finds none.
    thread.join(deadlineNanos);
    return ended;
  }

  private void run() {
    Outcome<T> outcome = outcome();
    if (end.compareAndSet(null, outcome)) {
      parker.unpark();
    } else if (outcome.result() != null) {
      late.accept(outcome.result());
    }
  }

  private Outcome<T> outcome() {
    try {
      return new Outcome<>(body.call(), null, null);
    } catch (Throwable e) {
      return new Outcome<>(null, e, null);
    }
  }
}
