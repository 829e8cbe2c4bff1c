package org.penstock.simulator;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.penstock.api.TransportAddress;
import org.penstock.core.api.TcpSettings;
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

/**
 * The application of a {@link PacketScript}: what it is told to do it asks of the transport layer,
 * at once; what arrives it reads as it comes unless it {@linkplain #stopReading stops}.
 */
public final class ScriptedApplication {

  private static final int MOST_READ = 64 * 1024;

  private final PacketScript script;
  private final AddressFile file;
  private final ConnectionEndpoint endpoint;
  private final ByteArrayOutputStream text = new ByteArrayOutputStream();
  private final MemorySegment buffer = MemorySegment.ofArray(new byte[MOST_READ]);
  private final Request opening = Request.of(this::opened);
  private final Request receiving = Request.of(this::received);
  private final List<Request> sending = new ArrayList<>();
  private boolean reading = true;
  private boolean connected;
  private boolean peerReleased;
  private @Nullable Status ended;

  ScriptedApplication(PacketScript script, Client client, TransportAddress local)
      throws TransportException {
    this.script = script;
    this.file = client.openAddress(Protocol.TCP, local);
    this.endpoint = client.openEndpoint(file, "script");
  }

  int port() {
    return file.local().port();
  }

  void connect(TransportAddress remote, TcpSettings settings) {
    endpoint.configure(Request.of((request, status, count) -> {}), settings);
    endpoint.connect(opening, remote, null);
    script.settle();
  }

  void listen() {
    endpoint.listen(opening, ListenOptions.ANY);
    script.settle();
  }

  // ---- what it does

  /** Sends text. */
  public void send(String ascii) {
    MemorySegment bytes = MemorySegment.ofArray(ascii.getBytes(StandardCharsets.US_ASCII));
    Request request = Request.of((done, status, count) -> {});
    sending.add(request);
    endpoint.send(request, bytes, 0, bytes.byteSize(), SendFlags.NONE);
    script.settle();
  }

  /** Sends so many octets. */
  public void send(int octets) {
    send("x".repeat(octets));
  }

  /** Releases its direction. */
  public void release() {
    endpoint.disconnect(Request.of((done, status, count) -> {}), Disconnect.RELEASE, null);
    script.settle();
  }

  /** Aborts the connection. */
  public void abort() {
    endpoint.disconnect(Request.of((done, status, count) -> {}), Disconnect.ABORT, null);
    script.settle();
  }

  /** Closes its endpoint: a connection that was not released is reset. */
  public void close() {
    endpoint.close();
    file.close();
    script.settle();
  }

  /** Reads nothing more after what it has asked for already. */
  public void stopReading() {
    reading = false;
  }

  /** Reads on. */
  public void startReading() {
    reading = true;
    receiveNext();
    script.settle();
  }

  // ---- what it was told

  /** It is connected. */
  public void expectConnected() {
    require(connected, "the application is not connected");
  }

  /** It has read exactly this so far. */
  public void expectText(String ascii) {
    String read = text.toString(StandardCharsets.US_ASCII);
    require(read.equals(ascii), "the application has read '" + read + "', not '" + ascii + "'");
  }

  /** It has read so many octets so far. */
  public void expectLength(int octets) {
    require(text.size() == octets, "the application has read " + text.size() + " octets");
  }

  /** It was told that the peer has released its direction. */
  public void expectPeerReleased() {
    require(peerReleased, "the application was not told of the peer's release");
  }

  /** It was told that the connection has ended, and how. */
  public void expectEnded(Status how) {
    require(ended == how, "the connection has ended " + ended + ", not " + how);
  }

  /** Its connection has not been ended by anybody else. */
  public void expectAlive() {
    require(ended == null, "the connection has ended " + ended);
  }

  private void require(boolean holds, String otherwise) {
    if (!holds) {
      throw script.failure(otherwise);
    }
  }

  // ---- completions

  private void opened(Request request, Status status, long count) {
    if (status == Status.SUCCESS) {
      connected = true;
      receiveNext();
    } else {
      ended = status;
    }
  }

  private void receiveNext() {
    if (reading && connected && !peerReleased && !receiving.isPending()) {
      endpoint.receive(receiving, buffer, 0, MOST_READ, ReceiveFlags.NORMAL);
    }
  }

  private void received(Request request, Status status, long count) {
    if (status != Status.SUCCESS) {
      ended = ended == null ? status : ended;
    } else if (count == 0) {
      peerReleased = true;
    } else {
      text.writeBytes(buffer.asSlice(0, count).toArray(ValueLayout.JAVA_BYTE));
      receiveNext();
    }
  }
}
