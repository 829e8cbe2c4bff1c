package org.penstock.netif.tap.internal;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HexFormat;
import java.util.function.Predicate;

/**
 * A station without a stack at the end of a TAP device: frames are made and read by hand. What the
 * kernel sends of its own accord (IPv6 discovery and the like) is skipped.
 */
final class RawWire implements AutoCloseable {
  static final String OUR_MAC = "02:00:5e:10:00:02";
  static final long PATIENCE = Duration.ofSeconds(20).toNanos();

  private static final int BUFFER_BYTES = 70_000;
  private static final int ETHERTYPE_ARP = 0x0806;
  private static final int ETHERTYPE_IPV4 = 0x0800;
  private static final int PROTOCOL_UDP = 17;

  private final Arena arena = Arena.ofConfined();
  private final MemorySegment buffer = arena.allocate(BUFFER_BYTES);
  private final MemorySegment vector = arena.allocate(2L * Libc.IOVEC_BYTES, Long.BYTES);
  private final MemorySegment header = arena.allocate(VirtioNetHeader.BYTES);
  private final TapDevice tap;
  private final PollSet set;

  RawWire(TapDevice tap) {
    this.tap = tap;
    set = new PollSet(tap.fd());
  }

  /** Sends a plain frame, its header and itself gathered from two places. */
  void send(byte[] frame) {
    VirtioNetHeader.writePlain(header, 0);
    MemorySegment copy = arena.allocateFrom(JAVA_BYTE, frame);
    vector.setAtIndex(ValueLayout.JAVA_LONG, 0, header.address());
    vector.setAtIndex(ValueLayout.JAVA_LONG, 1, header.byteSize());
    vector.setAtIndex(ValueLayout.JAVA_LONG, 2, copy.address());
    vector.setAtIndex(ValueLayout.JAVA_LONG, 3, copy.byteSize());
    long written = tap.writev(vector, 2);
    if (written != VirtioNetHeader.BYTES + frame.length) {
      throw new AssertionError("written " + written + " bytes");
    }
  }

  /** Waits for a frame of a kind, 20 seconds at most. */
  byte[] receive(Predicate<byte[]> wanted) {
    long deadline = System.nanoTime() + PATIENCE;
    while (System.nanoTime() < deadline) {
      long read = tap.read(buffer, BUFFER_BYTES);
      if (read < 0) {
        set.await(deadline - System.nanoTime());
        continue;
      }
      long length = read - VirtioNetHeader.BYTES;
      byte[] frame = buffer.asSlice(VirtioNetHeader.BYTES, length).toArray(JAVA_BYTE);
      if (wanted.test(frame)) {
        return frame;
      }
    }
    throw new AssertionError("no such frame came");
  }

  /** The header of the frame received last. */
  MemorySegment header() {
    return buffer.asSlice(0, VirtioNetHeader.BYTES);
  }

  static byte[] arpRequest(String from, String to) {
    return ByteBuffer.allocate(42)
        .put(mac("ff:ff:ff:ff:ff:ff"))
        .put(mac(OUR_MAC))
        .putShort((short) ETHERTYPE_ARP)
        .putShort((short) 1)
        .putShort((short) ETHERTYPE_IPV4)
        .put((byte) 6)
        .put((byte) 4)
        .putShort((short) 1)
        .put(mac(OUR_MAC))
        .put(ip(from))
        .put(new byte[6])
        .put(ip(to))
        .array();
  }

  static boolean isArpReply(byte[] frame) {
    ByteBuffer bytes = ByteBuffer.wrap(frame);
    return bytes.getShort(12) == ETHERTYPE_ARP && bytes.getShort(20) == 2;
  }

  static boolean isUdp(byte[] frame) {
    return ByteBuffer.wrap(frame).getShort(12) == ETHERTYPE_IPV4 && frame[23] == PROTOCOL_UDP;
  }

  /** Who an ARP packet is from: {@code 192.0.2.1 at 02:00:5e:10:00:01}. */
  static String arpSender(byte[] frame) {
    String mac = HexFormat.ofDelimiter(":").formatHex(frame, 22, 28);
    return "%d.%d.%d.%d at %s"
        .formatted(frame[28] & 0xff, frame[29] & 0xff, frame[30] & 0xff, frame[31] & 0xff, mac);
  }

  static byte[] mac(String text) {
    return HexFormat.ofDelimiter(":").parseHex(text);
  }

  static byte[] ip(String text) {
    try {
      return InetAddress.getByName(text).getAddress();
    } catch (UnknownHostException e) {
      throw new AssertionError(text, e);
    }
  }

  @Override
  public void close() {
    set.close();
    arena.close();
  }
}
