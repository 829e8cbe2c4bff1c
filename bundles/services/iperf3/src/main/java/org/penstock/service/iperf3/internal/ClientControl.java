package org.penstock.service.iperf3.internal;

import com.google.gson.JsonObject;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.penstock.api.runtime.Parker;
import org.penstock.api.runtime.StackRuntime;
import org.penstock.service.iperf3.Iperf3Exception;
import org.penstock.tdi.ConnectionEndpoint;
import org.penstock.tdi.ReceiveFlags;
import org.penstock.tdi.Request;
import org.penstock.tdi.Status;
import org.penstock.tdi.TransportException;

/**
 * The client's end of the control connection. Its thread sleeps until the server says something, a
 * deadline comes, or somebody wakes it.
 */
final class ClientControl {

  /** How long the other end may take for its next step. */
  static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final int PIECE = 4096;

  private final ConnectionEndpoint endpoint;
  private final StackRuntime runtime;
  private final Parker parker;
  private final MemorySegment piece = MemorySegment.ofArray(new byte[PIECE]);
  private final Request receive = Request.of(this::received);
  private final ControlInput input = new ControlInput();
  private @Nullable Status over;

  /** A control connection over a connected endpoint, for the calling thread. */
  ClientControl(ConnectionEndpoint endpoint, StackRuntime runtime) {
    this.endpoint = endpoint;
    this.runtime = runtime;
    this.parker = runtime.parker();
    listen();
  }

  private void listen() {
    endpoint.receive(receive, piece, 0, PIECE, ReceiveFlags.NORMAL);
  }

  private void received(Request request, Status status, long count) {
    boolean more = status == Status.SUCCESS && count > 0;
    synchronized (input) {
      if (more) {
        input.feed(piece, 0, (int) count);
      } else {
        over = status == Status.SUCCESS ? Status.CONNECTION_RESET : status;
      }
    }
    if (more) {
      listen();
    }
    parker.unpark();
  }

  /** Ends the present or the next {@link #sleep}; from any thread. */
  void wake() {
    parker.unpark();
  }

  /** Sleeps until woken, or a time by the runtime's clock; may return early. */
  void sleep(long deadlineNanos) throws Iperf3Exception {
    if (!parker.park(deadlineNanos)) {
      throw new Iperf3Exception("interrupted");
    }
  }

  /** Says something. */
  void say(byte... octets) throws Iperf3Exception {
    try {
      endpoint.send(ByteBuffer.wrap(octets), PATIENCE);
    } catch (TransportException e) {
      throw lost(e.status());
    }
  }

  /**
   * What the server has said, {@link ControlInput#NO_STATE} for nothing.
   *
   * @throws Iperf3Exception if it gives up, or is gone
   */
  int state() throws Iperf3Exception {
    synchronized (input) {
      int state = input.takeState();
      if (state == ControlInput.NO_STATE && over != null) {
        throw lost(over);
      }
      if (state == ControlState.ACCESS_DENIED
          || state == ControlState.SERVER_ERROR
          || state == ControlState.SERVER_TERMINATE) {
        throw new Iperf3Exception(ControlState.describe(state));
      }
      return state;
    }
  }

  /** Waits for the server to say one thing. */
  void await(int wanted) throws Iperf3Exception {
    long deadline = deadline();
    int state = state();
    while (state == ControlInput.NO_STATE) {
      sleepUntilLate(deadline);
      state = state();
    }
    if (state != wanted) {
      throw new Iperf3Exception(
          "the server says " + state + " where it should say " + wanted + ": no iperf3?");
    }
  }

  /** Waits for JSON. */
  JsonObject awaitJson() throws Iperf3Exception {
    long deadline = deadline();
    while (true) {
      synchronized (input) {
        JsonObject json = input.takeJson();
        if (json != null) {
          return json;
        } else if (over != null) {
          throw lost(over);
        }
      }
      sleepUntilLate(deadline);
    }
  }

  private long deadline() {
    return runtime.nanoTime() + PATIENCE.toNanos();
  }

  private void sleepUntilLate(long deadline) throws Iperf3Exception {
    if (runtime.nanoTime() - deadline >= 0) {
      throw new Iperf3Exception("the server has not answered for " + PATIENCE.toSeconds() + " s");
    }
    sleep(deadline);
  }

  private static Iperf3Exception lost(Status status) {
    return new Iperf3Exception("control connection: " + status.description());
  }
}
