package org.penstock.service.iperf3.internal;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.penstock.service.iperf3.Iperf3Exception;

/**
 * What came over a control connection and was not looked at yet: a cookie, states, and JSON behind
 * its length. Not thread-safe.
 */
final class ControlInput {

  /** The result of {@link #takeState} while there is none. */
  static final int NO_STATE = Integer.MIN_VALUE;

  /** The cookie: 36 characters and a zero octet. */
  static final int COOKIE = 37;

  /** Longest JSON that is taken: results of 256 streams and a server's whole output fit. */
  private static final int LONGEST_JSON = 4 << 20;

  private static final int LENGTH = 4;

  private byte[] octets = new byte[256];
  private int from;
  private int to;

  /** Adds what has come. */
  void feed(MemorySegment source, long offset, int length) {
    if (octets.length - to < length) {
      byte[] roomy = new byte[Math.max(2 * (to - from), to - from + length)];
      System.arraycopy(octets, from, roomy, 0, to - from);
      octets = roomy;
      to -= from;
      from = 0;
    }
    MemorySegment.copy(source, ValueLayout.JAVA_BYTE, offset, octets, to, length);
    to += length;
  }

  /** Adds what has come. */
  void feed(byte[] source) {
    feed(MemorySegment.ofArray(source), 0, source.length);
  }

  /** Everything that has come. */
  byte[] takeAll() {
    byte[] all = Arrays.copyOfRange(octets, from, to);
    from = to;
    return all;
  }

  /** So many octets, or null if they have not all come. */
  byte @Nullable [] take(int count) {
    if (to - from < count) {
      return null;
    }
    byte[] taken = new byte[count];
    System.arraycopy(octets, from, taken, 0, count);
    from += count;
    return taken;
  }

  /** A state, or {@link #NO_STATE} if none has come. */
  int takeState() {
    return to == from ? NO_STATE : octets[from++];
  }

  /**
   * A JSON object, or null if it has not all come.
   *
   * @throws Iperf3Exception if what comes is none, or too long
   */
  @Nullable JsonObject takeJson() throws Iperf3Exception {
    if (to - from < LENGTH) {
      return null;
    }
    int length = ByteBuffer.wrap(octets).getInt(from);
    if (length < 0 || length > LONGEST_JSON) {
      throw new Iperf3Exception(
          "JSON of " + Integer.toUnsignedString(length) + " bytes is over " + LONGEST_JSON);
    }
    if (to - from < LENGTH + length) {
      return null;
    }
    String text = new String(octets, from + LENGTH, length, StandardCharsets.UTF_8);
    from += LENGTH + length;
    try {
      JsonElement parsed = JsonParser.parseString(text);
      if (parsed.isJsonObject()) {
        return parsed.getAsJsonObject();
      }
    } catch (JsonParseException e) {
      throw new Iperf3Exception("the other end sent no JSON: " + e.getMessage(), e);
    }
    throw new Iperf3Exception("the other end sent JSON that is no object");
  }

  /** JSON as it is sent: behind its length. */
  static byte[] frame(JsonObject json) {
    byte[] text = json.toString().getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(LENGTH + text.length).putInt(text.length).put(text).array();
  }
}
