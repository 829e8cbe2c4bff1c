package org.penstock.testkit.packet;

import org.penstock.api.IpAddress;
import org.penstock.api.MacAddress;

/** Reads big-endian fields of a packet. */
final class OctetReader {

  private final byte[] octets;

  OctetReader(byte[] octets) {
    this.octets = octets;
  }

  int u8(int at) {
    return octets[at] & 0xff;
  }

  int u16(int at) {
    return u8(at) << 8 | u8(at + 1);
  }

  int i32(int at) {
    return u16(at) << 16 | u16(at + 2);
  }

  long u32(int at) {
    return i32(at) & 0xffff_ffffL;
  }

  MacAddress mac(int at) {
    return new MacAddress((long) u16(at) << 32 | u32(at + 2));
  }

  IpAddress ipv4(int at) {
    return IpAddress.ofIpv4(i32(at));
  }

  IpAddress ipv6(int at) {
    return IpAddress.of(u32(at) << 32 | u32(at + 4), u32(at + 8) << 32 | u32(at + 12), 0);
  }

  /** The sum of 16-bit words (RFC 1071), not folded. */
  long sum(int from, int to) {
    long sum = 0;
    for (int i = from; i < to; i++) {
      sum += (i - from) % 2 == 0 ? (long) u8(i) << 8 : u8(i);
    }
    return sum;
  }

  /** True if a sum that includes its checksum field is right. */
  static boolean isGood(long sum) {
    return fold(sum) == 0xffff;
  }

  static int fold(long sum) {
    long folded = sum;
    while (folded >>> 16 != 0) {
      folded = (folded & 0xffff) + (folded >>> 16);
    }
    return (int) folded;
  }
}
