package org.penstock.tdi;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;

/** Runs something in a thread of its own; a pool may have one only, and that one wait. */
public final class InThread {

  private InThread() {}

  public static <T> CompletableFuture<T> call(Callable<? extends T> body) {
    CompletableFuture<T> result = new CompletableFuture<>();
    Thread.ofPlatform()
        .daemon(true)
        .start(() -> {
          try {
            result.complete(body.call());
          } catch (Throwable e) {
            result.completeExceptionally(e);
          }
        });
    return result;
  }
}
