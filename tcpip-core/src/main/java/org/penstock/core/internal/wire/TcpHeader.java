package org.penstock.core.internal.wire;

import static org.penstock.core.internal.wire.Fields.get16;
import static org.penstock.core.internal.wire.Fields.get32;
import static org.penstock.core.internal.wire.Fields.get8;
import static org.penstock.core.internal.wire.Fields.put16;
import static org.penstock.core.internal.wire.Fields.put32;
import static org.penstock.core.internal.wire.Fields.put8;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.penstock.api.view.DropReason;

/**
 * A TCP header (RFC 9293 §3.1). Sequence numbers are ints, see {@link SequenceNumber}.
 *
 * <p>The record does not hold the checksum: it covers the payload too, so {@link #verify} and
 * {@link #seal} deal with it.
 *
 * @param flags see {@link TcpFlags}
 * @param window as in the header, not scaled
 * @param options without their padding
 */
public record TcpHeader(
    int sourcePort,
    int destinationPort,
    int sequence,
    int acknowledgment,
    int flags,
    int window,
    int urgentPointer,
    List<TcpOption> options) {
  /** Length without options. */
  public static final int MIN_LENGTH = 20;

  /** Length with as many options as fit. */
  public static final int MAX_LENGTH = 60;

  /** Where the checksum field stands, in bytes from the header's start: for checksum offload. */
  public static final int CHECKSUM_OFFSET = 16;

  private static final int SOURCE_PORT = 0;
  private static final int DESTINATION_PORT = 2;
  private static final int SEQUENCE = 4;
  private static final int ACKNOWLEDGMENT = 8;
  private static final int DATA_OFFSET = 12;
  private static final int FLAGS = 13;
  private static final int WINDOW = 14;
  private static final int URGENT_POINTER = 18;

  /** Refuses values that do not fit their fields, and more options than a header has room for. */
  public TcpHeader {
    Fields.requireUnsigned("TCP source port", sourcePort, 16);
    Fields.requireUnsigned("TCP destination port", destinationPort, 16);
    Fields.requireUnsigned("TCP flags", flags, 8);
    Fields.requireUnsigned("TCP window", window, 16);
    Fields.requireUnsigned("TCP urgent pointer", urgentPointer, 16);
    options = List.copyOf(options);
    int length = TcpOption.lengthOf(options);
    if (length > MAX_LENGTH - MIN_LENGTH) {
      throw new IllegalArgumentException(
          "TCP options " + options + " take " + length + " bytes, at most 40 are allowed");
    }
  }

  /**
   * The door: a whole header, and a data offset between its least and what is there. The checksum
   * is {@link #verify}'s business, options {@link TcpOptions#parse}'s.
   *
   * @param length bytes of header and payload, as IP says
   * @return why to drop the segment, null if it is fine
   */
  public static @Nullable DropReason check(MemorySegment segment, long offset, int length) {
    if (length < MIN_LENGTH) {
      return DropReason.MALFORMED_TCP;
    }
    int headerLength = headerLength(segment, offset);
    return headerLength < MIN_LENGTH || headerLength > length ? DropReason.MALFORMED_TCP : null;
  }

  /**
   * Checks the checksum of a whole segment.
   *
   * @param pseudoHeader sum of the pseudo-header, length included
   * @return null if it is right
   */
  public static @Nullable DropReason verify(
      MemorySegment segment, long offset, int length, long pseudoHeader) {
    return Checksum.isIntact(pseudoHeader + Checksum.sum(segment, offset, length))
        ? null
        : DropReason.BAD_CHECKSUM_TCP;
  }

  /** The sender's port. */
  public static int sourcePort(MemorySegment segment, long offset) {
    return get16(segment, offset + SOURCE_PORT);
  }

  /** The port it is for. */
  public static int destinationPort(MemorySegment segment, long offset) {
    return get16(segment, offset + DESTINATION_PORT);
  }

  /** Both ports: the source in the upper 16 bits, the destination in the lower. */
  public static int ports(MemorySegment segment, long offset) {
    return get32(segment, offset + SOURCE_PORT);
  }

  /** Of the first byte of payload, or of the SYN. */
  public static int sequence(MemorySegment segment, long offset) {
    return get32(segment, offset + SEQUENCE);
  }

  /** What the sender expects next; means something only with {@link TcpFlags#ACK}. */
  public static int acknowledgment(MemorySegment segment, long offset) {
    return get32(segment, offset + ACKNOWLEDGMENT);
  }

  /** Length of the header in bytes, options included. */
  public static int headerLength(MemorySegment segment, long offset) {
    return get8(segment, offset + DATA_OFFSET) >>> 4 << 2;
  }

  /** The control bits, see {@link TcpFlags}; reserved bits are ignored (RFC 9293 §3.1). */
  public static int flags(MemorySegment segment, long offset) {
    return get8(segment, offset + FLAGS);
  }

  /** The window as in the header: 0 to 65,535, not scaled. */
  public static int window(MemorySegment segment, long offset) {
    return get16(segment, offset + WINDOW);
  }

  /** The checksum field. */
  public static int checksum(MemorySegment segment, long offset) {
    return get16(segment, offset + CHECKSUM_OFFSET);
  }

  /** Relative to the sequence number; means something only with {@link TcpFlags#URG}. */
  public static int urgentPointer(MemorySegment segment, long offset) {
    return get16(segment, offset + URGENT_POINTER);
  }

  /**
   * Writes a header; the checksum is left 0 for {@link #seal} or {@link #setChecksum}.
   *
   * @param ports the source port in the upper 16 bits, the destination port in the lower
   * @param headerLength in bytes, options included: a multiple of 4, 20 to 60; the caller writes
   *     the options behind these 20 bytes
   * @param window as it goes into the header: scaled down, at most 65,535
   */
  public static void write(
      MemorySegment segment,
      long offset,
      int ports,
      int sequence,
      int acknowledgment,
      int headerLength,
      int flags,
      int window,
      int urgentPointer) {
    put32(segment, offset + SOURCE_PORT, ports);
    put32(segment, offset + SEQUENCE, sequence);
    put32(segment, offset + ACKNOWLEDGMENT, acknowledgment);
    put8(segment, offset + DATA_OFFSET, headerLength >>> 2 << 4);
    put8(segment, offset + FLAGS, flags);
    put16(segment, offset + WINDOW, window);
    put16(segment, offset + CHECKSUM_OFFSET, 0);
    put16(segment, offset + URGENT_POINTER, urgentPointer);
  }

  /**
   * Writes the checksum: {@link Checksum#complement} of the sum over pseudo-header, header and
   * payload, or {@link Checksum#fold} of the pseudo-header's alone where the device does the rest.
   */
  public static void setChecksum(MemorySegment segment, long offset, int checksum) {
    put16(segment, offset + CHECKSUM_OFFSET, checksum);
  }

  /** Computes and writes the checksum of a segment that lies in one piece. */
  public static void seal(MemorySegment segment, long offset, int length, long pseudoHeader) {
    setChecksum(segment, offset, 0);
    long sum = pseudoHeader + Checksum.sum(segment, offset, length);
    setChecksum(segment, offset, Checksum.complement(sum));
  }

  /**
   * Reads a header; of options that are malformed it reads those before the first bad one.
   *
   * @throws IllegalArgumentException where {@link #check} would drop the segment
   */
  public static TcpHeader parse(MemorySegment segment, long offset, int length) {
    DropReason reason = check(segment, offset, length);
    if (reason != null) {
      throw Malformed.because(reason, segment, offset, length);
    }
    int optionsLength = headerLength(segment, offset) - MIN_LENGTH;
    return new TcpHeader(
        sourcePort(segment, offset),
        destinationPort(segment, offset),
        sequence(segment, offset),
        acknowledgment(segment, offset),
        flags(segment, offset),
        window(segment, offset),
        urgentPointer(segment, offset),
        TcpOption.parse(segment, offset + MIN_LENGTH, optionsLength));
  }

  /** Length of this header in bytes, options and their padding included. */
  public int headerLength() {
    return MIN_LENGTH + (TcpOption.lengthOf(options) + 3 & ~3);
  }

  /** Whether all of these flags are set. */
  public boolean has(int all) {
    return (flags & all) == all;
  }

  /**
   * Writes this header with a checksum of 0; {@link #seal} computes it.
   *
   * @return bytes written: {@link #headerLength()}
   */
  public int writeTo(MemorySegment segment, long offset) {
    int headerLength = headerLength();
    write(
        segment,
        offset,
        sourcePort << 16 | destinationPort,
        sequence,
        acknowledgment,
        headerLength,
        flags,
        window,
        urgentPointer);
    TcpOption.writeTo(options, segment, offset + MIN_LENGTH);
    return headerLength;
  }

  /** Much as tcpdump writes it. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(96);
    text.append(sourcePort).append(" > ").append(destinationPort);
    text.append(" [").append(TcpFlags.toString(flags)).append(']');
    text.append(" seq ").append(SequenceNumber.toString(sequence));
    if (has(TcpFlags.ACK)) {
      text.append(" ack ").append(SequenceNumber.toString(acknowledgment));
    }
    text.append(" win ").append(window);
    if (has(TcpFlags.URG)) {
      text.append(" urg ").append(urgentPointer);
    }
    if (!options.isEmpty()) {
      text.append(' ').append(options);
    }
    return text.toString();
  }
}
