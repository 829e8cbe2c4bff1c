package org.penstock.testkit.packet;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/** A TCP option, as a value. {@code toString} is tcpdump's text. */
public sealed interface TcpOption {

  /**
   * Maximum segment size (RFC 9293 §3.7.1).
   *
   * @param bytes 0 to 65,535
   */
  record Mss(int bytes) implements TcpOption {
    @Override
    public String toString() {
      return "mss " + bytes;
    }
  }

  /**
   * Window scale (RFC 7323 §2.2).
   *
   * @param shift 0 to 255 as sent, 14 at most as used
   */
  record WindowScale(int shift) implements TcpOption {
    @Override
    public String toString() {
      return "wscale " + shift;
    }
  }

  /** Selective acknowledgements are understood (RFC 2018 §2). */
  record SackPermitted() implements TcpOption {
    @Override
    public String toString() {
      return "sackOK";
    }
  }

  /** Selective acknowledgements (RFC 2018 §3). */
  record Sack(List<Block> blocks) implements TcpOption {

    /**
     * A block of received data.
     *
     * @param left its first sequence number
     * @param right the one after its last
     */
    public record Block(long left, long right) {
      @Override
      public String toString() {
        return "{" + left + ":" + right + "}";
      }
    }

    /** Copies the list. */
    public Sack {
      blocks = List.copyOf(blocks);
    }

    @Override
    public String toString() {
      return blocks.stream()
          .map(Block::toString)
          .collect(Collectors.joining("", "sack " + blocks.size() + " ", ""));
    }
  }

  /**
   * Timestamps (RFC 7323 §3).
   *
   * @param value the sender's clock, 32 bits
   * @param echo the other side's, 32 bits
   */
  record Timestamps(long value, long echo) implements TcpOption {
    @Override
    public String toString() {
      return "TS val " + value + " ecr " + echo;
    }
  }

  /** No operation, for alignment. */
  record Nop() implements TcpOption {
    @Override
    public String toString() {
      return "nop";
    }
  }

  /** End of the option list. */
  record End() implements TcpOption {
    @Override
    public String toString() {
      return "eol";
    }
  }

  /**
   * Any other, or a known one of a length it can't have.
   *
   * @param kind its kind
   * @param data what follows kind and length
   */
  record Other(int kind, byte[] data) implements TcpOption {
    @Override
    public boolean equals(Object other) {
      return other instanceof Other that && kind == that.kind && Arrays.equals(data, that.data);
    }

    @Override
    public int hashCode() {
      return 31 * kind + Arrays.hashCode(data);
    }

    @Override
    public String toString() {
      return "opt-" + kind + ":" + HexFormat.of().formatHex(data);
    }
  }
}
