package org.penstock.core.internal.wire;

import static org.penstock.core.internal.wire.Fields.get16;
import static org.penstock.core.internal.wire.Fields.get32;
import static org.penstock.core.internal.wire.Fields.put16;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import org.penstock.api.view.DropReason;

/**
 * A UDP header (RFC 768): 8 bytes.
 *
 * @param length bytes of header and payload
 * @param checksum 0 where the sender computed none
 */
public record UdpHeader(int sourcePort, int destinationPort, int length, int checksum) {
  /** Length of the header in bytes. */
  public static final int LENGTH = 8;

  /** Where the checksum field stands, in bytes from the header's start: for checksum offload. */
  public static final int CHECKSUM_OFFSET = 6;

  private static final int SOURCE_PORT = 0;
  private static final int DESTINATION_PORT = 2;
  private static final int LENGTH_FIELD = 4;

  /** Refuses values that do not fit their fields. */
  public UdpHeader {
    Fields.requireUnsigned("UDP source port", sourcePort, 16);
    Fields.requireUnsigned("UDP destination port", destinationPort, 16);
    Fields.requireUnsigned("UDP length", length, 16);
    Fields.requireUnsigned("UDP checksum", checksum, 16);
  }

  /**
   * The door: a whole header, and a length between its own and what IP carries. A datagram shorter
   * than what IP carries is fine; the rest is padding.
   *
   * @return why to drop the datagram, null if it is fine
   */
  public static @Nullable DropReason check(MemorySegment segment, long offset, int length) {
    if (length < LENGTH) {
      return DropReason.MALFORMED_UDP;
    }
    int datagram = length(segment, offset);
    return datagram < LENGTH || datagram > length ? DropReason.MALFORMED_UDP : null;
  }

  /**
   * Checks the checksum of a datagram over IPv4, where it may be absent; over IPv6 the caller drops
   * one without first, see {@link #hasChecksum} (RFC 8200 §8.1).
   *
   * @param pseudoHeader sum of the pseudo-header, taken with the datagram's own {@link
   *     #length(MemorySegment, long)}
   * @return null if it is right or absent
   */
  public static @Nullable DropReason verify(MemorySegment segment, long offset, long pseudoHeader) {
    // RFC 768: an all-zero checksum means that the sender generated none.
    if (!hasChecksum(segment, offset)) {
      return null;
    }
    long sum = pseudoHeader + Checksum.sum(segment, offset, length(segment, offset));
    return Checksum.isIntact(sum) ? null : DropReason.BAD_CHECKSUM_UDP;
  }

  /** The sender's port; 0 where it expects no answer. */
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

  /** Bytes of header and payload. */
  public static int length(MemorySegment segment, long offset) {
    return get16(segment, offset + LENGTH_FIELD);
  }

  /** Whether the sender computed a checksum. */
  public static boolean hasChecksum(MemorySegment segment, long offset) {
    return get16(segment, offset + CHECKSUM_OFFSET) != 0;
  }

  /** Writes a header; the checksum is left 0, which means none. */
  public static void write(
      MemorySegment segment, long offset, int sourcePort, int destinationPort, int length) {
    put16(segment, offset + SOURCE_PORT, sourcePort);
    put16(segment, offset + DESTINATION_PORT, destinationPort);
    put16(segment, offset + LENGTH_FIELD, length);
    put16(segment, offset + CHECKSUM_OFFSET, 0);
  }

  /** The checksum field for a sum over pseudo-header, header and payload. */
  public static int checksumField(long sum) {
    // RFC 768: a checksum that comes out as zero is sent as all ones.
    int checksum = Checksum.complement(sum);
    return checksum == 0 ? 0xffff : checksum;
  }

  /** Writes the checksum field, for example what {@link #checksumField} gave. */
  public static void setChecksum(MemorySegment segment, long offset, int checksum) {
    put16(segment, offset + CHECKSUM_OFFSET, checksum);
  }

  /** Computes and writes the checksum of a datagram that lies in one piece. */
  public static void seal(MemorySegment segment, long offset, long pseudoHeader) {
    setChecksum(segment, offset, 0);
    long sum = pseudoHeader + Checksum.sum(segment, offset, length(segment, offset));
    setChecksum(segment, offset, checksumField(sum));
  }

  /**
   * Reads a header.
   *
   * @throws IllegalArgumentException where {@link #check} would drop the datagram
   */
  public static UdpHeader parse(MemorySegment segment, long offset, int length) {
    DropReason reason = check(segment, offset, length);
    if (reason != null) {
      throw Malformed.because(reason, segment, offset, length);
    }
    return new UdpHeader(
        sourcePort(segment, offset),
        destinationPort(segment, offset),
        length(segment, offset),
        get16(segment, offset + CHECKSUM_OFFSET));
  }

  /**
   * Writes this header, checksum as it is; {@link #seal} computes it.
   *
   * @return bytes written: {@link #LENGTH}
   */
  public int writeTo(MemorySegment segment, long offset) {
    write(segment, offset, sourcePort, destinationPort, length);
    setChecksum(segment, offset, checksum);
    return LENGTH;
  }
}
