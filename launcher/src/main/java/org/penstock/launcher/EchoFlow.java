package org.penstock.launcher;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/**
 * One connection to an echo server. What it sends follows from its number and the position of each
 * byte, so that it knows by itself what has to come back: a byte that is lost, repeated, changed or
 * of another connection is seen where it happens.
 */
final class EchoFlow {

  /** What may be on its way at once; enough for a connection among many. */
  private static final int AHEAD = 256 * 1024;

  private static final long STEP = 0x9E3779B97F4A7C15L;

  private final SocketChannel channel;
  private final int number;
  private long sent;
  private long received;
  private boolean finishing;

  EchoFlow(SocketChannel channel, int number) {
    this.channel = channel;
    this.number = number;
  }

  int number() {
    return number;
  }

  long sent() {
    return sent;
  }

  /** Bytes that came back, each as it had to be. */
  long received() {
    return received;
  }

  boolean wantsToWrite() {
    return !finishing && sent - received < AHEAD;
  }

  /** Sends no more, and says so to the server. */
  void finish() throws IOException {
    finishing = true;
    channel.shutdownOutput();
  }

  /** Sends what may be sent now, by way of a buffer lent to it. */
  void write(ByteBuffer buffer) throws IOException {
    buffer.clear().limit((int) Math.min(buffer.capacity(), AHEAD - (sent - received)));
    fill(buffer, sent);
    buffer.flip();
    sent += channel.write(buffer);
  }

  /**
   * Reads once and compares.
   *
   * @return false at the end of what the server sends
   * @throws IOException also if something else came than was sent; the message says where
   */
  boolean read(ByteBuffer buffer) throws IOException {
    buffer.clear();
    int count = channel.read(buffer);
    if (count < 0) {
      if (received != sent) {
        throw new IOException("it ended after " + received + " of " + sent + " bytes");
      }
      return false;
    }
    buffer.flip();
    compare(buffer);
    if (received > sent) {
      throw new IOException(received - sent + " bytes more came than were sent");
    }
    return true;
  }

  private void fill(ByteBuffer buffer, long from) {
    long position = from;
    while (buffer.hasRemaining()) {
      if ((position & 7) == 0 && buffer.remaining() >= Long.BYTES) {
        buffer.putLong(word(position));
        position += Long.BYTES;
      } else {
        buffer.put(octet(position++));
      }
    }
  }

  private void compare(ByteBuffer buffer) throws IOException {
    while (buffer.hasRemaining()) {
      if ((received & 7) == 0 && buffer.remaining() >= Long.BYTES) {
        if (buffer.getLong(buffer.position()) == word(received)) {
          buffer.position(buffer.position() + Long.BYTES);
          received += Long.BYTES;
          continue;
        }
      }
      if (buffer.get() != octet(received)) {
        throw new IOException("byte " + received + " came back as another");
      }
      received++;
    }
  }

  /** SplitMix64 of the place: every eight bytes of every connection differ. */
  private long word(long position) {
    long z = ((long) number << 40 | position >>> 3) * STEP;
    z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
    z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
    return z ^ z >>> 31;
  }

  private byte octet(long position) {
    return (byte) (word(position) >>> (56 - 8 * (position & 7)));
  }
}
