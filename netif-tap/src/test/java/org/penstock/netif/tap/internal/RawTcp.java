package org.penstock.netif.tap.internal;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.penstock.api.MacAddress;
import org.penstock.api.buffer.GsoType;
import org.penstock.api.buffer.OutboundFrame;

/**
 * One end of a TCP connection made by hand, just enough to see what the driver and the kernel do
 * with each other's offloads: no options but MSS, no timers, no loss. Every checksum is left to the
 * kernel.
 */
final class RawTcp {
  static final int HEADERS = 14 + 20 + 20;
  static final int MSS = 1460;

  private static final int SYN = 2;
  private static final int ACK = 0x10;
  private static final int IP = 14;
  private static final int TCP = IP + 20;
  private static final int CHECKSUM_OFFSET = 16;
  private static final int PROTOCOL_TCP = 6;
  private static final int WINDOW = 65_535;

  private final ByteBuffer reversed;
  private int sendNext = 1000;
  private int receiveNext;

  /** Takes the kernel's SYN; what it came from is where everything goes. */
  RawTcp(MacAddress kernel, byte[] syn) {
    reversed = ByteBuffer.allocate(HEADERS);
    long mac = kernel.bits();
    reversed.putShort((short) (mac >> 32)).putInt((int) mac).put(RawWire.mac(RawWire.OUR_MAC));
    reversed.putShort((short) 0x0800).put((byte) 0x45);
    reversed.put(IP + 8, (byte) 64).put(IP + 9, (byte) PROTOCOL_TCP);
    reversed.put(IP + 12, syn, IP + 16, 4).put(IP + 16, syn, IP + 12, 4);
    reversed.put(TCP, syn, TCP + 2, 2).put(TCP + 2, syn, TCP, 2);
    reversed.putShort(TCP + 14, (short) WINDOW);
    receiveNext = ByteBuffer.wrap(syn).getInt(TCP + 4) + 1;
  }

  static boolean isSyn(byte[] frame) {
    return isTcp(frame) && (frame[TCP + 13] & SYN) != 0;
  }

  static boolean isTcp(byte[] frame) {
    return ByteBuffer.wrap(frame).getShort(12) == 0x0800 && frame[IP + 9] == PROTOCOL_TCP;
  }

  /** The payload of a frame that continues what was received, else nothing. */
  byte[] payload(byte[] frame) {
    int start = TCP + ((frame[TCP + 12] & 0xf0) >> 2);
    int end = IP + (ByteBuffer.wrap(frame).getShort(IP + 2) & 0xffff);
    if (ByteBuffer.wrap(frame).getInt(TCP + 4) != receiveNext) {
      return new byte[0];
    }
    receiveNext += end - start;
    return Arrays.copyOfRange(frame, start, end);
  }

  /** Verifies the checksum of a TCP segment with an IPv4 header of 20 bytes. */
  static boolean checksumIsRight(byte[] frame) {
    ByteBuffer bytes = ByteBuffer.wrap(frame);
    int tcpBytes = (bytes.getShort(IP + 2) & 0xffff) - 20;
    // An odd last byte counts as the upper half of a word.
    ByteBuffer padded = ByteBuffer.allocate(TCP + tcpBytes + 1).put(frame, 0, TCP + tcpBytes);
    int pseudo = sum(padded, IP + 12, 8, PROTOCOL_TCP + tcpBytes);
    return sum(padded, TCP, tcpBytes + (tcpBytes & 1), pseudo) == 0xffff;
  }

  OutboundFrame synAck() {
    byte[] mss = {2, 4, MSS >> 8, (byte) MSS};
    OutboundFrame frame = segment(SYN | ACK, mss, 4, new byte[0]);
    sendNext++;
    return frame;
  }

  OutboundFrame ack() {
    return segment(ACK, new byte[0], 0, new byte[0]);
  }

  /** A segment of any length; more than an MSS of data is a super-frame. */
  OutboundFrame data(byte[] payload) {
    OutboundFrame frame = segment(ACK, new byte[0], 0, payload);
    sendNext += payload.length;
    return frame;
  }

  private OutboundFrame segment(int flags, byte[] options, int optionBytes, byte[] payload) {
    byte[] headers = new byte[HEADERS + optionBytes];
    System.arraycopy(reversed.array(), 0, headers, 0, HEADERS);
    System.arraycopy(options, 0, headers, HEADERS, optionBytes);
    int tcpBytes = 20 + optionBytes + payload.length;
    ByteBuffer bytes = ByteBuffer.wrap(headers);
    bytes.putShort(IP + 2, (short) (20 + tcpBytes));
    bytes.putShort(IP + 10, (short) ~sum(bytes, IP, 20, 0));
    bytes.putInt(TCP + 4, sendNext).putInt(TCP + 8, receiveNext);
    bytes.put(TCP + 12, (byte) ((20 + optionBytes) << 2)).put(TCP + 13, (byte) flags);
    // Partial checksum: the pseudo-header's sum, folded and not inverted.
    bytes.putShort(TCP + CHECKSUM_OFFSET, (short) sum(bytes, IP + 12, 8, PROTOCOL_TCP + tcpBytes));
    OutboundFrame frame = AttachedTap.frame(headers);
    frame.add(MemorySegment.ofArray(payload), 0, payload.length);
    frame.partialChecksum(TCP, CHECKSUM_OFFSET);
    if (payload.length > MSS) {
      frame.gso(GsoType.TCP_IPV4, MSS, HEADERS + optionBytes);
    }
    return frame;
  }

  private static int sum(ByteBuffer bytes, int offset, int length, int initial) {
    int sum = initial;
    for (int i = 0; i < length; i += 2) {
      sum += bytes.getShort(offset + i) & 0xffff;
    }
    while (sum >>> 16 != 0) {
      sum = (sum & 0xffff) + (sum >>> 16);
    }
    return sum;
  }
}
