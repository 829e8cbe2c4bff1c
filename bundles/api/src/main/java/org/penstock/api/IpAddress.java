package org.penstock.api;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.regex.Pattern;

/**
 * An IP address of either family: 128 bits and a scope.
 *
 * <p>An IPv4 address is held in its IPv4-mapped form, {@code ::ffff:a.b.c.d} (RFC 4291 §2.5.5.2),
 * so that tables, keys and requests have one shape for both families.
 *
 * @param high the first 64 bits
 * @param low the last 64 bits
 * @param scope the zone (RFC 4007) of a link-local address, 0 for none
 */
public record IpAddress(long high, long low, int scope) implements Comparable<IpAddress> {

  /** The unspecified IPv4 address, 0.0.0.0: any address of this stack. */
  public static final IpAddress ANY_IPV4 = ofIpv4(0);

  /** The unspecified IPv6 address, {@code ::}. */
  public static final IpAddress ANY_IPV6 = new IpAddress(0, 0, 0);

  /** The limited broadcast address, 255.255.255.255. */
  public static final IpAddress BROADCAST_IPV4 = ofIpv4(-1);

  private static final long MAPPED = 0xffff_0000_0000L;
  private static final Pattern DOTTED_QUAD =
      Pattern.compile("\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}");

  /** An IPv4 address from its 32 bits, first octet most significant. */
  public static IpAddress ofIpv4(int bits) {
    return new IpAddress(0, MAPPED | (bits & 0xffff_ffffL), 0);
  }

  /** An address from its 128 bits and scope. */
  public static IpAddress of(long high, long low, int scope) {
    return new IpAddress(high, low, scope);
  }

  /**
   * Reads a literal: dotted quad, or IPv6 text (RFC 4291 §2.2) with an optional numeric zone after
   * {@code %}. Names are never looked up.
   *
   * @throws IllegalArgumentException if the text is anything else; the message says what is allowed
   */
  public static IpAddress parse(String text) {
    if (DOTTED_QUAD.matcher(text).matches()) {
      return parseIpv4(text);
    }
    int percent = text.indexOf('%');
    String literal = percent < 0 ? text : text.substring(0, percent);
    int scope = percent < 0 ? 0 : parseScope(text, percent);
    if (literal.indexOf(':') < 0) {
      throw malformed(text);
    }
    try {
      InetAddress parsed = Inet6Address.ofLiteral(literal);
      byte[] octets = parsed.getAddress();
      if (octets.length == 4) {
        return ofIpv4((int) bits(octets, 0, 4));
      }
      return new IpAddress(bits(octets, 0, 8), bits(octets, 8, 8), scope);
    } catch (IllegalArgumentException e) {
      throw malformed(text);
    }
  }

  /** The same address as the JDK's type. */
  public static IpAddress of(InetAddress address) {
    byte[] octets = address.getAddress();
    if (octets.length == 4) {
      return ofIpv4((int) bits(octets, 0, 4));
    }
    int scope = address instanceof Inet6Address six ? six.getScopeId() : 0;
    return new IpAddress(bits(octets, 0, 8), bits(octets, 8, 8), scope);
  }

  /** True if this is an IPv4 address. */
  public boolean isIpv4() {
    return high == 0 && (low & 0xffff_ffff_0000_0000L) == MAPPED;
  }

  /** The 32 bits of an IPv4 address; of no meaning for IPv6. */
  public int ipv4() {
    return (int) low;
  }

  /** True for 0.0.0.0 and {@code ::}. */
  public boolean isAny() {
    return high == 0 && (low == MAPPED || low == 0);
  }

  /** True for 224.0.0.0/4 and ff00::/8. */
  public boolean isMulticast() {
    return isIpv4() ? (ipv4() >>> 28) == 0xe : (high >>> 56) == 0xff;
  }

  /** True for 127.0.0.0/8 and {@code ::1}. */
  public boolean isLoopback() {
    return isIpv4() ? (ipv4() >>> 24) == 127 : high == 0 && low == 1;
  }

  /** True for 255.255.255.255. */
  public boolean isLimitedBroadcast() {
    return isIpv4() && ipv4() == -1;
  }

  /** The address in network order: 4 octets for IPv4, 16 for IPv6. */
  public byte[] octets() {
    byte[] octets = new byte[isIpv4() ? 4 : 16];
    for (int i = 0; i < octets.length; i++) {
      int fromEnd = octets.length - 1 - i;
      octets[i] = (byte) ((fromEnd >= 8 ? high : low) >>> (8 * (fromEnd & 7)));
    }
    return octets;
  }

  /** Orders by unsigned value, then by scope; IPv4 addresses stand together. */
  @Override
  public int compareTo(IpAddress other) {
    int order = Long.compareUnsigned(high, other.high);
    if (order == 0) {
      order = Long.compareUnsigned(low, other.low);
    }
    return order != 0 ? order : Integer.compare(scope, other.scope);
  }

  /** Dotted quad, or the canonical text of RFC 5952 with a numeric zone. */
  @Override
  public String toString() {
    if (isIpv4()) {
      int bits = ipv4();
      return (bits >>> 24)
          + "."
          + (bits >>> 16 & 255)
          + "."
          + (bits >>> 8 & 255)
          + "."
          + (bits & 255);
    }
    return scope == 0 ? ipv6Text() : ipv6Text() + "%" + scope;
  }

  private int group(int index) {
    return (int) ((index < 4 ? high : low) >>> (16 * (3 - (index & 3)))) & 0xffff;
  }

  private String ipv6Text() {
    // RFC 5952 §4.2: the longest run of at least two zero groups is shortened, the first one at a
    // tie.
    int bestStart = -1;
    int bestLength = 1;
    for (int start = 0; start < 8; start++) {
      int length = 0;
      while (start + length < 8 && group(start + length) == 0) {
        length++;
      }
      if (length > bestLength) {
        bestStart = start;
        bestLength = length;
      }
    }
    StringBuilder text = new StringBuilder(39);
    for (int i = 0; i < 8; i++) {
      if (i == bestStart) {
        text.append("::");
        i += bestLength - 1;
        continue;
      }
      if (i > 0 && i != bestStart + bestLength) {
        text.append(':');
      }
      text.append(Integer.toHexString(group(i)));
    }
    return text.toString();
  }

  private static IpAddress parseIpv4(String text) {
    int bits = 0;
    for (String octet : text.split("\\.")) {
      int value = Integer.parseInt(octet);
      if (value > 255) {
        throw malformed(text);
      }
      bits = bits << 8 | value;
    }
    return ofIpv4(bits);
  }

  private static int parseScope(String text, int percent) {
    try {
      return Integer.parseUnsignedInt(text.substring(percent + 1));
    } catch (NumberFormatException e) {
      throw malformed(text);
    }
  }

  private static long bits(byte[] octets, int from, int count) {
    long value = 0;
    for (int i = 0; i < count; i++) {
      value = value << 8 | (octets[from + i] & 0xff);
    }
    return value;
  }

  private static IllegalArgumentException malformed(String text) {
    return new IllegalArgumentException(
        "'" + text + "' is not an IP address: write a literal such as 192.0.2.1 or 2001:db8::1");
  }
}
