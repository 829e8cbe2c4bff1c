package org.penstock.netif.tap.internal;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import org.penstock.api.buffer.ChecksumState;
import org.penstock.api.buffer.GsoType;
import org.penstock.api.buffer.Landing;
import org.penstock.api.buffer.OutboundFrame;
import org.penstock.api.netif.ReceivePort;

/**
 * Puts the stack's descriptors of a frame into the kernel's words ({@link VirtioNetHeader}) and the
 * kernel's into the stack's. No state.
 */
final class FrameOffload {
  private static final int UDP_HEADER = 8;
  private static final int TCP_HEADER = 20;
  private static final int TCP_DATA_OFFSET = 12;

  private FrameOffload() {}

  /**
   * Describes the frame that was read into a landing from its first byte on.
   *
   * @param read bytes read, the device's header included
   * @param headerBytes bytes of that header, 0 for none
   * @param linkHeader bytes of the frame's own link header, 0 for none
   * @param offload whether offload was asked for; if not, the frame is delivered as unverified,
   *     which the kernel, told so, has made true
   * @return false if that is no whole frame
   */
  static boolean describe(
      Landing landing, int read, int headerBytes, int linkHeader, boolean offload, int queue) {
    // Longer than announced: of an MTU raised meanwhile, and cut off where the landing ended.
    int length = read - headerBytes;
    if (length <= 0 || length < linkHeader || length > landing.capacity() - ReceivePort.HEADROOM) {
      return false;
    }
    landing.describe(headerBytes, length, queue);
    if (headerBytes == 0 || !offload) {
      return true;
    }
    MemorySegment memory = landing.segment();
    int flags = VirtioNetHeader.flags(memory, 0);
    if ((flags & VirtioNetHeader.NEEDS_CSUM) != 0) {
      landing.checksum(ChecksumState.PARTIAL);
    } else if ((flags & VirtioNetHeader.DATA_VALID) != 0) {
      landing.checksum(ChecksumState.VALID);
    }
    GsoType type = gsoType(VirtioNetHeader.gsoType(memory, 0));
    if (type != GsoType.NONE) {
      landing.gso(type, VirtioNetHeader.gsoSize(memory, 0), headers(landing, type, flags));
    }
    return true;
  }

  /** Writes the header of a frame to send. */
  static void write(OutboundFrame frame, MemorySegment header) {
    boolean partial = frame.hasPartialChecksum();
    VirtioNetHeader.write(
        header,
        0,
        partial ? VirtioNetHeader.NEEDS_CSUM : 0,
        virtioType(frame.gsoType()),
        frame.headerLength(),
        frame.gsoSize(),
        partial ? frame.checksumStart() : 0,
        partial ? frame.checksumOffset() : 0);
  }

  private static GsoType gsoType(int virtioType) {
    return switch (virtioType & ~VirtioNetHeader.GSO_ECN) {
      case VirtioNetHeader.GSO_TCPV4 -> GsoType.TCP_IPV4;
      case VirtioNetHeader.GSO_TCPV6 -> GsoType.TCP_IPV6;
      case VirtioNetHeader.GSO_UDP_L4 -> GsoType.UDP;
      default -> GsoType.NONE;
    };
  }

  private static int virtioType(GsoType type) {
    return switch (type) {
      case NONE -> VirtioNetHeader.GSO_NONE;
      case TCP_IPV4 -> VirtioNetHeader.GSO_TCPV4;
      case TCP_IPV6 -> VirtioNetHeader.GSO_TCPV6;
      case UDP -> VirtioNetHeader.GSO_UDP_L4;
    };
  }

  // hdr_len is only a hint: the kernel puts in how much of the frame it holds in one piece. Where
  // the transport header starts is exact, and its length stands in it.
  private static int headers(Landing landing, GsoType type, int flags) {
    int transport = VirtioNetHeader.csumStart(landing.segment(), 0);
    if ((flags & VirtioNetHeader.NEEDS_CSUM) == 0 || transport + TCP_HEADER > landing.length()) {
      return 0;
    }
    if (type == GsoType.UDP) {
      return transport + UDP_HEADER;
    }
    long at = (long) landing.offset() + transport + TCP_DATA_OFFSET;
    int words = (landing.segment().get(JAVA_BYTE, at) & 0xf0) >> 4;
    return transport + words * Integer.BYTES;
  }
}
