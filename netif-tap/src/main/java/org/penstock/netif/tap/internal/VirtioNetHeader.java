package org.penstock.netif.tap.internal;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * The virtio-net header that stands before each frame of a TAP device opened with {@code
 * IFF_VNET_HDR}: what is left to do with its checksum, and into what it is to be cut. Ten bytes,
 * little-endian (Virtual I/O Device 1.2 §5.1.6; the kernel's {@code
 * include/uapi/linux/virtio_net.h}).
 *
 * <pre>
 *  0        1         2        4         6           8            10
 *  | flags  | gso_type| hdr_len| gso_size| csum_start| csum_offset|
 * </pre>
 *
 * A flyweight: static accessors over a segment and an offset, no object. {@code csumStart} counts
 * from the frame's first byte, {@code csumOffset} from {@code csumStart}; all sizes in bytes.
 */
final class VirtioNetHeader {
  /** Its size in bytes. */
  static final int BYTES = 10;

  /** The checksum from {@code csum_start} on is still to be computed; its field holds the seed. */
  static final int NEEDS_CSUM = 1;

  /** The checksum has been verified; the bytes of its field may be wrong. */
  static final int DATA_VALID = 2;

  static final int GSO_NONE = 0;
  static final int GSO_TCPV4 = 1;
  static final int GSO_TCPV6 = 4;
  static final int GSO_UDP_L4 = 5;

  /** Joined to a TCP type: the super-frame's CWR flag belongs to its first segment alone. */
  static final int GSO_ECN = 0x80;

  private static final ValueLayout.OfShort SHORT =
      JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private VirtioNetHeader() {}

  static int flags(MemorySegment segment, long offset) {
    return segment.get(JAVA_BYTE, offset) & 0xff;
  }

  static int gsoType(MemorySegment segment, long offset) {
    return segment.get(JAVA_BYTE, offset + 1) & 0xff;
  }

  static int headerLength(MemorySegment segment, long offset) {
    return segment.get(SHORT, offset + 2) & 0xffff;
  }

  static int gsoSize(MemorySegment segment, long offset) {
    return segment.get(SHORT, offset + 4) & 0xffff;
  }

  static int csumStart(MemorySegment segment, long offset) {
    return segment.get(SHORT, offset + 6) & 0xffff;
  }

  static int csumOffset(MemorySegment segment, long offset) {
    return segment.get(SHORT, offset + 8) & 0xffff;
  }

  /** Writes the whole header: a frame that is complete as it stands. */
  static void writePlain(MemorySegment segment, long offset) {
    write(segment, offset, 0, GSO_NONE, 0, 0, 0, 0);
  }

  /** Writes the whole header. */
  static void write(
      MemorySegment segment,
      long offset,
      int flags,
      int gsoType,
      int headerLength,
      int gsoSize,
      int csumStart,
      int csumOffset) {
    segment.set(JAVA_BYTE, offset, (byte) flags);
    segment.set(JAVA_BYTE, offset + 1, (byte) gsoType);
    segment.set(SHORT, offset + 2, (short) headerLength);
    segment.set(SHORT, offset + 4, (short) gsoSize);
    segment.set(SHORT, offset + 6, (short) csumStart);
    segment.set(SHORT, offset + 8, (short) csumOffset);
  }
}
