package org.penstock.simulator;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.penstock.api.runtime.Parker;
import org.penstock.api.runtime.StackRuntime;
import org.penstock.tdi.Request;
import org.penstock.tdi.Status;
import org.penstock.tdi.TransportException;

/**
 * An application's requests in one direction, one at a time: issued as such, with their end told by
 * the stack, or as blocking calls of a thread of its own.
 */
abstract class Line {

  /** A request. */
  interface Issue {
    void issue(Request request);
  }

  /** The same as a blocking call; returns its count. */
  interface Call {
    long call() throws TransportException;
  }

  /** What to do at its end. */
  interface Ended {
    void ended(Status status, long count);
  }

  private final Turns turns;
  private boolean busy;

  private Line(Turns turns) {
    this.turns = turns;
  }

  /** A line of asynchronous requests. */
  static Line ofRequests(Turns turns) {
    return new Requests(turns);
  }

  /** A line of blocking calls. */
  static Line ofCalls(Turns turns, Crew crew, String name) {
    Calls calls = new Calls(turns, crew.runtime());
    crew.start(name, calls::run);
    return calls;
  }

  /** True from an issue until its end was told. */
  boolean isBusy() {
    return busy;
  }

  /** Issues the next; {@code then} is called within the application's turns. */
  void issue(Issue issue, Call call, Ended then) {
    busy = true;
    begin(issue, call, then);
  }

  abstract void begin(Issue issue, Call call, Ended then);

  /** Takes no further requests. */
  abstract void stop();

  void ended(Ended then, Status status, long count) {
    turns.run(() -> {
      busy = false;
      then.ended(status, count);
    });
  }

  private static final class Requests extends Line {
    private final Request request = Request.of(this::completed);
    private @Nullable Ended then;

    Requests(Turns turns) {
      super(turns);
    }

    @Override
    void begin(Issue issue, Call call, Ended after) {
      then = after;
      issue.issue(request);
    }

    private void completed(Request done, Status status, long count) {
      ended(Objects.requireNonNull(then), status, count);
    }

    @Override
    void stop() {
      // It has nothing of its own.
    }
  }

  private static final class Calls extends Line {
    private final StackRuntime runtime;
    private @Nullable Parker parker;
    private @Nullable Call call;
    private @Nullable Ended then;
    private boolean stopped;

    Calls(Turns turns, StackRuntime runtime) {
      super(turns);
      this.runtime = runtime;
    }

    @Override
    void begin(Issue issue, Call next, Ended after) {
      then = after;
      call = next;
      wake();
    }

    @Override
    void stop() {
      stopped = true;
      wake();
    }

    private void wake() {
      Parker own = parker;
      if (own != null) {
        own.unpark();
      }
    }

    void run() {
      Parker own = runtime.parker();
      parker = own;
      while (!stopped) {
        Call next = call;
        if (next == null) {
          own.park(StackRuntime.NEVER);
        } else {
          call = null;
          make(next, Objects.requireNonNull(then));
        }
      }
    }

    private void make(Call next, Ended after) {
      Status status = Status.SUCCESS;
      long count = 0;
      try {
        count = next.call();
      } catch (TransportException e) {
        status = e.status();
      }
      ended(after, status, count);
    }
  }
}
