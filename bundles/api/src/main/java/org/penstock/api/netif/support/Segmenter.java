package org.penstock.api.netif.support;

import static org.penstock.api.netif.support.WireChecksum.BIG_ENDIAN_16;
import static org.penstock.api.netif.support.WireChecksum.BIG_ENDIAN_32;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.penstock.api.buffer.GsoType;
import org.penstock.api.buffer.OutboundFrame;

/** Cuts a TCP super-frame into the packets it stands for, as a device does in front of a wire. */
public final class Segmenter {

  private static final int TCP = 6;
  private static final int FIN = 0x01;
  private static final int PSH = 0x08;
  private static final int CWR = 0x80;

  private final WireFrame whole;
  private final int network;
  private final int transport;
  private final int headers;
  private int taken;
  private int index;

  /** Starts cutting a frame for which {@link #isSuperFrame} is true. */
  public Segmenter(WireFrame whole) {
    this.whole = whole;
    this.transport = whole.checksumStart;
    this.headers = transport + dataOffset(whole);
    this.network = networkOffset(whole);
  }

  /** True if the frame stands for several TCP packets and its headers are whole. */
  public static boolean isSuperFrame(WireFrame frame) {
    boolean tcp = frame.gsoType == GsoType.TCP_IPV4 || frame.gsoType == GsoType.TCP_IPV6;
    if (!tcp || frame.gsoSize <= 0) {
      return false;
    }
    int transport = frame.checksumStart;
    return transport + 20 <= frame.length
        && transport + dataOffset(frame) <= frame.length
        && networkOffset(frame) >= 0;
  }

  /** True until the last packet was written. */
  public boolean hasNext() {
    return index == 0 || headers + taken < whole.length;
  }

  /** Octets of the next packet's frame. */
  public int nextLength() {
    return headers + Math.min(whole.gsoSize, whole.length - headers - taken);
  }

  /** Writes the next packet, complete with its checksums. */
  public void next(WireFrame into) {
    MemorySegment memory = into.memory;
    int length = nextLength();
    int payload = length - headers;
    MemorySegment.copy(whole.memory, 0, memory, 0, headers);
    MemorySegment.copy(whole.memory, headers + taken, memory, headers, payload);
    into.length = length;
    into.sent = whole.sent;
    into.gsoType = GsoType.NONE;
    into.checksumStart = OutboundFrame.NO_CHECKSUM;

    if (whole.gsoType == GsoType.TCP_IPV4) {
      memory.set(BIG_ENDIAN_16, network + 2, (short) (length - network));
      int id = memory.get(BIG_ENDIAN_16, network + 4) + index;
      memory.set(BIG_ENDIAN_16, network + 4, (short) id);
      memory.set(BIG_ENDIAN_16, network + 10, (short) 0);
      int sum = WireChecksum.fold(WireChecksum.sum(memory, network, transport - network));
      memory.set(BIG_ENDIAN_16, network + 10, (short) ~sum);
    } else {
      memory.set(BIG_ENDIAN_16, network + 4, (short) (length - network - 40));
    }

    boolean first = index == 0;
    boolean last = headers + taken + payload >= whole.length;
    memory.set(BIG_ENDIAN_32, transport + 4, memory.get(BIG_ENDIAN_32, transport + 4) + taken);
    int flags = memory.get(ValueLayout.JAVA_BYTE, transport + 13);
    // What ends the data belongs to the last packet; RFC 3168 §6.1.2: CWR to the first.
    flags &= last ? -1 : ~(FIN | PSH);
    flags &= first ? -1 : ~CWR;
    memory.set(ValueLayout.JAVA_BYTE, transport + 13, (byte) flags);
    memory.set(BIG_ENDIAN_16, transport + 16, (short) 0);
    int sum = WireChecksum.fold(pseudoHeader(memory, length - transport) + segment(memory, length));
    memory.set(BIG_ENDIAN_16, transport + 16, (short) ~sum);

    taken += payload;
    index++;
  }

  private long segment(MemorySegment memory, int length) {
    return WireChecksum.sum(memory, transport, length - transport);
  }

  private long pseudoHeader(MemorySegment memory, int octets) {
    boolean four = whole.gsoType == GsoType.TCP_IPV4;
    long addresses = WireChecksum.sum(memory, network + (four ? 12 : 8), four ? 8 : 32);
    return addresses + TCP + octets;
  }

  private static int dataOffset(WireFrame frame) {
    return (frame.memory.get(ValueLayout.JAVA_BYTE, frame.checksumStart + 12) >>> 2) & 0x3c;
  }

  /** Where the IP header starts, or -1 where no header of that family stands there. */
  private static int networkOffset(WireFrame frame) {
    // Behind an Ethernet header, or at the front of a frame without one.
    for (int at : new int[] {14, 0}) {
      if (at + 20 <= frame.checksumStart) {
        int first = frame.memory.get(ValueLayout.JAVA_BYTE, at) & 0xff;
        int headerLength = frame.gsoType == GsoType.TCP_IPV4 ? (first & 15) * 4 : 40;
        int version = frame.gsoType == GsoType.TCP_IPV4 ? 4 : 6;
        if (first >>> 4 == version && at + headerLength <= frame.checksumStart) {
          return at;
        }
      }
    }
    return -1;
  }
}
