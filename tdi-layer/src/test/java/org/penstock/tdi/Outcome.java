package org.penstock.tdi;

import java.util.concurrent.atomic.AtomicInteger;
import org.penstock.api.concurrency.ExecutionLevel;

/** A request and what it was completed with; a second completion of one use is an error. */
final class Outcome {

  private final Request request = Request.of(this::completed);
  private final AtomicInteger completions = new AtomicInteger();
  private volatile Status status = Status.PENDING;
  private volatile long count;
  private volatile ExecutionLevel level = ExecutionLevel.PASSIVE;

  private void completed(Request of, Status how, long bytes) {
    level = ExecutionLevel.current();
    count = bytes;
    status = how;
    completions.incrementAndGet();
  }

  Request request() {
    return request;
  }

  /** How it ended; PENDING before. */
  Status status() {
    if (completions.get() > 1) {
      throw new AssertionError("completed " + completions.get() + " times");
    }
    if (completions.get() == 1 && level != ExecutionLevel.DISPATCH) {
      throw new AssertionError("completed at level " + level);
    }
    return status;
  }

  long count() {
    return count;
  }
}
