package org.penstock.core.internal.wire;

import static org.penstock.core.internal.wire.Fields.get16;
import static org.penstock.core.internal.wire.Fields.get32;
import static org.penstock.core.internal.wire.Fields.get8;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import org.penstock.api.view.DropReason;

/**
 * The walk over IPv6 extension headers (RFC 8200 §4) to what a packet carries. Reusable, allocates
 * nothing; owned by the partition.
 *
 * <p>The walk ends at the first header that is not an extension header, at encrypted payload, at
 * "no next header", and at the fragment header of a fragment that is not the first, because what
 * follows there is no header. It takes at most {@link #MAX_HEADERS} steps.
 */
public final class Ipv6Extensions {
  /**
   * More extension headers than this are refused (RFC 8504 §5.3 lets a host set a limit); RFC 8200
   * §4.1 names seven at the most.
   */
  public static final int MAX_HEADERS = 8;

  private static final int FRAGMENT_HEADER_LENGTH = 8;

  private int protocol;
  private int headerLength;
  private int nextHeaderField;
  private boolean fragment;
  private boolean moreFragments;
  private int fragmentOffset;
  private int identification;
  private boolean routing;
  private int segmentsLeft;

  /** Knows no packet yet. */
  public Ipv6Extensions() {}

  /**
   * Walks over the extension headers of a packet that passed {@link Ipv6Header#check}.
   *
   * @return why to drop the packet, null if it is fine; only then do the other methods mean
   *     anything
   */
  public @Nullable DropReason walk(MemorySegment segment, long offset) {
    clear();
    int end = Ipv6Header.LENGTH + Ipv6Header.payloadLength(segment, offset);
    protocol = Ipv6Header.nextHeader(segment, offset);
    for (int seen = 0; isExtension(protocol); seen++) {
      // RFC 8200 §4.3: hop-by-hop options stand directly behind the fixed header, nowhere else.
      if (seen == MAX_HEADERS || protocol == IpProtocol.HOP_BY_HOP && seen > 0) {
        return DropReason.MALFORMED_IPV6;
      }
      long at = offset + headerLength;
      // Every extension header is a multiple of 8 long, and never empty.
      if (headerLength + 8 > end) {
        return DropReason.MALFORMED_IPV6;
      }
      int length = extensionLength(segment, at);
      if (headerLength + length > end) {
        return DropReason.MALFORMED_IPV6;
      }
      if (protocol == IpProtocol.ROUTING) {
        routing = true;
        segmentsLeft = get8(segment, at + 3);
      } else if (protocol == IpProtocol.FRAGMENT && !readFragment(segment, at, end)) {
        return DropReason.MALFORMED_IPV6;
      }
      nextHeaderField = headerLength;
      headerLength += length;
      protocol = get8(segment, at);
      if (fragmentOffset > 0) {
        return null;
      }
    }
    return null;
  }

  private void clear() {
    headerLength = Ipv6Header.LENGTH;
    nextHeaderField = 6;
    fragment = false;
    moreFragments = false;
    fragmentOffset = 0;
    identification = 0;
    routing = false;
    segmentsLeft = 0;
  }

  private static boolean isExtension(int protocol) {
    return switch (protocol) {
      case IpProtocol.HOP_BY_HOP,
          IpProtocol.ROUTING,
          IpProtocol.FRAGMENT,
          IpProtocol.DESTINATION_OPTIONS,
          IpProtocol.AUTHENTICATION_HEADER ->
          true;
      default -> false;
    };
  }

  private int extensionLength(MemorySegment segment, long at) {
    return switch (protocol) {
      case IpProtocol.FRAGMENT -> FRAGMENT_HEADER_LENGTH;
      // RFC 4302 §2.2: counted in units of 4 bytes, minus 2.
      case IpProtocol.AUTHENTICATION_HEADER -> (get8(segment, at + 1) + 2) << 2;
      default -> (get8(segment, at + 1) + 1) << 3;
    };
  }

  private boolean readFragment(MemorySegment segment, long at, int end) {
    if (fragment) {
      return false;
    }
    fragment = true;
    int field = get16(segment, at + 2);
    moreFragments = (field & 1) != 0;
    fragmentOffset = field & 0xfff8;
    identification = get32(segment, at + 4);
    int payload = end - headerLength - FRAGMENT_HEADER_LENGTH;
    // RFC 8200 §4.5: all but the last are multiples of 8 long, none ends past 65,535 bytes. RFC
    // 6946:
    // one that is neither preceded nor followed by others is whole, and may be empty.
    boolean atomic = !moreFragments && fragmentOffset == 0;
    return (atomic || payload > 0)
        && (!moreFragments || (payload & 7) == 0)
        && fragmentOffset + payload <= Ipv4Header.MAX_TOTAL_LENGTH;
  }

  /** What the packet carries, see {@link IpProtocol}. */
  public int protocol() {
    return protocol;
  }

  /** Bytes from the start of the fixed header to what the packet carries. */
  public int headerLength() {
    return headerLength;
  }

  /**
   * Where, from the start of the fixed header, the field stands that names {@link #protocol()}:
   * what an ICMPv6 parameter problem points at (RFC 4443 §3.4).
   */
  public int nextHeaderField() {
    return nextHeaderField;
  }

  /** Whether there is a fragment header. */
  public boolean isFragment() {
    return fragment;
  }

  /** Whether this is a fragment and not the last. */
  public boolean moreFragments() {
    return moreFragments;
  }

  /** Where this fragment's payload belongs, in bytes. */
  public int fragmentOffset() {
    return fragmentOffset;
  }

  /** Groups the fragments of one packet. */
  public int identification() {
    return identification;
  }

  /** Whether there is a routing header. */
  public boolean hasRouting() {
    return routing;
  }

  /** How many hops of the last routing header are still to be visited. */
  public int segmentsLeft() {
    return segmentsLeft;
  }
}
