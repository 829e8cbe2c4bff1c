package org.penstock.shell.internal.http;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Reads one response from a source of bytes: its head, then its body. Not thread-safe. */
final class ResponseReader {

  private static final int HEAD_LIMIT = 64 * 1024;
  private static final int BUFFER = 256 * 1024;

  /** Where the bytes come from. */
  @FunctionalInterface
  interface Source {
    /** Waits for bytes and puts them into the buffer; returns 0 at the end. */
    int read(ByteBuffer target) throws IOException;
  }

  /** Where the body goes. */
  @FunctionalInterface
  interface Sink {
    /** Takes the remaining bytes, all of them. */
    void accept(ByteBuffer body) throws IOException;
  }

  private final Source source;
  private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER).flip();

  ResponseReader(Source source) {
    this.source = source;
  }

  /** The head of the final response; informational ones before it are passed over. */
  ResponseHead head() throws IOException {
    while (true) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      byte[] line;
      do {
        line = line();
        bytes.write(line);
        if (bytes.size() > HEAD_LIMIT) {
          throw new IOException("the answer's head is longer than " + HEAD_LIMIT + " bytes");
        }
      } while (!isBlank(line));
      ResponseHead head = ResponseHead.parse(bytes.toByteArray());
      if (head.status() >= 200) {
        return head;
      }
    }
  }

  /** Gives the body to the sink and returns its bytes. */
  long body(ResponseHead head, Sink sink) throws IOException {
    if (head.isChunked()) {
      return chunks(sink);
    }
    long length = head.length();
    if (length >= 0) {
      copy(length, sink);
      return length;
    }
    long total = 0;
    while (fill()) {
      total += buffer.remaining();
      sink.accept(buffer);
      buffer.position(buffer.limit());
    }
    return total;
  }

  /** RFC 9112 §7.1. */
  private long chunks(Sink sink) throws IOException {
    long total = 0;
    while (true) {
      String line = new String(line(), StandardCharsets.ISO_8859_1);
      String digits = line.split(";", 2)[0].trim();
      long size;
      try {
        size = Long.parseUnsignedLong(digits, 16);
      } catch (NumberFormatException e) {
        throw new IOException("a chunk's size '" + digits + "' is not hexadecimal", e);
      }
      if (size < 0) {
        throw new IOException("a chunk's size " + digits + " is too large");
      }
      if (size == 0) {
        byte[] trailer;
        do {
          trailer = line();
        } while (!isBlank(trailer));
        return total;
      }
      copy(size, sink);
      total += size;
      if (!isBlank(line())) {
        throw new IOException("a chunk is longer than it says");
      }
    }
  }

  private void copy(long length, Sink sink) throws IOException {
    long left = length;
    while (left > 0) {
      if (!fill()) {
        throw new EOFException(
            "the connection ended " + left + " of " + length + " bytes before the body did");
      }
      int part = (int) Math.min(left, buffer.remaining());
      ByteBuffer slice = buffer.slice(buffer.position(), part);
      buffer.position(buffer.position() + part);
      sink.accept(slice);
      left -= part;
    }
  }

  /** The next line with its end. */
  private byte[] line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    while (fill()) {
      byte next = buffer.get();
      line.write(next);
      if (next == '\n') {
        return line.toByteArray();
      }
      if (line.size() > HEAD_LIMIT) {
        throw new IOException("the answer has a line longer than " + HEAD_LIMIT + " bytes");
      }
    }
    throw new EOFException("the connection ended before the answer did");
  }

  private static boolean isBlank(byte[] line) {
    return line.length == 1 || (line.length == 2 && line[0] == '\r');
  }

  /** True if there is at least one byte, false at the end. */
  private boolean fill() throws IOException {
    if (buffer.hasRemaining()) {
      return true;
    }
    buffer.clear();
    int count = source.read(buffer);
    buffer.flip();
    return count > 0;
  }
}
