package org.penstock.core.internal.wire;

import static org.penstock.core.internal.wire.Fields.get16;
import static org.penstock.core.internal.wire.Fields.get32;
import static org.penstock.core.internal.wire.Fields.get8;
import static org.penstock.core.internal.wire.Fields.put16;
import static org.penstock.core.internal.wire.Fields.put32;
import static org.penstock.core.internal.wire.Fields.put8;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import org.penstock.api.view.DropReason;

/**
 * An ICMP message of IPv4 (RFC 792): 8 bytes of header, then a body: the data of an echo, or the
 * start of the packet that an error is about.
 *
 * @param restOfHeader the second 32 bits, whose meaning depends on the type
 * @param body what follows the header
 */
public record Icmpv4(int type, int code, int restOfHeader, Octets body) {
  /** Length of the header in bytes. */
  public static final int HEADER_LENGTH = 8;

  public static final int ECHO_REPLY = 0;
  public static final int DESTINATION_UNREACHABLE = 3;
  public static final int SOURCE_QUENCH = 4;
  public static final int REDIRECT = 5;
  public static final int ECHO_REQUEST = 8;
  public static final int TIME_EXCEEDED = 11;
  public static final int PARAMETER_PROBLEM = 12;
  public static final int TIMESTAMP_REQUEST = 13;
  public static final int TIMESTAMP_REPLY = 14;

  /** Codes of {@link #DESTINATION_UNREACHABLE} (RFC 792, RFC 1122 §3.2.2.1, RFC 1812 §5.2.7.1). */
  public static final int NETWORK_UNREACHABLE = 0;

  public static final int HOST_UNREACHABLE = 1;
  public static final int PROTOCOL_UNREACHABLE = 2;
  public static final int PORT_UNREACHABLE = 3;
  public static final int FRAGMENTATION_NEEDED = 4;
  public static final int SOURCE_ROUTE_FAILED = 5;
  public static final int NETWORK_PROHIBITED = 9;
  public static final int HOST_PROHIBITED = 10;
  public static final int COMMUNICATION_PROHIBITED = 13;

  /** Codes of {@link #TIME_EXCEEDED}. */
  public static final int TIME_TO_LIVE_EXCEEDED = 0;

  public static final int REASSEMBLY_TIME_EXCEEDED = 1;

  private static final int TYPE = 0;
  private static final int CODE = 1;
  private static final int CHECKSUM = 2;
  private static final int REST = 4;
  private static final int IDENTIFIER = 4;
  private static final int SEQUENCE = 6;
  private static final int NEXT_HOP_MTU = 6;

  /** What of a quoted packet's payload every error carries at least (RFC 792). */
  private static final int QUOTED_PAYLOAD = 8;

  /** Refuses values that do not fit their fields. */
  public Icmpv4 {
    Fields.requireUnsigned("ICMP type", type, 8);
    Fields.requireUnsigned("ICMP code", code, 8);
  }

  /**
   * The door: is there a whole header? The checksum is {@link #verify}'s business.
   *
   * @return why to drop the message, null if it is fine
   */
  public static @Nullable DropReason check(MemorySegment segment, long offset, int length) {
    return length < HEADER_LENGTH ? DropReason.MALFORMED_ICMP : null;
  }

  /** Checks the checksum of a whole message; null if it is right. */
  public static @Nullable DropReason verify(MemorySegment segment, long offset, int length) {
    return Checksum.isIntact(Checksum.sum(segment, offset, length))
        ? null
        : DropReason.BAD_CHECKSUM_ICMP;
  }

  /**
   * The door for the packet that an error quotes: enough of it to tell the flow, its IPv4 header
   * whole, its payload cut short at will but not below 8 bytes. The quoted header's checksum and
   * total length are not believed or checked, because routers on the way may have changed them.
   *
   * @param length bytes of the ICMP message
   * @return why to drop the error, null if accessors of {@link Ipv4Header} at {@link
   *     #quotedPacket}, and of the ports and the sequence number behind it, may be used
   */
  public static @Nullable DropReason checkQuotedPacket(
      MemorySegment segment, long offset, int length) {
    int quoted = length - HEADER_LENGTH;
    long at = quotedPacket(offset);
    if (quoted < Ipv4Header.MIN_LENGTH || get8(segment, at) >>> 4 != 4) {
      return DropReason.MALFORMED_ICMP;
    }
    int headerLength = Ipv4Header.headerLength(segment, at);
    if (headerLength < Ipv4Header.MIN_LENGTH || headerLength + QUOTED_PAYLOAD > quoted) {
      return DropReason.MALFORMED_ICMP;
    }
    // Only a first fragment has ports in front: about any other there is nobody to tell.
    return Ipv4Header.fragmentOffset(segment, at) == 0 ? null : DropReason.ICMP_IGNORED;
  }

