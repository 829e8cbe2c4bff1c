package org.penstock.core.internal.wire;

import static org.penstock.core.internal.wire.Fields.get16;
import static org.penstock.core.internal.wire.Fields.get32;
import static org.penstock.core.internal.wire.Fields.get8;
import static org.penstock.core.internal.wire.Fields.put16;
import static org.penstock.core.internal.wire.Fields.put32;
import static org.penstock.core.internal.wire.Fields.put8;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import org.penstock.api.IpAddress;
import org.penstock.api.view.DropReason;

/**
 * An IPv4 header (RFC 791 §3.1). Addresses of the static form are ints. Lengths and offsets are in
 * bytes, also the fragment offset.
 *
 * @param trafficClass the DSCP in the upper six bits, ECN in the lower two (RFC 2474, RFC 3168)
 * @param totalLength header and payload
 * @param fragmentOffset a multiple of 8
 * @param options the options with their padding, a multiple of 4 long
 */
public record Ipv4Header(
    int trafficClass,
    int totalLength,
    int identification,
    boolean dontFragment,
    boolean moreFragments,
    int fragmentOffset,
    int timeToLive,
    int protocol,
    IpAddress source,
    IpAddress destination,
    Octets options) {
  /** Length without options. */
  public static final int MIN_LENGTH = 20;

  /** Length with as many options as fit. */
  public static final int MAX_LENGTH = 60;

  /** The longest packet, header included. */
  public static final int MAX_TOTAL_LENGTH = 65_535;

  /** The word of flags and fragment offset: this packet must not be fragmented. */
  public static final int DONT_FRAGMENT = 0x4000;

  /** The word of flags and fragment offset: more fragments follow. */
  public static final int MORE_FRAGMENTS = 0x2000;

  private static final int FRAGMENT_OFFSET_MASK = 0x1fff;
  private static final int OPTION_END = 0;
  private static final int OPTION_NO_OPERATION = 1;
  private static final int OPTION_LOOSE_SOURCE_ROUTE = 131;
  private static final int OPTION_STRICT_SOURCE_ROUTE = 137;

  private static final int VERSION_AND_LENGTH = 0;
  private static final int TRAFFIC_CLASS = 1;
  private static final int TOTAL_LENGTH = 2;
  private static final int IDENTIFICATION = 4;
  private static final int FLAGS_AND_OFFSET = 6;
  private static final int TIME_TO_LIVE = 8;
  private static final int PROTOCOL = 9;
  private static final int CHECKSUM = 10;
  private static final int SOURCE = 12;
  private static final int DESTINATION = 16;

  /** Refuses values that do not fit their fields. */
  public Ipv4Header {
    Fields.requireUnsigned("IPv4 traffic class", trafficClass, 8);
    Fields.requireUnsigned("IPv4 total length", totalLength, 16);
    Fields.requireUnsigned("IPv4 identification", identification, 16);
    Fields.requireUnsigned("IPv4 fragment offset", fragmentOffset, 16);
    Fields.requireUnsigned("IPv4 time to live", timeToLive, 8);
    Fields.requireUnsigned("IPv4 protocol", protocol, 8);
    if (fragmentOffset % 8 != 0) {
      throw new IllegalArgumentException(
          "IPv4 fragment offset " + fragmentOffset + " is not a multiple of 8");
    }
    if (options.length() % 4 != 0 || options.length() > MAX_LENGTH - MIN_LENGTH) {
      throw new IllegalArgumentException(
          "IPv4 options of " + options.length() + " bytes: 0 to 40 are allowed, in steps of 4");
    }
    if (!source.isIpv4() || !destination.isIpv4()) {
      throw new IllegalArgumentException(
          "IPv4 header from " + source + " to " + destination + ": both must be IPv4 addresses");
    }
  }

  /**
   * The door: version, lengths, options, fragment fields and the header's checksum. Bytes beyond
   * the total length (padding of short Ethernet frames) are fine.
   *
   * @return why to drop the packet, null if it is fine
   */
  public static @Nullable DropReason check(MemorySegment segment, long offset, int length) {
    if (length < MIN_LENGTH || get8(segment, offset + VERSION_AND_LENGTH) >>> 4 != 4) {
      return DropReason.MALFORMED_IPV4;
    }
    int headerLength = headerLength(segment, offset);
    int totalLength = totalLength(segment, offset);
    if (headerLength < MIN_LENGTH || headerLength > totalLength || totalLength > length) {
      return DropReason.MALFORMED_IPV4;
    }
    // RFC 1122 §3.2.1.2: a host verifies the checksum of every header.
    if (!Checksum.isIntact(Checksum.sum(segment, offset, headerLength))) {
      return DropReason.BAD_CHECKSUM_IPV4;
    }
    if (isFragment(segment, offset)
        && !isSoundFragment(segment, offset, totalLength - headerLength, totalLength)) {
      return DropReason.MALFORMED_IPV4;
    }
    if (headerLength > MIN_LENGTH && !areSoundOptions(segment, offset, headerLength)) {
      return DropReason.MALFORMED_IPV4;
    }
    return null;
  }

  private static boolean isSoundFragment(
      MemorySegment segment, long offset, int payload, int totalLength) {
    // RFC 791 §3.2: all fragments but the last are multiples of 8 long; an empty one would never
    // advance, and one that ends past 65,535 bytes could not be put together (the "ping of death").
    return payload > 0
        && (!moreFragments(segment, offset) || (payload & 7) == 0)
        && fragmentOffset(segment, offset) + totalLength <= MAX_TOTAL_LENGTH;
  }

  private static boolean areSoundOptions(MemorySegment segment, long offset, int headerLength) {
    int at = MIN_LENGTH;
    while (at < headerLength) {
      int kind = get8(segment, offset + at);
      if (kind == OPTION_END) {
        return true;
      }
      int next = at + optionLength(segment, offset, at, headerLength);
      if (next == at) {
        return false;
      }
      at = next;
    }
    return true;
  }

  /** The length of an option other than the end, 0 if it says nonsense. */
  private static int optionLength(MemorySegment segment, long offset, int at, int headerLength) {
    if (get8(segment, offset + at) == OPTION_NO_OPERATION) {
      return 1;
    }
    int length = at + 1 < headerLength ? get8(segment, offset + at + 1) : 0;
    return length >= 2 && at + length <= headerLength ? length : 0;
  }

  /** Length of the header in bytes, options included. */
  public static int headerLength(MemorySegment segment, long offset) {
    return (get8(segment, offset + VERSION_AND_LENGTH) & 0xf) << 2;
  }

  /** DSCP and ECN. */
  public static int trafficClass(MemorySegment segment, long offset) {
    return get8(segment, offset + TRAFFIC_CLASS);
  }

  /** The ECN field, 0 to 3 (RFC 3168 §5). */
  public static int ecn(MemorySegment segment, long offset) {
    return trafficClass(segment, offset) & 3;
  }

  /** Bytes of header and payload. */
  public static int totalLength(MemorySegment segment, long offset) {
    return get16(segment, offset + TOTAL_LENGTH);
  }

  /** Bytes behind the header. */
  public static int payloadLength(MemorySegment segment, long offset) {
    return totalLength(segment, offset) - headerLength(segment, offset);
  }

  /** Groups the fragments of one packet. */
  public static int identification(MemorySegment segment, long offset) {
    return get16(segment, offset + IDENTIFICATION);
  }

  /** Whether routers must not fragment the packet. */
  public static boolean dontFragment(MemorySegment segment, long offset) {
    return (get16(segment, offset + FLAGS_AND_OFFSET) & DONT_FRAGMENT) != 0;
  }

  /** Whether this is a fragment and not the last. */
  public static boolean moreFragments(MemorySegment segment, long offset) {
    return (get16(segment, offset + FLAGS_AND_OFFSET) & MORE_FRAGMENTS) != 0;
  }

  /** Where this fragment's payload belongs, in bytes. */
  public static int fragmentOffset(MemorySegment segment, long offset) {
    return (get16(segment, offset + FLAGS_AND_OFFSET) & FRAGMENT_OFFSET_MASK) << 3;
  }

  /** Whether this is less than a whole packet. */
  public static boolean isFragment(MemorySegment segment, long offset) {
    int field = get16(segment, offset + FLAGS_AND_OFFSET);
    return (field & (MORE_FRAGMENTS | FRAGMENT_OFFSET_MASK)) != 0;
  }

  /** Hops left. */
  public static int timeToLive(MemorySegment segment, long offset) {
    return get8(segment, offset + TIME_TO_LIVE);
  }

  /** What the packet carries, see {@link IpProtocol}. */
  public static int protocol(MemorySegment segment, long offset) {
    return get8(segment, offset + PROTOCOL);
  }

  /** Source address. */
  public static int source(MemorySegment segment, long offset) {
    return get32(segment, offset + SOURCE);
  }

  /** Destination address. */
  public static int destination(MemorySegment segment, long offset) {
    return get32(segment, offset + DESTINATION);
  }

  /** The sum of the pseudo-header of what this packet carries; not for fragments. */
  public static long pseudoHeader(MemorySegment segment, long offset) {
    return Checksum.pseudoHeader(
        source(segment, offset),
        destination(segment, offset),
        protocol(segment, offset),
        payloadLength(segment, offset));
  }

  /**
   * Whether the packet asks to be routed by its sender's list, which a host may refuse (RFC 7126
   * §4.3, §4.4).
   */
  public static boolean hasSourceRoute(MemorySegment segment, long offset) {
    int headerLength = headerLength(segment, offset);
    int at = MIN_LENGTH;
    while (at < headerLength) {
      int kind = get8(segment, offset + at);
      if (kind == OPTION_LOOSE_SOURCE_ROUTE || kind == OPTION_STRICT_SOURCE_ROUTE) {
        return true;
      }
      int length = kind == OPTION_END ? 0 : optionLength(segment, offset, at, headerLength);
      if (length == 0) {
        return false;
      }
      at += length;
    }
    return false;
  }

  /**
   * Writes a header without options, checksum included.
   *
   * @param flagsAndOffset {@link #DONT_FRAGMENT}, {@link #MORE_FRAGMENTS} and the fragment offset
   *     divided by 8
   */
  public static void write(
      MemorySegment segment,
      long offset,
      int trafficClass,
      int totalLength,
      int identification,
      int flagsAndOffset,
      int timeToLive,
      int protocol,
      int source,
      int destination) {
    int first = (4 << 12) | (MIN_LENGTH >>> 2) << 8 | trafficClass;
    int fifth = timeToLive << 8 | protocol;
    long sum =
        (source & 0xffff_ffffL)
            + (destination & 0xffff_ffffL)
            + first
            + totalLength
            + identification
            + flagsAndOffset
            + fifth;
    put16(segment, offset + VERSION_AND_LENGTH, first);
    put16(segment, offset + TOTAL_LENGTH, totalLength);
    put16(segment, offset + IDENTIFICATION, identification);
    put16(segment, offset + FLAGS_AND_OFFSET, flagsAndOffset);
    put16(segment, offset + TIME_TO_LIVE, fifth);
    put16(segment, offset + CHECKSUM, Checksum.complement(sum));
    put32(segment, offset + SOURCE, source);
    put32(segment, offset + DESTINATION, destination);
  }

  /**
   * Reads a header.
   *
   * @throws IllegalArgumentException where {@link #check} would drop the packet
   */
  public static Ipv4Header parse(MemorySegment segment, long offset, int length) {
    DropReason reason = check(segment, offset, length);
    if (reason != null) {
      throw Malformed.because(reason, segment, offset, length);
    }
    return new Ipv4Header(
        trafficClass(segment, offset),
        totalLength(segment, offset),
        identification(segment, offset),
        dontFragment(segment, offset),
        moreFragments(segment, offset),
        fragmentOffset(segment, offset),
        timeToLive(segment, offset),
        protocol(segment, offset),
        IpAddress.ofIpv4(source(segment, offset)),
        IpAddress.ofIpv4(destination(segment, offset)),
        Octets.copyOf(segment, offset + MIN_LENGTH, headerLength(segment, offset) - MIN_LENGTH));
  }

  /** Length of this header in bytes, options included. */
  public int headerLength() {
    return MIN_LENGTH + options.length();
  }

  /**
   * Writes this header, checksum included.
   *
   * @return bytes written: {@link #headerLength()}
   */
  public int writeTo(MemorySegment segment, long offset) {
    write(
        segment,
        offset,
        trafficClass,
        totalLength,
        identification,
        (dontFragment ? DONT_FRAGMENT : 0)
            | (moreFragments ? MORE_FRAGMENTS : 0)
            | fragmentOffset >>> 3,
        timeToLive,
        protocol,
        source.ipv4(),
        destination.ipv4());
    if (options.length() > 0) {
      put8(segment, offset + VERSION_AND_LENGTH, 4 << 4 | headerLength() >>> 2);
      options.writeTo(segment, offset + MIN_LENGTH);
      put16(segment, offset + CHECKSUM, 0);
      long sum = Checksum.sum(segment, offset, headerLength());
      put16(segment, offset + CHECKSUM, Checksum.complement(sum));
    }
    return headerLength();
  }
}
