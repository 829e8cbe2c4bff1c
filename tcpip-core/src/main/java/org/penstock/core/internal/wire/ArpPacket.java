package org.penstock.core.internal.wire;

import static org.penstock.core.internal.wire.Fields.get16;
import static org.penstock.core.internal.wire.Fields.get32;
import static org.penstock.core.internal.wire.Fields.get48;
import static org.penstock.core.internal.wire.Fields.get8;
import static org.penstock.core.internal.wire.Fields.put16;
import static org.penstock.core.internal.wire.Fields.put32;
import static org.penstock.core.internal.wire.Fields.put48;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import org.penstock.api.IpAddress;
import org.penstock.api.MacAddress;
import org.penstock.api.view.DropReason;

/**
 * An ARP packet for IPv4 over Ethernet (RFC 826): 28 bytes. Addresses of the static form are raw:
 * an int for IPv4, the low 48 bits of a long for Ethernet.
 *
 * @param operation {@link #REQUEST} or {@link #REPLY}
 */
public record ArpPacket(
    int operation,
    MacAddress senderHardware,
    IpAddress senderProtocol,
    MacAddress targetHardware,
    IpAddress targetProtocol) {
  /** Length of the packet in bytes. */
  public static final int LENGTH = 28;

  public static final int REQUEST = 1;
  public static final int REPLY = 2;

  private static final int HARDWARE_ETHERNET = 1;
  private static final int ADDRESS_LENGTHS = 6 << 8 | 4;

  private static final int HARDWARE_TYPE = 0;
  private static final int PROTOCOL_TYPE = 2;
  private static final int LENGTHS = 4;
  private static final int OPERATION = 6;
  private static final int SENDER_HARDWARE = 8;
  private static final int SENDER_PROTOCOL = 14;
  private static final int TARGET_HARDWARE = 18;
  private static final int TARGET_PROTOCOL = 24;

  /** Refuses addresses that are not IPv4 and operations that are neither request nor reply. */
  public ArpPacket {
    if (operation != REQUEST && operation != REPLY) {
      throw new IllegalArgumentException(
          "ARP operation " + operation + " is neither 1 (request) nor 2 (reply)");
    }
    requireIpv4("sender", senderProtocol);
    requireIpv4("target", targetProtocol);
  }

  private static void requireIpv4(String role, IpAddress address) {
    if (!address.isIpv4()) {
      throw new IllegalArgumentException("ARP " + role + " " + address + " is not an IPv4 address");
    }
  }

  /**
   * The door: whole, for IPv4 over Ethernet, request or reply, from a single station.
   *
   * @return why to drop the packet, null if it is fine
   */
  public static @Nullable DropReason check(MemorySegment segment, long offset, int length) {
    if (length < LENGTH
        || get16(segment, offset + HARDWARE_TYPE) != HARDWARE_ETHERNET
        || get16(segment, offset + PROTOCOL_TYPE) != EtherType.IPV4
        || get16(segment, offset + LENGTHS) != ADDRESS_LENGTHS) {
      return DropReason.MALFORMED_ARP;
    }
    int operation = operation(segment, offset);
    if (operation != REQUEST && operation != REPLY) {
      return DropReason.MALFORMED_ARP;
    }
    // RFC 1812 §3.3.2: never believe that a host's link address is a broadcast or multicast one.
    if ((get8(segment, offset + SENDER_HARDWARE) & 1) != 0) {
      return DropReason.BAD_SOURCE_ADDRESS;
    }
    return null;
  }

  /** {@link #REQUEST} or {@link #REPLY}. */
  public static int operation(MemorySegment segment, long offset) {
    return get16(segment, offset + OPERATION);
  }

  /** The sender's Ethernet address, 48 bits. */
  public static long senderHardware(MemorySegment segment, long offset) {
    return get48(segment, offset + SENDER_HARDWARE);
  }

  /** The sender's IPv4 address; 0 in a probe (RFC 5227 §1.1). */
  public static int senderProtocol(MemorySegment segment, long offset) {
    return get32(segment, offset + SENDER_PROTOCOL);
  }

  /** The target's Ethernet address, 48 bits; means nothing in a request. */
  public static long targetHardware(MemorySegment segment, long offset) {
    return get48(segment, offset + TARGET_HARDWARE);
  }

  /** The IPv4 address asked for, or the receiver of a reply. */
  public static int targetProtocol(MemorySegment segment, long offset) {
    return get32(segment, offset + TARGET_PROTOCOL);
  }

  /** Writes a whole packet. */
  public static void write(
      MemorySegment segment,
      long offset,
      int operation,
      long senderHardware,
      int senderProtocol,
      long targetHardware,
      int targetProtocol) {
    put16(segment, offset + HARDWARE_TYPE, HARDWARE_ETHERNET);
    put16(segment, offset + PROTOCOL_TYPE, EtherType.IPV4);
    put16(segment, offset + LENGTHS, ADDRESS_LENGTHS);
    put16(segment, offset + OPERATION, operation);
    put48(segment, offset + SENDER_HARDWARE, senderHardware);
    put32(segment, offset + SENDER_PROTOCOL, senderProtocol);
    put48(segment, offset + TARGET_HARDWARE, targetHardware);
    put32(segment, offset + TARGET_PROTOCOL, targetProtocol);
  }

  /**
   * Reads a packet.
   *
   * @throws IllegalArgumentException where {@link #check} would drop it
   */
  public static ArpPacket parse(MemorySegment segment, long offset, int length) {
    DropReason reason = check(segment, offset, length);
    if (reason != null) {
      throw Malformed.because(reason, segment, offset, length);
    }
    return new ArpPacket(
        operation(segment, offset),
        new MacAddress(senderHardware(segment, offset)),
        IpAddress.ofIpv4(senderProtocol(segment, offset)),
        new MacAddress(targetHardware(segment, offset)),
        IpAddress.ofIpv4(targetProtocol(segment, offset)));
  }

  /**
   * Writes this packet.
   *
   * @return bytes written
   */
  public int writeTo(MemorySegment segment, long offset) {
    write(
        segment,
        offset,
        operation,
        senderHardware.bits(),
        senderProtocol.ipv4(),
        targetHardware.bits(),
        targetProtocol.ipv4());
    return LENGTH;
  }
}
