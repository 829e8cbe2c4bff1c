package org.penstock.core.internal.wire;

/** The control bits of a TCP header (RFC 9293 §3.1). */
public final class TcpFlags {
  public static final int FIN = 0x01;
  public static final int SYN = 0x02;
  public static final int RST = 0x04;
  public static final int PSH = 0x08;
  public static final int ACK = 0x10;
  public static final int URG = 0x20;
  public static final int ECE = 0x40;
  public static final int CWR = 0x80;

  /** What takes a place in the sequence space (RFC 9293 §3.4). */
  public static final int SEQUENCED = SYN | FIN;

  private static final String LETTERS = "FSRP.UEW";

  private TcpFlags() {}

  /** Bytes of sequence space that these flags take: one for SYN, one for FIN. */
  public static int sequenceLength(int flags) {
    return (flags & 1) + (flags >>> 1 & 1);
  }

  /** As tcpdump writes them: {@code S.} for SYN and ACK, {@code none} for none. */
  public static String toString(int flags) {
    StringBuilder text = new StringBuilder(8);
    for (int bit = 0; bit < 8; bit++) {
      if ((flags & 1 << bit) != 0 && bit != 4) {
        text.append(LETTERS.charAt(bit));
      }
    }
    if ((flags & ACK) != 0) {
      text.append('.');
    }
    return text.isEmpty() ? "none" : text.toString();
  }
}
