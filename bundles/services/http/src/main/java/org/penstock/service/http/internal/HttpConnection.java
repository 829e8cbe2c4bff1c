package org.penstock.service.http.internal;

import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.penstock.core.api.Chunk;
import org.penstock.tdi.Client;
import org.penstock.tdi.ConnectionEndpoint;
import org.penstock.tdi.Disconnect;
import org.penstock.tdi.EndpointState;
import org.penstock.tdi.TransportException;

/** Serves the requests of one connection, one after the other, on its own virtual thread. */
final class HttpConnection {

  private static final System.Logger LOG = System.getLogger("org.penstock.service.http");
  private static final int HEAD_LIMIT = 16 * 1024;
  private static final int PIECE = 64 * 1024;
  // RFC 9110 §5.6.7: a day of two digits, which the JDK's own RFC 1123 format has not.
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT);
  private static final Duration IDLE = Duration.ofSeconds(60);
  private static final Duration STALLED = Duration.ofSeconds(60);
  private static final Duration LINGER = Duration.ofSeconds(10);

  private final Client client;
  private final ConnectionEndpoint endpoint;
  private final Path root;
  private final ByteBuffer received = ByteBuffer.allocate(HEAD_LIMIT).flip();

  /**
   * A connection.
   *
   * @param root a real path
   */
  HttpConnection(Client client, ConnectionEndpoint endpoint, Path root) {
    this.client = client;
    this.endpoint = endpoint;
    this.root = root;
  }

  /** Serves until the peer closes, asks for it, or stalls; whoever calls closes the endpoint. */
  void serve() {
    try {
      boolean goOn = true;
      while (goOn) {
        byte[] head = readHead();
        if (head == null) {
          break;
        }
        goOn = answer(head);
      }
      endpoint.disconnect(Disconnect.RELEASE, LINGER);
      drain();
    } catch (IOException e) {
      // A peer that resets, stalls or goes away is none of our faults.
      LOG.log(System.Logger.Level.DEBUG, "HTTP connection ended", e);
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.WARNING, "HTTP connection failed", e);
    }
  }

  /** Reads the next request's head; null if the peer has closed between two requests. */
  private byte @Nullable [] readHead() throws IOException {
    while (true) {
      int length = HttpRequest.headLength(received);
      if (length >= 0) {
        byte[] head = new byte[length];
        received.get(head);
        return head;
      }
      received.compact();
      if (!received.hasRemaining()) {
        received.flip();
        respondError(431, "Request Header Fields Too Large", false, true);
        return null;
      }
      int count = endpoint.receive(received, IDLE);
      received.flip();
      if (count == 0) {
        return null;
      }
    }
  }

  /** Waits for the peer's own close, so that a reset does not take what it has not read. */
  private void drain() throws IOException {
    while (endpoint.state() == EndpointState.RELEASED) {
      received.clear();
      if (endpoint.receive(received, LINGER) == 0) {
        return;
      }
    }
  }

  private boolean answer(byte[] head) throws IOException {
    HttpRequest request;
    try {
      request = HttpRequest.parse(head);
    } catch (HttpRequest.BadRequestException e) {
      respondError(e.status, String.valueOf(e.getMessage()), false, true);
      return false;
    }
    // A body is not read, so nothing behind it can be understood.
    boolean goOn = request.keepsAlive() && !request.hasBody();
    boolean body = !request.method().equals("HEAD");
    if (body && !request.method().equals("GET")) {
      respondError(405, "Method Not Allowed", goOn, true);
      return goOn;
    }
    Path file = Resource.find(root, request.target());
    if (file == null) {
      respondError(404, "Not Found", goOn, body);
      return goOn;
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long length = channel.size();
      String modified = httpDate(Files.getLastModifiedTime(file).toInstant());
      String fields = "Last-Modified: " + modified + "\r\n";
      byte[] answer = responseHead(200, "OK", Resource.type(file), length, goOn, fields);
      sendFile(answer, channel, body ? length : 0);
    }
    return goOn;
  }

  /**
   * Sends head and content, in one piece where it fits: the end of a short answer in a segment of
   * its own would wait for the acknowledgement of its head, which the peer delays.
   */
  private void sendFile(byte[] head, FileChannel channel, long length) throws IOException {
    long at = -head.length; // What is before the content's start is the head.
    while (at < length) {
      int piece = (int) Math.min(PIECE, length - at);
      Chunk chunk = client.lease(piece);
      if (chunk == null) {
        at += copyOut(head, channel, at, piece);
        continue;
      }
      int read = Math.min(piece, chunk.capacity());
      try {
        fill(head, channel, at, chunk.segment().asSlice(0, read));
      } catch (IOException e) {
        chunk.release();
        throw e;
      }
      at += read;
      endpoint.send(chunk, 0, read, STALLED);
    }
  }

  /** Without memory to lease, what a copy can hold goes out as the send queue empties. */
  private int copyOut(byte[] head, FileChannel channel, long at, int piece) throws IOException {
    byte[] copy = new byte[Math.min(piece, 4096)];
    fill(head, channel, at, MemorySegment.ofArray(copy));
    endpoint.send(ByteBuffer.wrap(copy), STALLED);
    return copy.length;
  }

  /**
   * Fills memory with a part of the answer; a negative offset is one into the head, from its end.
   */
  private static void fill(byte[] head, FileChannel channel, long at, MemorySegment target)
      throws IOException {
    int headed = (int) Math.clamp(-at, 0, target.byteSize());
    MemorySegment.copy(
        head, head.length + (int) Math.min(at, 0), target, ValueLayout.JAVA_BYTE, 0, headed);
    ByteBuffer buffer = target.asSlice(headed).asByteBuffer();
    long position = at + headed;
    while (buffer.hasRemaining()) {
      int read = channel.read(buffer, position);
      if (read < 0) {
        // The length was promised in the head: the connection can't go on.
        throw new EOFException("the file became shorter while it was sent");
      }
      position += read;
    }
  }

  private void respondError(int status, String reason, boolean goOn, boolean body)
      throws TransportException {
    byte[] text = (status + " " + reason + "\n").getBytes(StandardCharsets.UTF_8);
    String allow = status == 405 ? "Allow: GET, HEAD\r\n" : "";
    byte[] head =
        responseHead(status, reason, "text/plain; charset=utf-8", text.length, goOn, allow);
    ByteBuffer response = ByteBuffer.allocate(head.length + text.length).put(head);
    if (body) {
      response.put(text);
    }
    endpoint.send(response.flip(), STALLED);
  }

  private static byte[] responseHead(
      int status, String reason, String type, long length, boolean goOn, String fields) {
    String head =
        "HTTP/1.1 "
            + status
            + " "
            + reason
            + "\r\n"
            + "Date: "
            + httpDate(Instant.now())
            + "\r\n"
            + "Server: Penstock\r\n"
            + "Content-Type: "
            + type
            + "\r\n"
            + "Content-Length: "
            + length
            + "\r\n"
            + fields
            + (goOn ? "" : "Connection: close\r\n")
            + "\r\n";
    return head.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static String httpDate(Instant instant) {
    return DATE.format(instant.atOffset(ZoneOffset.UTC));
  }
}
