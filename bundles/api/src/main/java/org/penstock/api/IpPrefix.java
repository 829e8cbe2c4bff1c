package org.penstock.api;

/**
 * An address and the length of its network prefix, such as 192.0.2.2/24. The host bits are kept, so
 * it serves both as an interface address and as a route's destination.
 *
 * @param address the address, host bits included
 * @param length bits of the prefix: 0 to 32 for IPv4, 0 to 128 for IPv6
 */
public record IpPrefix(IpAddress address, int length) {

  /** Refuses a length that the family does not have. */
  public IpPrefix {
    int most = address.isIpv4() ? 32 : 128;
    if (length < 0 || length > most) {
      throw new IllegalArgumentException(
          "prefix length " + length + " of " + address + " is not between 0 and " + most);
    }
  }

  /**
   * Reads {@code address/length}; without a length the prefix is the single address.
   *
   * @throws IllegalArgumentException if the text is anything else; the message says what is allowed
   */
  public static IpPrefix parse(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      IpAddress address = IpAddress.parse(text);
      return new IpPrefix(address, address.isIpv4() ? 32 : 128);
    }
    IpAddress address = IpAddress.parse(text.substring(0, slash));
    try {
      return new IpPrefix(address, Integer.parseInt(text.substring(slash + 1)));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "'" + text + "' is not a prefix: write an address and a length, such as 192.0.2.0/24", e);
    }
  }

  /** The prefix with all host bits clear. */
  public IpPrefix network() {
    return new IpPrefix(
        IpAddress.of(address.high() & highMask(), address.low() & lowMask(), address.scope()),
        length);
  }

  /** True if the address lies within this prefix; families never match each other. */
  public boolean contains(IpAddress other) {
    return other.isIpv4() == address.isIpv4()
        && ((other.high() ^ address.high()) & highMask()) == 0
        && ((other.low() ^ address.low()) & lowMask()) == 0;
  }

  /**
   * The directed broadcast address of an IPv4 subnet: all host bits set. A /31 or /32 has none (RFC
   * 3021 §2.1), then the result is the limited broadcast address.
   */
  public IpAddress broadcast() {
    if (!address.isIpv4() || length >= 31) {
      return IpAddress.BROADCAST_IPV4;
    }
    return IpAddress.ofIpv4(address.ipv4() | (-1 >>> length));
  }

  private int bits() {
    return address.isIpv4() ? length + 96 : length;
  }

  private long highMask() {
    int bits = bits();
    return bits >= 64 ? -1L : bits == 0 ? 0L : -1L << (64 - bits);
  }

  private long lowMask() {
    int bits = bits() - 64;
    return bits <= 0 ? 0L : -1L << (64 - bits);
  }

  @Override
  public String toString() {
    return address + "/" + length;
  }
}
