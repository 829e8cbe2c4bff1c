package org.penstock.netif.capture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A pcapng file as the format's description has it, read without the code that writes it.
 *
 * @param interfaces their options
 * @param packets in the order of the file
 * @param missed what the statistics say, -1 without any
 */
record PcapngFile(List<Map<Integer, byte[]>> interfaces, List<Packet> packets, long missed) {

  /**
   * An enhanced packet block.
   *
   * @param number of its interface
   * @param nanos since 1970
   * @param octets what was captured
   * @param length of the whole
   * @param options by code
   */
  record Packet(int number, long nanos, byte[] octets, int length, Map<Integer, byte[]> options) {
    /** The direction's bits of {@code epb_flags}. */
    int direction() {
      return ByteBuffer.wrap(options.get(2)).order(ByteOrder.LITTLE_ENDIAN).getInt() & 3;
    }

    String comment() {
      byte[] text = options.get(1);
      return text == null ? "" : new String(text, StandardCharsets.UTF_8);
    }
  }

  static PcapngFile read(Path file) throws IOException {
    ByteBuffer in = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    List<Map<Integer, byte[]>> interfaces = new ArrayList<>();
    List<Packet> packets = new ArrayList<>();
    long missed = -1;
    boolean section = false;
    while (in.hasRemaining()) {
      int start = in.position();
      int type = in.getInt();
      int length = in.getInt();
      assertThat(length % 4).as("blocks are padded").isZero();
      assertThat(in.getInt(start + length - 4)).as("the length at the end").isEqualTo(length);
      ByteBuffer body = in.slice(start + 8, length - 12).order(ByteOrder.LITTLE_ENDIAN);
      switch (type) {
        case 0x0a0d0d0a -> {
          assertThat(body.getInt()).isEqualTo(0x1a2b3c4d);
          assertThat(body.getShort()).as("major version").isEqualTo((short) 1);
          section = true;
        }
        case 1 -> {
          assertThat(body.getShort()).as("link type").isEqualTo((short) 1);
          body.getShort();
          body.getInt();
          interfaces.add(options(body));
        }
        case 6 -> {
          int number = body.getInt();
          long nanos = (long) body.getInt() << 32 | body.getInt() & 0xffff_ffffL;
          byte[] octets = new byte[body.getInt()];
          int whole = body.getInt();
          body.get(octets);
          skipPadding(body);
          packets.add(new Packet(number, nanos, octets, whole, options(body)));
        }
        case 5 -> {
          body.position(12);
          missed = ByteBuffer.wrap(options(body).get(5)).order(ByteOrder.LITTLE_ENDIAN).getLong();
        }
        default -> throw new AssertionError("a block of type " + type);
      }
      assertThat(section).as("a section header comes first").isTrue();
      in.position(start + length);
    }
    return new PcapngFile(interfaces, packets, missed);
  }

  private static Map<Integer, byte[]> options(ByteBuffer body) {
    Map<Integer, byte[]> options = new HashMap<>();
    while (true) {
      int code = body.getShort();
      byte[] value = new byte[body.getShort()];
      if (code == 0) {
        assertThat(body.hasRemaining()).as("octets behind the last option").isFalse();
        return options;
      }
      body.get(value);
      skipPadding(body);
      options.put(code, value);
    }
  }

  private static void skipPadding(ByteBuffer body) {
    body.position(body.position() + 3 & ~3);
  }
}
