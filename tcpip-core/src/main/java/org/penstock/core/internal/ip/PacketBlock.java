package org.penstock.core.internal.ip;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.penstock.api.buffer.OutboundFrame;
import org.penstock.core.internal.wire.Checksum;

/**
 * The packet a cell is sending: a block of off-heap memory in which link, IP and transport headers
 * meet without a gap, and the list of payload pieces. Used for one packet after the other, so that
 * none allocates. What is kept for retransmission never holds a header, and no header is ever put
 * before payload that is kept.
 */
final class PacketBlock implements OutboundPacket {

  /** Room in front of the transport header: Ethernet and IPv6, and more to stay aligned. */
  private static final int TRANSPORT = 64;

  /** The longest transport header: TCP with all its options. */
  private static final int MOST_TRANSPORT = 60;

  private static final int DEFAULT_TTL = 64;

  private final MemorySegment header = Arena.ofAuto().allocate(TRANSPORT + 64, 64);
  private MemorySegment[] segments = new MemorySegment[8];
  private long[] offsets = new long[8];
  private int[] lengths = new int[8];
  private int pieces;
  private int payloadLength;
  private int transportHeader;
  private int ecn;
  private int dscp;
  private int timeToLive;
  private int segmentSize;
  private boolean dontFragment;

  void clear(int transportHeaderLength) {
    if (transportHeaderLength < 0 || transportHeaderLength > MOST_TRANSPORT) {
      throw new IllegalArgumentException(
          "a transport header of "
              + transportHeaderLength
              + " bytes is not between 0 and "
              + MOST_TRANSPORT);
    }
    Arrays.fill(segments, 0, pieces, null);
    pieces = 0;
    payloadLength = 0;
    transportHeader = transportHeaderLength;
    ecn = 0;
    dscp = 0;
    timeToLive = DEFAULT_TTL;
    segmentSize = 0;
    dontFragment = false;
  }

  @Override
  public MemorySegment header() {
    return header;
  }

  @Override
  public int transport() {
    return TRANSPORT;
  }

  @Override
  public void payload(MemorySegment segment, long offset, int length) {
    if (length == 0) {
      return;
    }
    if (pieces == segments.length) {
      segments = Arrays.copyOf(segments, pieces * 2);
      offsets = Arrays.copyOf(offsets, pieces * 2);
      lengths = Arrays.copyOf(lengths, pieces * 2);
    }
    segments[pieces] = segment;
    offsets[pieces] = offset;
    lengths[pieces] = length;
    pieces++;
    payloadLength += length;
  }

  @Override
  public void ecn(int codepoint) {
    this.ecn = codepoint & 3;
  }

  @Override
  public void dscp(int codepoint) {
    this.dscp = codepoint & 0x3f;
  }

  @Override
  public void timeToLive(int hops) {
    // RFC 1122 §3.2.1.7: never zero.
    this.timeToLive = Math.clamp(hops, 1, 255);
  }

  @Override
  public void segment(int size) {
    this.segmentSize = size;
  }

  @Override
  public void dontFragment(boolean refuse) {
    this.dontFragment = refuse;
  }

  boolean dontFragment() {
    return dontFragment;
  }

  /** DSCP and ECN. */
  int trafficClass() {
    return dscp << 2 | ecn;
  }

  int timeToLive() {
    return timeToLive;
  }

  /** Payload bytes of each segment of a super-segment, 0 for an ordinary packet. */
  int segmentSize() {
    return segmentSize;
  }

  int transportHeader() {
    return transportHeader;
  }

  /** Bytes from the transport header to the end. */
  int transportLength() {
    return transportHeader + payloadLength;
  }

  /** The sum over transport header and payload, in one pass over every piece. */
  long sum() {
    long sum = Checksum.sum(header, TRANSPORT, transportHeader);
    int length = transportHeader;
    for (int i = 0; i < pieces; i++) {
      int piece = Checksum.sum(segments[i], offsets[i], lengths[i]);
      sum = Checksum.combine(sum, length, piece);
      length += lengths[i];
    }
    return sum;
  }

  /** Makes a frame of the header block from an offset on, and of the payload in place. */
  void gather(OutboundFrame frame, int start) {
    frame.clear();
    frame.add(header, start, TRANSPORT + transportHeader - start);
    for (int i = 0; i < pieces; i++) {
      frame.add(segments[i], offsets[i], lengths[i]);
    }
  }

  /**
   * The same in fewer pieces: what goes beyond is copied into the last of them.
   *
   * @param most pieces the device takes, at least 1
   * @param scratch memory for a whole frame
   */
  void gather(OutboundFrame frame, int start, int most, MemorySegment scratch) {
    frame.clear();
    int headers = TRANSPORT + transportHeader - start;
    int copied = 0;
    if (most == 1) {
      MemorySegment.copy(header, start, scratch, 0, headers);
      copied = headers;
    } else {
      frame.add(header, start, headers);
    }
    for (int i = 0; i < pieces; i++) {
      if (frame.pieces() < most - 1) {
        frame.add(segments[i], offsets[i], lengths[i]);
      } else {
        MemorySegment.copy(segments[i], offsets[i], scratch, copied, lengths[i]);
        copied += lengths[i];
      }
    }
    if (copied > 0) {
      frame.add(scratch, 0, copied);
    }
  }

  /** How many pieces {@link #gather(OutboundFrame, int)} makes. */
  int pieces() {
    return pieces + 1;
  }
}
