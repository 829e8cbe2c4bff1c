package org.penstock.api;

import java.util.Locale;

/**
 * A 48-bit IEEE 802 MAC address.
 *
 * @param bits the address in the low 48 bits, first octet most significant
 */
public record MacAddress(long bits) implements Comparable<MacAddress> {

  /** The broadcast address, ff:ff:ff:ff:ff:ff. */
  public static final MacAddress BROADCAST = new MacAddress(0xffff_ffff_ffffL);

  /** All zeros: no address. */
  public static final MacAddress ZERO = new MacAddress(0);

  private static final long MASK = 0xffff_ffff_ffffL;
  private static final long GROUP_BIT = 1L << 40;
  private static final long LOCAL_BIT = 1L << 41;

  /** Refuses bits beyond the 48 of an address. */
  public MacAddress {
    if ((bits & ~MASK) != 0) {
      throw new IllegalArgumentException(
          "MAC address 0x" + Long.toHexString(bits) + " has more than 48 bits");
    }
  }

  /**
   * Reads the usual text form, six octets in hexadecimal separated by colons or dashes.
   *
   * @throws IllegalArgumentException if the text is anything else; the message says what is allowed
   */
  public static MacAddress parse(String text) {
    String[] octets = text.split("[:-]", -1);
    if (octets.length != 6) {
      throw malformed(text);
    }
    long bits = 0;
    for (String octet : octets) {
      if (octet.isEmpty() || octet.length() > 2 || !isHex(octet)) {
        throw malformed(text);
      }
      bits = bits << 8 | Integer.parseInt(octet, 16);
    }
    return new MacAddress(bits);
  }

  /**
   * A stable, locally administered unicast address made from a 64-bit seed, for stations that were
   * given none (IEEE 802c: the local bit set, the group bit clear).
   */
  public static MacAddress locallyAdministered(long seed) {
    return new MacAddress((seed & MASK & ~GROUP_BIT) | LOCAL_BIT);
  }

  /** True for broadcast and multicast addresses. */
  public boolean isGroup() {
    return (bits & GROUP_BIT) != 0;
  }

  @Override
  public int compareTo(MacAddress other) {
    return Long.compare(bits, other.bits);
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%02x:%02x:%02x:%02x:%02x:%02x",
        bits >> 40 & 0xff,
        bits >> 32 & 0xff,
        bits >> 24 & 0xff,
        bits >> 16 & 0xff,
        bits >> 8 & 0xff,
        bits & 0xff);
  }

  private static boolean isHex(String octet) {
    return octet.chars().allMatch(c -> Character.digit(c, 16) >= 0 && c < 128);
  }

  private static IllegalArgumentException malformed(String text) {
    return new IllegalArgumentException(
        "'" + text + "' is not a MAC address: write six octets such as 02:00:00:00:00:01");
  }
}
