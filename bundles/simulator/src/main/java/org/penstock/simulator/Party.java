package org.penstock.simulator;

import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.penstock.api.TransportAddress;
import org.penstock.core.api.Chunk;
import org.penstock.tdi.AddressFile;
import org.penstock.tdi.Client;
import org.penstock.tdi.ConnectionEndpoint;
import org.penstock.tdi.Disconnect;
import org.penstock.tdi.ListenOptions;
import org.penstock.tdi.Protocol;
import org.penstock.tdi.ReceiveFlags;
import org.penstock.tdi.Request;
import org.penstock.tdi.SendFlags;
import org.penstock.tdi.Status;
import org.penstock.tdi.TransportException;
import org.penstock.testkit.ContentVerifier;
import org.penstock.testkit.SeededContent;

/**
 * One side of a transfer, a client of the transport layer: sends its content in pieces of random
 * size, by copy and in place, releases its direction after the last, and compares what it receives
 * until the peer has released. Runs on the thread that drives the stacks.
 */
final class Party {

  private static final int MOST_PIECE = 64 * 1024;

  private final String name;
  private final Client client;
  private final AddressFile file;
  private final ConnectionEndpoint endpoint;
  private final SeededContent outgoing;
  private final ContentVerifier incoming;
  private final SplittableRandom chance;
  private final MemorySegment source = MemorySegment.ofArray(new byte[MOST_PIECE]);
  private final MemorySegment target = MemorySegment.ofArray(new byte[MOST_PIECE]);

  private final Request opening = Request.of(this::opened);
  private final Request sending = Request.of(this::sent);
  private final Request receiving = Request.of(this::received);
  private final Request releasing = Request.of(this::released);

  private long sentBytes;
  private boolean releaseDone;
  private boolean receiveDone;
  private @Nullable String failure;

  /**
   * A side that is not connected.
   *
   * @param local where; port 0 draws one
   * @param incoming what is to be received
   */
  Party(
      String name,
      Client client,
      TransportAddress local,
      SeededContent outgoing,
      SeededContent incoming,
      long seed)
      throws TransportException {
    this.name = name;
    this.client = client;
    this.file = client.openAddress(Protocol.TCP, local);
    this.endpoint = client.openEndpoint(file, name);
    this.outgoing = outgoing;
    this.incoming = incoming.verifier();
    this.chance = new SplittableRandom(seed);
  }

  void listen() {
    endpoint.listen(opening, ListenOptions.ANY);
  }

  void connect(TransportAddress remote) {
    endpoint.connect(opening, remote, null);
  }

  /** True when both directions were released, and each end knows. */
  boolean isDone() {
    return releaseDone && receiveDone;
  }

  /** What went wrong, or null. */
  @Nullable String failure() {
    return failure;
  }

  /** Where it stands, for the message of a run that hangs. */
  String progress() {
    return String.format(
        "%s: endpoint %s, %d of %d bytes sent%s, %d received%s",
        name,
        endpoint.state().symbol(),
        sentBytes,
        outgoing.length(),
        releaseDone ? " and released" : "",
        incoming.position(),
        receiveDone ? " and all" : "");
  }

  /** Closes everything it opened; at passive level. */
  void close() {
    endpoint.close();
    file.close();
  }

  private void opened(Request request, Status status, long count) {
    if (succeeded("opening", status)) {
      receiveNext();
      sendNext();
    }
  }

  private void sendNext() {
    long left = outgoing.length() - sentBytes;
    if (left == 0) {
      endpoint.disconnect(releasing, Disconnect.RELEASE, null);
      return;
    }
    int piece = (int) Math.min(left, 1 + chance.nextInt(MOST_PIECE));
    Chunk chunk = chance.nextBoolean() ? client.lease(piece) : null;
    if (chunk == null) {
      outgoing.fill(sentBytes, source.asSlice(0, piece));
      endpoint.send(sending, source, 0, piece, SendFlags.NONE);
    } else {
      int whole = Math.min(piece, chunk.capacity());
      outgoing.fill(sentBytes, chunk.segment().asSlice(0, whole));
      endpoint.send(sending, chunk, 0, whole, SendFlags.NONE);
    }
  }

  private void sent(Request request, Status status, long count) {
    if (succeeded("sending", status)) {
      sentBytes += count;
      sendNext();
    }
  }

  private void receiveNext() {
    int piece = 1 + chance.nextInt(MOST_PIECE);
    endpoint.receive(receiving, target, 0, piece, ReceiveFlags.NORMAL);
  }

  private void received(Request request, Status status, long count) {
    if (!succeeded("receiving", status)) {
      return;
    }
    if (count > 0) {
      incoming.accept(target.asSlice(0, count));
      if (incoming.firstWrongOffset() != ContentVerifier.NONE) {
        verify();
        return;
      }
      receiveNext();
    } else {
      receiveDone = true;
      verify();
    }
  }

  private void verify() {
    try {
      incoming.checkComplete();
    } catch (AssertionError wrong) {
      fail(String.valueOf(wrong.getMessage()));
    }
  }

  private void released(Request request, Status status, long count) {
    releaseDone = succeeded("releasing", status);
  }

  private boolean succeeded(String what, Status status) {
    if (status != Status.SUCCESS) {
      fail(what + " ended " + status);
    }
    return status == Status.SUCCESS;
  }

  private void fail(String what) {
    if (failure == null) {
      failure = name + ": " + what;
    }
  }
}
