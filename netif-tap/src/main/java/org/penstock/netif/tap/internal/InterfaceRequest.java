package org.penstock.netif.tap.internal;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import org.penstock.api.MacAddress;

/**
 * A {@code struct ifreq}: an interface's name, then a union of what is asked or told about it. Used
 * by the interface ioctls of a socket and by those of {@code /dev/net/tun}.
 */
final class InterfaceRequest {
  static final long SIOCGIFFLAGS = 0x8913;
  static final long SIOCGIFMTU = 0x8921;
  static final long SIOCSIFMTU = 0x8922;
  static final long SIOCSIFHWADDR = 0x8924;
  static final long SIOCGIFHWADDR = 0x8927;
  static final long SIOCGIFINDEX = 0x8933;

  /** {@code IFF_UP}: the administrator has switched the interface on. */
  static final int IFF_UP = 1;

  private static final int BYTES = 40;
  private static final int UNION = 16;

  // A struct sockaddr: u16 family, then the address.
  private static final int ADDRESS = UNION + 2;
  private static final short ARPHRD_ETHER = 1;
  private static final int MAC_BYTES = 6;

  private final MemorySegment memory;

  InterfaceRequest(Arena arena, String name) {
    memory = arena.allocate(BYTES, Long.BYTES);
    memory.setString(0, name, StandardCharsets.US_ASCII);
  }

  MemorySegment memory() {
    return memory;
  }

  String name() {
    return memory.getString(0, StandardCharsets.US_ASCII);
  }

  int flags() {
    return memory.get(JAVA_SHORT, UNION) & 0xffff;
  }

  void flags(int flags) {
    memory.set(JAVA_SHORT, UNION, (short) flags);
  }

  /** The union's int: an MTU in bytes, or an interface index. */
  int number() {
    return memory.get(JAVA_INT, UNION);
  }

  void number(int number) {
    memory.set(JAVA_INT, UNION, number);
  }

  /** The Ethernet address. */
  MacAddress mac() {
    long bits = 0;
    for (int i = 0; i < MAC_BYTES; i++) {
      bits = bits << Byte.SIZE | memory.get(JAVA_BYTE, ADDRESS + i) & 0xff;
    }
    return new MacAddress(bits);
  }

  void mac(MacAddress mac) {
    memory.set(JAVA_SHORT, UNION, ARPHRD_ETHER);
    long bits = mac.bits();
    for (int i = MAC_BYTES - 1; i >= 0; i--) {
      memory.set(JAVA_BYTE, ADDRESS + i, (byte) bits);
      bits >>>= Byte.SIZE;
    }
  }
}
