package org.penstock.netif.capture;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.penstock.api.netif.LinkType;

/**
 * The blocks of a pcapng file (draft-ietf-opsawg-pcapng), little-endian, times in nanoseconds.
 * Writes into a buffer that has room.
 */
final class Pcapng {

  /** Room that every block but a packet's needs at most, and a packet's besides its octets. */
  static final int OVERHEAD = 512;

  /** {@code epb_flags}: an inbound packet. */
  static final int INBOUND = 1;

  /** {@code epb_flags}: an outbound packet. */
  static final int OUTBOUND = 2;

  private static final int SECTION_HEADER = 0x0a0d0d0a;
  private static final int INTERFACE_DESCRIPTION = 1;
  private static final int INTERFACE_STATISTICS = 5;
  private static final int ENHANCED_PACKET = 6;
  private static final int BYTE_ORDER_MAGIC = 0x1a2b3c4d;
  private static final short LINKTYPE_ETHERNET = 1;
  private static final short LINKTYPE_RAW = 101;

  private static final int END = 0;
  private static final int COMMENT = 1;
  private static final int SECTION_APPLICATION = 4;
  private static final int INTERFACE_NAME = 2;
  private static final int INTERFACE_RESOLUTION = 9;
  private static final int PACKET_FLAGS = 2;
  private static final int STATISTICS_RECEIVED = 4;
  private static final int STATISTICS_DROPPED = 5;
  private static final byte NANOSECONDS = 9;
  private static final int MOST_TEXT = 200;

  private final ByteBuffer out;

  Pcapng(ByteBuffer out) {
    this.out = out.order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Begins a section; its length is not told, as what follows is not known. */
  void section() {
    int start = begin(SECTION_HEADER);
    out.putInt(BYTE_ORDER_MAGIC).putShort((short) 1).putShort((short) 0).putLong(-1);
    text(SECTION_APPLICATION, "Penstock");
    end(start);
  }

  /** Describes the next interface, which is number 0, 1, … by order of these calls. */
  void description(String name, LinkType linkType, int snap) {
    int start = begin(INTERFACE_DESCRIPTION);
    out.putShort(linkType == LinkType.ETHERNET ? LINKTYPE_ETHERNET : LINKTYPE_RAW);
    out.putShort((short) 0).putInt(snap);
    text(INTERFACE_NAME, name);
    option(INTERFACE_RESOLUTION, 1);
    out.put(NANOSECONDS);
    pad();
    end(start);
  }

  /**
   * A packet.
   *
   * @param number of its interface
   * @param wallNanos since 1970
   * @param octets what was captured of it
   * @param length octets of the whole
   * @param flags {@link #INBOUND} or {@link #OUTBOUND}
   * @param comment empty for none
   */
  void packet(
      int number, long wallNanos, ByteBuffer octets, int length, int flags, String comment) {
    int start = begin(ENHANCED_PACKET);
    out.putInt(number).putInt((int) (wallNanos >>> 32)).putInt((int) wallNanos);
    out.putInt(octets.remaining()).putInt(length).put(octets);
    pad();
    option(PACKET_FLAGS, 4);
    out.putInt(flags);
    if (!comment.isEmpty()) {
      text(COMMENT, comment);
    }
    end(start);
  }

  /**
   * What became of an interface's packets.
   *
   * @param received all of them
   * @param missed those that are not in the file
   */
  void statistics(int number, long wallNanos, long received, long missed) {
    int start = begin(INTERFACE_STATISTICS);
    out.putInt(number).putInt((int) (wallNanos >>> 32)).putInt((int) wallNanos);
    option(STATISTICS_RECEIVED, 8);
    out.putLong(received);
    option(STATISTICS_DROPPED, 8);
    out.putLong(missed);
    end(start);
  }

  private int begin(int type) {
    int start = out.position();
    out.putInt(type).putInt(0);
    return start;
  }

  /** Ends the options, and writes the block's length at both of its places. */
  private void end(int start) {
    option(END, 0);
    int length = out.position() + 4 - start;
    out.putInt(length).putInt(start + 4, length);
  }

  private void text(int code, String text) {
    byte[] octets = text.getBytes(StandardCharsets.UTF_8);
    int length = Math.min(octets.length, MOST_TEXT);
    option(code, length);
    out.put(octets, 0, length);
    pad();
  }

  private void option(int code, int length) {
    out.putShort((short) code).putShort((short) length);
  }

  /** Up to the next multiple of four; blocks begin at one. */
  private void pad() {
    while ((out.position() & 3) != 0) {
      out.put((byte) 0);
    }
  }
}
