package org.penstock.core.internal.ip;

/** IPv4 addresses in their 128-bit form (RFC 4291 §2.5.5.2), whose upper half is zero. */
final class Ipv4Mapped {

  private Ipv4Mapped() {}

  /** The lower half. */
  static long low(int address) {
    return 0xffff_0000_0000L | address & 0xffff_ffffL;
  }
}
