package org.penstock.simulator;

import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.penstock.api.TransportAddress;
import org.penstock.core.api.Chunk;
import org.penstock.simulator.PartyPlan.Burst;
import org.penstock.simulator.PartyPlan.Ending;
import org.penstock.tdi.AddressFile;
import org.penstock.tdi.Client;
import org.penstock.tdi.ConnectionEndpoint;
import org.penstock.tdi.Disconnect;
import org.penstock.tdi.EndpointState;
import org.penstock.tdi.ListenOptions;
import org.penstock.tdi.ReceiveFlags;
import org.penstock.tdi.Request;
import org.penstock.tdi.SendFlags;
import org.penstock.tdi.Status;
import org.penstock.tdi.TransportException;
import org.penstock.testkit.ContentVerifier;
import org.penstock.testkit.SeededContent;

/**
 * One side of a connection, a client of the transport layer that behaves as planned: sends its
 * content in pieces of random size, by copy and in place, and compares what it receives with what
 * the other side sends. What comes to it comes one after the other, on whatever thread; only {@link
 * #settle} and {@link #close} are for the simulation's own.
 */
final class Party {

  /** How it stands with a party. */
  enum Outcome {
    /** Waits for its connection. */
    OPENING,
    /** Connected. */
    OPEN,
    /** Sent, received and released all, and knows it. */
    DONE,
    /** Released, and left the rest to the stack. */
    LEFT,
    /** Aborted the connection. */
    ABORTED,
    /** Was told that the connection is over. */
    FAILED
  }

  private final String name;
  private final Client client;
  private final ConnectionEndpoint endpoint;
  private final PartyPlan plan;
  private final Clock clock;
  private final SeededContent outgoing;
  private final ContentVerifier incoming;
  private final SplittableRandom chance;
  private final MemorySegment source;
  private final MemorySegment target;

  private final Request configuring = Request.of(this::configured);
  private final Turns turns = new Turns();
  private final Line out;
  private final Line in;

  private Outcome outcome = Outcome.OPENING;
  private Status cause = Status.PENDING;
  private int burst;
  private boolean burstAwaited;
  private long allowed;
  private long sentBytes;
  private boolean releaseAsked;
  private boolean releaseDone;
  private boolean peerEnded;
  private boolean leaving;
  private boolean closed;
  private @Nullable String fault;

  /** The simulation's time, and a way to wait for another. */
  interface Clock {
    /** Runs something outside of every stack after that many nanoseconds. */
    void after(long nanos, Runnable what);

    /** Has the simulation look. */
    void news();

    /** The simulation's threads. */
    Crew crew();
  }

  /**
   * A side that is not connected.
   *
   * @param file where
   * @param incoming what is to be received
   */
  Party(
      String name,
      Client client,
      AddressFile file,
      PartyPlan plan,
      Clock clock,
      SeededContent outgoing,
      SeededContent incoming,
      long seed)
      throws TransportException {
    this.name = name;
    this.client = client;
    this.plan = plan;
    this.clock = clock;
    this.endpoint = client.openEndpoint(file, name);
    this.outgoing = outgoing;
    this.incoming = incoming.verifier();
    this.chance = new SplittableRandom(seed);
    this.source = MemorySegment.ofArray(new byte[plan.mostPiece()]);
    this.target = MemorySegment.ofArray(new byte[plan.mostRead()]);
    this.out = line("out");
    this.in = line("in");
  }

  private Line line(String way) {
    return plan.blocks()
        ? Line.ofCalls(turns, clock.crew(), name + " " + way)
        : Line.ofRequests(turns);
  }

  void listen() {
    endpoint.configure(configuring, plan.settings());
    out.issue(
        request -> endpoint.listen(request, ListenOptions.ANY),
        () -> {
          endpoint.listen(null);
          return 0;
        },
        this::opened);
  }

  void connect(TransportAddress remote) {
    endpoint.configure(configuring, plan.settings());
    out.issue(
        request -> endpoint.connect(request, remote, null),
        () -> {
          endpoint.connect(remote, null);
          return 0;
        },
        this::opened);
  }

  /** True from the time that it listens or connects. */
  boolean hasBegun() {
    return endpoint.state() != EndpointState.BOUND || isOver();
  }

  Outcome outcome() {
    return outcome;
  }

  /** True if nothing more will come of it. */
  boolean isOver() {
    return outcome != Outcome.OPENING && outcome != Outcome.OPEN;
  }

  /** Why it failed, if it did. */
  Status cause() {
    return cause;
  }

  /** True if it received everything and the peer's release. */
  boolean hasAll() {
    return peerEnded && incoming.isComplete();
  }

  /** Bytes received so far, all of them right. */
  long received() {
    return incoming.position();
  }

  /** What no network excuses, or null. */
  @Nullable String fault() {
    return fault;
  }

  /** Where it stands, for the message of a run that hangs. */
  String progress() {
    return String.format(
        "%s: %s, endpoint %s, %d of %d bytes sent%s, %d received%s",
        name,
        outcome == Outcome.FAILED ? "failed " + cause : outcome,
        endpoint.state().symbol(),
        sentBytes,
        outgoing.length(),
        releaseDone ? " and released" : releaseAsked ? " and releasing" : "",
        incoming.position(),
        peerEnded ? " and all" : "");
  }

  /** Stops waiting for a peer that is gone. */
  void giveUp() {
    outcome = Outcome.FAILED;
    cause = Status.CANCELLED;
  }

  /** Does what must not be done from within a completion. */
  void settle() {
    if (leaving && !closed) {
      outcome = Outcome.LEFT;
      close();
    }
  }

  /** Closes its endpoint; at passive level. */
  void close() {
    if (!closed) {
      closed = true;
      endpoint.close();
      out.stop();
      in.stop();
    }
  }

