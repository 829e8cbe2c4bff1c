package org.penstock.core.internal.wire;

import static org.penstock.core.internal.wire.Fields.get16;
import static org.penstock.core.internal.wire.Fields.get48;
import static org.penstock.core.internal.wire.Fields.get8;
import static org.penstock.core.internal.wire.Fields.put16;
import static org.penstock.core.internal.wire.Fields.put48;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import org.penstock.api.MacAddress;
import org.penstock.api.view.DropReason;

/**
 * The header of an Ethernet II frame (RFC 894): 14 bytes. MAC addresses of the static form are the
 * low 48 bits of a long.
 *
 * @param type what it carries, see {@link EtherType}
 */
public record EthernetFrame(MacAddress destination, MacAddress source, int type) {
  /** Length of the header in bytes. */
  public static final int HEADER_LENGTH = 14;

  /** The address every station listens to. */
  public static final long BROADCAST = 0xffff_ffff_ffffL;

  private static final long GROUP_BIT = 1L << 40;

  private static final int DESTINATION = 0;
  private static final int SOURCE = 6;
  private static final int TYPE = 12;

  /** Refuses a type that does not fit 16 bits. */
  public EthernetFrame {
    Fields.requireUnsigned("Ethernet type", type, 16);
  }

  /**
   * The door: is there a whole header, sent by one station?
   *
   * @return why to drop the frame, null if it is fine
   */
  public static @Nullable DropReason check(MemorySegment segment, long offset, int length) {
    if (length < HEADER_LENGTH) {
      return DropReason.MALFORMED_ETHERNET;
    }
    // IEEE 802.3 §3.2.3: a source is always an individual address.
    if ((get8(segment, offset + SOURCE) & 1) != 0) {
      return DropReason.BAD_SOURCE_ADDRESS;
    }
    return null;
  }

  /** Destination address, 48 bits. */
  public static long destination(MemorySegment segment, long offset) {
    return get48(segment, offset + DESTINATION);
  }

  /** Source address, 48 bits. */
  public static long source(MemorySegment segment, long offset) {
    return get48(segment, offset + SOURCE);
  }

  /** What the frame carries, see {@link EtherType}; below {@link EtherType#LOWEST} a length. */
  public static int type(MemorySegment segment, long offset) {
    return get16(segment, offset + TYPE);
  }

  /** Whether an address is a group's: multicast or broadcast. */
  public static boolean isGroup(long address) {
    return (address & GROUP_BIT) != 0;
  }

  /** Writes a whole header. */
  public static void write(
      MemorySegment segment, long offset, long destination, long source, int type) {
    put48(segment, offset + DESTINATION, destination);
    put48(segment, offset + SOURCE, source);
    put16(segment, offset + TYPE, type);
  }

  /**
   * Reads a header.
   *
   * @throws IllegalArgumentException where {@link #check} would drop the frame
   */
  public static EthernetFrame parse(MemorySegment segment, long offset, int length) {
    DropReason reason = check(segment, offset, length);
    if (reason != null) {
      throw Malformed.because(reason, segment, offset, length);
    }
    return new EthernetFrame(
        new MacAddress(destination(segment, offset)),
        new MacAddress(source(segment, offset)),
        type(segment, offset));
  }

  /**
   * Writes this header.
   *
   * @return bytes written
   */
  public int writeTo(MemorySegment segment, long offset) {
    write(segment, offset, destination.bits(), source.bits(), type);
    return HEADER_LENGTH;
  }
}
