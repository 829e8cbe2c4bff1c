package org.penstock.api.netif.support;

import static org.penstock.api.netif.support.WireChecksum.BIG_ENDIAN_16;
import static org.penstock.api.netif.support.WireChecksum.BIG_ENDIAN_32;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.penstock.api.buffer.GsoType;
import org.penstock.api.buffer.OutboundFrame;

/**
 * Cuts a TCP or UDP super-frame into the packets it stands for, as a device does in front of a
 * wire.
 */
public final class Segmenter {

  private static final int TCP = 6;
  private static final int UDP = 17;
  private static final int UDP_HEADER = 8;
  private static final int UDP_CHECKSUM = 6;
  private static final int TCP_HEADER = 20;
  private static final int TCP_CHECKSUM = 16;
  private static final int FIN = 0x01;
  private static final int PSH = 0x08;
  private static final int CWR = 0x80;

  private final WireFrame whole;
  private final boolean udp;
  private final int network;
  private final boolean four;
  private final int transport;
  private final int headers;
  private int taken;
  private int index;

  /** Starts cutting a frame for which {@link #isSuperFrame} is true. */
  public Segmenter(WireFrame whole) {
    this.whole = whole;
    this.udp = whole.gsoType == GsoType.UDP;
    this.transport = whole.checksumStart;
    this.headers = transport + transportHeader(whole);
    this.network = networkOffset(whole);
    this.four = version(whole, network) == 4;
  }

  /** True if the frame stands for several packets and its headers are whole. */
  public static boolean isSuperFrame(WireFrame frame) {
    int transport = frame.checksumStart;
    if (frame.gsoType == GsoType.NONE || frame.gsoSize <= 0 || transport < 0) {
      return false;
    }
    int least = frame.gsoType == GsoType.UDP ? UDP_HEADER : TCP_HEADER;
    return transport + least <= frame.length
        && transport + transportHeader(frame) <= frame.length
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
    networkHeader(memory, length);
    if (udp) {
      memory.set(BIG_ENDIAN_16, transport + 4, (short) (length - transport));
      checksum(memory, length, transport + UDP_CHECKSUM);
    } else {
      tcpHeader(memory, headers + taken + payload >= whole.length);
      checksum(memory, length, transport + TCP_CHECKSUM);
    }
    taken += payload;
    index++;
  }

  private void networkHeader(MemorySegment memory, int length) {
    if (four) {
      memory.set(BIG_ENDIAN_16, network + 2, (short) (length - network));
      int id = memory.get(BIG_ENDIAN_16, network + 4) + index;
      memory.set(BIG_ENDIAN_16, network + 4, (short) id);
      memory.set(BIG_ENDIAN_16, network + 10, (short) 0);
      int header = (memory.get(ValueLayout.JAVA_BYTE, network) & 15) * 4;
      int sum = WireChecksum.fold(WireChecksum.sum(memory, network, header));
      memory.set(BIG_ENDIAN_16, network + 10, (short) ~sum);
    } else {
      memory.set(BIG_ENDIAN_16, network + 4, (short) (length - network - 40));
    }
  }

  private void tcpHeader(MemorySegment memory, boolean last) {
    memory.set(BIG_ENDIAN_32, transport + 4, memory.get(BIG_ENDIAN_32, transport + 4) + taken);
    int flags = memory.get(ValueLayout.JAVA_BYTE, transport + 13);
    // What ends the data belongs to the last packet; RFC 3168 §6.1.2: CWR to the first.
    flags &= last ? -1 : ~(FIN | PSH);
    flags &= index == 0 ? -1 : ~CWR;
    memory.set(ValueLayout.JAVA_BYTE, transport + 13, (byte) flags);
  }

  private void checksum(MemorySegment memory, int length, int field) {
    memory.set(BIG_ENDIAN_16, field, (short) 0);
    int octets = length - transport;
    long addresses = WireChecksum.sum(memory, network + (four ? 12 : 8), four ? 8 : 32);
    long all = addresses + (udp ? UDP : TCP) + octets + WireChecksum.sum(memory, transport, octets);
    int checksum = ~WireChecksum.fold(all) & 0xffff;
    // RFC 768: a UDP checksum of zero means that there is none.
    memory.set(BIG_ENDIAN_16, field, (short) (udp && checksum == 0 ? 0xffff : checksum));
  }

  private static int transportHeader(WireFrame frame) {
    return frame.gsoType == GsoType.UDP
        ? UDP_HEADER
        : (frame.memory.get(ValueLayout.JAVA_BYTE, frame.checksumStart + 12) >>> 2) & 0x3c;
  }

  /** Where the IP header starts, or -1 where no header of that family stands there. */
  private static int networkOffset(WireFrame frame) {
    // Behind an Ethernet header, or at the front of a frame without one.
    for (int at : new int[] {14, 0}) {
      if (at + 20 <= frame.checksumStart) {
        int version = version(frame, at);
        boolean expected =
            switch (frame.gsoType) {
              case TCP_IPV4 -> version == 4;
              case TCP_IPV6 -> version == 6;
              default -> version == 4 || version == 6;
            };
        int first = frame.memory.get(ValueLayout.JAVA_BYTE, at) & 0xff;
        int header = version == 4 ? (first & 15) * 4 : 40;
        if (expected && at + header <= frame.checksumStart) {
          return at;
        }
      }
    }
    return -1;
  }

  private static int version(WireFrame frame, int at) {
    return at < 0 ? 0 : (frame.memory.get(ValueLayout.JAVA_BYTE, at) & 0xff) >>> 4;
  }
}