  // ---- opening

  private void configured(Request request, Status status, long count) {
    if (status != Status.SUCCESS) {
      fault("configuring ended " + status);
    }
  }

  private void opened(Status status, long count) {
    if (isAlive("opening", status)) {
      outcome = Outcome.OPEN;
      receiveNext();
      sendNext();
    }
  }

  // ---- sending

  private void sendNext() {
    if (outcome != Outcome.OPEN || out.isBusy() || releaseAsked) {
      return;
    }
    if (sentBytes < allowed) {
      send((int) Math.min(allowed - sentBytes, 1 + chance.nextInt(plan.mostPiece())));
    } else if (burst < plan.bursts().size()) {
      awaitBurst(plan.bursts().get(burst));
    } else {
      end();
    }
  }

  private void awaitBurst(Burst next) {
    boolean ready =
        next.afterReceived() == Burst.PEERS_END
            ? peerEnded
            : incoming.position() >= next.afterReceived();
    if (!ready || burstAwaited) {
      return;
    }
    if (next.pauseNanos() == 0) {
      begin(next);
    } else {
      burstAwaited = true;
      clock.after(
          next.pauseNanos(),
          () ->
              turns.run(() -> {
                burstAwaited = false;
                begin(next);
              }));
    }
  }

  private void begin(Burst next) {
    burst++;
    allowed += next.bytes();
    sendNext();
  }

  private void send(int piece) {
    Chunk chunk = chance.nextBoolean() ? client.lease(piece) : null;
    if (chunk == null) {
      outgoing.fill(sentBytes, source.asSlice(0, piece));
      out.issue(
          request -> endpoint.send(request, source, 0, piece, SendFlags.NONE),
          () -> {
            endpoint.send(source, 0, piece, null);
            return piece;
          },
          this::sent);
    } else {
      int whole = Math.min(piece, chunk.capacity());
      outgoing.fill(sentBytes, chunk.segment().asSlice(0, whole));
      out.issue(
          request -> endpoint.send(request, chunk, 0, whole, SendFlags.NONE),
          () -> {
            endpoint.send(chunk, 0, whole, null);
            return whole;
          },
          this::sent);
    }
  }

  private void sent(Status status, long count) {
    sentBytes += count;
    if (isAlive("sending", status)) {
      sendNext();
    }
  }

  private void end() {
    switch (plan.ending()) {
      case RELEASE -> release();
      case RELEASE_LAST -> {
        if (peerEnded) {
          release();
        }
      }
      case RELEASE_AND_CLOSE -> {
        release();
        leaving = true;
        clock.news();
      }
      case ABORT -> {
        outcome = Outcome.ABORTED;
        disconnect(Disconnect.ABORT, this::aborted);
        clock.news();
      }
    }
  }

  private void release() {
    releaseAsked = true;
    disconnect(Disconnect.RELEASE, this::released);
  }

  private void disconnect(Disconnect how, Line.Ended then) {
    out.issue(
        request -> endpoint.disconnect(request, how, null),
        () -> {
          endpoint.disconnect(how, null);
          return 0;
        },
        then);
  }

  private void released(Status status, long count) {
    if (isAlive("releasing", status)) {
      releaseDone = true;
      checkDone();
    }
  }

  private void aborted(Status status, long count) {
    // The connection may have gone in the same moment.
    if (status != Status.SUCCESS && status != Status.INVALID_CONNECTION) {
      fault("aborting ended " + status);
    }
  }

  // ---- receiving

  private void receiveNext() {
    if (outcome == Outcome.OPEN && !closed) {
      int piece = 1 + chance.nextInt(plan.mostRead());
      in.issue(
          request -> endpoint.receive(request, target, 0, piece, ReceiveFlags.NORMAL),
          () -> endpoint.receive(target, 0, piece, null),
          this::received);
    }
  }

  private void received(Status status, long count) {
    if (!isAlive("receiving", status)) {
      return;
    }
    if (count == 0) {
      peerEnded = true;
      verify(true);
      checkDone();
    } else {
      incoming.accept(target.asSlice(0, count));
      verify(false);
      if (plan.readPauseNanos() == 0) {
        receiveNext();
      } else {
        clock.after(plan.readPauseNanos(), () -> turns.run(this::receiveNext));
      }
    }
    sendNext();
  }

  private void verify(boolean all) {
    try {
      if (all) {
        incoming.checkComplete();
      } else {
        incoming.check();
      }
    } catch (AssertionError wrong) {
      fault(String.valueOf(wrong.getMessage()));
    }
  }

  // ---- the end

  private void checkDone() {
    if (releaseDone && peerEnded && outcome == Outcome.OPEN) {
      outcome = Outcome.DONE;
      clock.news();
    }
  }

  /** True if a request ended well; else the connection is over, or something is wrong. */
  private boolean isAlive(String what, Status status) {
    if (status == Status.SUCCESS) {
      return outcome != Outcome.ABORTED && outcome != Outcome.FAILED;
    }
    if (isOver() || closed) {
      // What was pending ends with the connection.
      return false;
    }
    switch (status) {
      case CONNECTION_RESET,
          CONNECTION_REFUSED,
          // The end came while nothing was pending; a request that came later found it gone.
          INVALID_CONNECTION,
          IO_TIMEOUT,
          HOST_UNREACHABLE,
          NETWORK_UNREACHABLE -> {
        outcome = Outcome.FAILED;
        cause = status;
        clock.news();
      }
      default -> fault(what + " ended " + status);
    }
    return false;
  }

  private void fault(String what) {
    if (fault == null) {
      fault = name + ": " + what;
      clock.news();
    }
  }

  /** True if its plan is to abort. */
  boolean aborts() {
    return plan.ending() == Ending.ABORT;
  }
}
