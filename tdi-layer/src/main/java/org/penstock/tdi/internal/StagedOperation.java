package org.penstock.tdi.internal;

import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.penstock.tdi.Request;
import org.penstock.tdi.Status;
import org.penstock.tdi.TransportException;

/** A request whose completion completes a stage; cancelling the stage cancels the request. */
final class StagedOperation<T> extends CompletableFuture<T> {

  private final Operation operation;
  private final Function<? super Request, ? extends T> result;
  private final String what;

  /**
   * A stage, not yet issued.
   *
   * @param what the request and what it is about, for the error
   * @param result what the stage completes with where the request succeeds
   */
  StagedOperation(String what, Function<? super Request, ? extends T> result) {
    this.what = what;
    this.result = result;
    this.operation = new Operation(this::completed);
  }

  Operation operation() {
    return operation;
  }

  private void completed(Request request, Status status, long count) {
    if (status == Status.SUCCESS) {
      complete(result.apply(request));
    } else {
      completeExceptionally(new TransportException(status, what));
    }
  }

  @Override
  public boolean cancel(boolean mayInterruptIfRunning) {
    boolean cancelled = super.cancel(mayInterruptIfRunning);
    operation.cancel();
    return cancelled;
  }
}
