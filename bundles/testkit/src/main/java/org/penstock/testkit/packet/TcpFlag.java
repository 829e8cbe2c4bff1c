package org.penstock.testkit.packet;

import java.util.Collection;
import java.util.EnumSet;
import java.util.Set;

/** The control bits of a TCP segment (RFC 9293 §3.1). */
public enum TcpFlag {
  FIN(0x01, 'F'),
  SYN(0x02, 'S'),
  RST(0x04, 'R'),
  PSH(0x08, 'P'),
  ACK(0x10, '.'),
  URG(0x20, 'U'),
  ECE(0x40, 'E'),
  CWR(0x80, 'W');

  private final int bit;
  private final char letter;

  TcpFlag(int bit, char letter) {
    this.bit = bit;
    this.letter = letter;
  }

  /** The bit in the flags octet. */
  public int bit() {
    return bit;
  }

  /** The flags of an octet. */
  public static Set<TcpFlag> of(int octet) {
    EnumSet<TcpFlag> flags = EnumSet.noneOf(TcpFlag.class);
    for (TcpFlag flag : values()) {
      if ((octet & flag.bit) != 0) {
        flags.add(flag);
      }
    }
    return flags;
  }

  /** The octet of some flags. */
  public static int octet(Collection<TcpFlag> flags) {
    return flags.stream().mapToInt(TcpFlag::bit).reduce(0, (a, b) -> a | b);
  }

  /** The letters tcpdump uses, such as {@code S.}; {@code none} for no flag. */
  public static String letters(Set<TcpFlag> flags) {
    StringBuilder text = new StringBuilder();
    // tcpdump's order: FSRP, then the dot, then U, E, W.
    for (TcpFlag flag : values()) {
      if (flags.contains(flag)) {
        text.append(flag.letter);
      }
    }
    return text.isEmpty() ? "none" : text.toString();
  }
}
