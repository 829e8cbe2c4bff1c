package org.penstock.core.internal.wire;

import static org.penstock.core.internal.wire.Fields.get16;
import static org.penstock.core.internal.wire.Fields.get32;
import static org.penstock.core.internal.wire.Fields.get64;
import static org.penstock.core.internal.wire.Fields.get8;
import static org.penstock.core.internal.wire.Fields.put16;
import static org.penstock.core.internal.wire.Fields.put32;
import static org.penstock.core.internal.wire.Fields.put64;
import static org.penstock.core.internal.wire.Fields.put8;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import org.penstock.api.IpAddress;
import org.penstock.api.view.DropReason;

/**
 * The fixed header of an IPv6 packet (RFC 8200 §3): 40 bytes. Addresses of the static form are
 * pairs of longs. What stands between it and the transport header is {@link Ipv6Extensions}'
 * business.
 *
 * @param trafficClass the DSCP in the upper six bits, ECN in the lower two
 * @param flowLabel 20 bits (RFC 6437)
 * @param payloadLength bytes behind this header, extension headers included
 * @param nextHeader what follows, see {@link IpProtocol}
 */
public record Ipv6Header(
    int trafficClass,
    int flowLabel,
    int payloadLength,
    int nextHeader,
    int hopLimit,
    IpAddress source,
    IpAddress destination) {
  /** Length of the header in bytes. */
  public static final int LENGTH = 40;

  /** The upper half of the low 64 bits of an IPv4-mapped address. */
  private static final long MAPPED_PREFIX = 0xffff;

  private static final int FIRST_WORD = 0;
  private static final int PAYLOAD_LENGTH = 4;
  private static final int NEXT_HEADER = 6;
  private static final int HOP_LIMIT = 7;
  private static final int SOURCE = 8;
  private static final int DESTINATION = 24;

  /** Refuses values that do not fit their fields. */
  public Ipv6Header {
    Fields.requireUnsigned("IPv6 traffic class", trafficClass, 8);
    Fields.requireUnsigned("IPv6 flow label", flowLabel, 20);
    Fields.requireUnsigned("IPv6 payload length", payloadLength, 16);
    Fields.requireUnsigned("IPv6 next header", nextHeader, 8);
    Fields.requireUnsigned("IPv6 hop limit", hopLimit, 8);
    if (source.isIpv4() || destination.isIpv4()) {
      throw new IllegalArgumentException(
          "IPv6 header from " + source + " to " + destination + ": both must be IPv6 addresses");
    }
  }

  /**
   * The door: version, payload length, addresses. Jumbograms (RFC 2675) are not supported: a
   * payload length of 0 means an empty payload.
   *
   * @return why to drop the packet, null if it is fine
   */
  public static @Nullable DropReason check(MemorySegment segment, long offset, int length) {
    if (length < LENGTH
        || get8(segment, offset + FIRST_WORD) >>> 4 != 6
        || LENGTH + payloadLength(segment, offset) > length) {
      return DropReason.MALFORMED_IPV6;
    }
    // RFC 4942 §2.2: IPv4-mapped addresses have no place on the wire; inside of this stack they
    // stand for IPv4, so letting one in would carry a packet past the rules for IPv4.
    if (isMapped(segment, offset + SOURCE)) {
      return DropReason.BAD_SOURCE_ADDRESS;
    }
    return isMapped(segment, offset + DESTINATION) ? DropReason.NOT_OUR_ADDRESS : null;
  }

  private static boolean isMapped(MemorySegment segment, long offset) {
    return get64(segment, offset) == 0 && get64(segment, offset + 8) >>> 32 == MAPPED_PREFIX;
  }

  /** DSCP and ECN. */
  public static int trafficClass(MemorySegment segment, long offset) {
    return get16(segment, offset + FIRST_WORD) >>> 4 & 0xff;
  }

  /** The ECN field, 0 to 3 (RFC 3168 §5). */
  public static int ecn(MemorySegment segment, long offset) {
    return trafficClass(segment, offset) & 3;
  }

  /** The flow label, 20 bits. */
  public static int flowLabel(MemorySegment segment, long offset) {
    return get32(segment, offset + FIRST_WORD) & 0xf_ffff;
  }

  /** Bytes behind this header, extension headers included. */
  public static int payloadLength(MemorySegment segment, long offset) {
    return get16(segment, offset + PAYLOAD_LENGTH);
  }

  /** What follows this header, see {@link IpProtocol}. */
  public static int nextHeader(MemorySegment segment, long offset) {
    return get8(segment, offset + NEXT_HEADER);
  }

  /** Hops left. */
  public static int hopLimit(MemorySegment segment, long offset) {
    return get8(segment, offset + HOP_LIMIT);
  }

  /** The first 64 bits of the source address. */
  public static long sourceHigh(MemorySegment segment, long offset) {
    return get64(segment, offset + SOURCE);
  }

  /** The last 64 bits of the source address. */
  public static long sourceLow(MemorySegment segment, long offset) {
    return get64(segment, offset + SOURCE + 8);
  }

  /** The first 64 bits of the destination address. */
  public static long destinationHigh(MemorySegment segment, long offset) {
    return get64(segment, offset + DESTINATION);
  }

  /** The last 64 bits of the destination address. */
  public static long destinationLow(MemorySegment segment, long offset) {
    return get64(segment, offset + DESTINATION + 8);
  }

  /**
   * The sum of the pseudo-header (RFC 8200 §8.1) of what this packet carries.
   *
   * @param protocol the transport protocol, found behind the extension headers
   * @param length bytes of transport header and payload
   */
  public static long pseudoHeader(MemorySegment segment, long offset, int protocol, int length) {
    return Checksum.pseudoHeader(
        sourceHigh(segment, offset),
        sourceLow(segment, offset),
        destinationHigh(segment, offset),
        destinationLow(segment, offset),
        protocol,
        length);
  }

  /** Writes a whole header. */
  public static void write(
      MemorySegment segment,
      long offset,
      int trafficClass,
      int flowLabel,
      int payloadLength,
      int nextHeader,
      int hopLimit,
      long sourceHigh,
      long sourceLow,
      long destinationHigh,
      long destinationLow) {
    put32(segment, offset + FIRST_WORD, 6 << 28 | trafficClass << 20 | flowLabel);
    put16(segment, offset + PAYLOAD_LENGTH, payloadLength);
    put8(segment, offset + NEXT_HEADER, nextHeader);
    put8(segment, offset + HOP_LIMIT, hopLimit);
    put64(segment, offset + SOURCE, sourceHigh);
    put64(segment, offset + SOURCE + 8, sourceLow);
    put64(segment, offset + DESTINATION, destinationHigh);
    put64(segment, offset + DESTINATION + 8, destinationLow);
  }

  /**
   * Reads a header. The addresses have scope 0: a packet does not say which link it came by.
   *
   * @throws IllegalArgumentException where {@link #check} would drop the packet
   */
  public static Ipv6Header parse(MemorySegment segment, long offset, int length) {
    DropReason reason = check(segment, offset, length);
    if (reason != null) {
      throw Malformed.because(reason, segment, offset, length);
    }
    return new Ipv6Header(
        trafficClass(segment, offset),
        flowLabel(segment, offset),
        payloadLength(segment, offset),
        nextHeader(segment, offset),
        hopLimit(segment, offset),
        IpAddress.of(sourceHigh(segment, offset), sourceLow(segment, offset), 0),
        IpAddress.of(destinationHigh(segment, offset), destinationLow(segment, offset), 0));
  }

  /**
   * Writes this header.
   *
   * @return bytes written: {@link #LENGTH}
   */
  public int writeTo(MemorySegment segment, long offset) {
    write(
        segment,
        offset,
        trafficClass,
        flowLabel,
        payloadLength,
        nextHeader,
        hopLimit,
        source.high(),
        source.low(),
        destination.high(),
        destination.low());
    return LENGTH;
  }
}