  /** Whether a type reports an error, so that no error may be sent about it (RFC 1122 §3.2.2). */
  public static boolean isError(int type) {
    return switch (type) {
      case DESTINATION_UNREACHABLE, SOURCE_QUENCH, REDIRECT, TIME_EXCEEDED, PARAMETER_PROBLEM ->
          true;
      default -> false;
    };
  }

  /** What kind of message. */
  public static int type(MemorySegment segment, long offset) {
    return get8(segment, offset + TYPE);
  }

  /** Which of its kind. */
  public static int code(MemorySegment segment, long offset) {
    return get8(segment, offset + CODE);
  }

  /** The second 32 bits. */
  public static int restOfHeader(MemorySegment segment, long offset) {
    return get32(segment, offset + REST);
  }

  /** The identifier of an echo. */
  public static int identifier(MemorySegment segment, long offset) {
    return get16(segment, offset + IDENTIFIER);
  }

  /** The sequence number of an echo. */
  public static int sequence(MemorySegment segment, long offset) {
    return get16(segment, offset + SEQUENCE);
  }

  /**
   * What fits through the next hop, in bytes, of a {@link #FRAGMENTATION_NEEDED} (RFC 1191 §4); 0
   * from routers that do not say.
   */
  public static int nextHopMtu(MemorySegment segment, long offset) {
    return get16(segment, offset + NEXT_HOP_MTU);
  }

  /** Which byte of the quoted packet a {@link #PARAMETER_PROBLEM} is about. */
  public static int pointer(MemorySegment segment, long offset) {
    return get8(segment, offset + REST);
  }

  /** Where the quoted packet of an error starts. */
  public static long quotedPacket(long offset) {
    return offset + HEADER_LENGTH;
  }

  /** Writes a header; the checksum is left 0 for {@link #seal}, once the body is in place. */
  public static void write(
      MemorySegment segment, long offset, int type, int code, int restOfHeader) {
    put8(segment, offset + TYPE, type);
    put8(segment, offset + CODE, code);
    put16(segment, offset + CHECKSUM, 0);
    put32(segment, offset + REST, restOfHeader);
  }

  /** The second 32 bits of an echo. */
  public static int echoHeader(int identifier, int sequence) {
    return identifier << 16 | sequence & 0xffff;
  }

  /** Computes and writes the checksum of a whole message. */
  public static void seal(MemorySegment segment, long offset, int length) {
    put16(segment, offset + CHECKSUM, 0);
    setChecksum(segment, offset, Checksum.complement(Checksum.sum(segment, offset, length)));
  }

  /** Writes the checksum, where the message is a gather list whose sum the caller knows. */
  public static void setChecksum(MemorySegment segment, long offset, int checksum) {
    put16(segment, offset + CHECKSUM, checksum);
  }

  /**
   * Reads a message.
   *
   * @throws IllegalArgumentException where {@link #check} would drop it
   */
  public static Icmpv4 parse(MemorySegment segment, long offset, int length) {
    DropReason reason = check(segment, offset, length);
    if (reason != null) {
      throw Malformed.because(reason, segment, offset, length);
    }
    return new Icmpv4(
        type(segment, offset),
        code(segment, offset),
        restOfHeader(segment, offset),
        Octets.copyOf(segment, offset + HEADER_LENGTH, length - HEADER_LENGTH));
  }

  /** The identifier of an echo. */
  public int identifier() {
    return restOfHeader >>> 16;
  }

  /** The sequence number of an echo. */
  public int sequence() {
    return restOfHeader & 0xffff;
  }

  /**
   * Writes this message, checksum included.
   *
   * @return bytes written
   */
  public int writeTo(MemorySegment segment, long offset) {
    write(segment, offset, type, code, restOfHeader);
    int length = HEADER_LENGTH + body.writeTo(segment, offset + HEADER_LENGTH);
    seal(segment, offset, length);
    return length;
  }
}
