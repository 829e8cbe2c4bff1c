package org.penstock.core.internal.wire;

import static org.penstock.core.internal.wire.Fields.get16;
import static org.penstock.core.internal.wire.Fields.get32;
import static org.penstock.core.internal.wire.Fields.get8;
import static org.penstock.core.internal.wire.Fields.put16;
import static org.penstock.core.internal.wire.Fields.put32;
import static org.penstock.core.internal.wire.Fields.put8;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * A TCP option as a value: for the control plane, tests and traces. The hot path reads options with
 * {@link TcpOptions} and writes them with {@link TcpOptionWriter}.
 */
public sealed interface TcpOption {
  /** Ends the list. */
  int END = 0;

  /** One byte of padding. */
  int NO_OPERATION = 1;

  int MAXIMUM_SEGMENT_SIZE = 2;
  int WINDOW_SCALE = 3;
  int SACK_PERMITTED = 4;
  int SACK = 5;
  int TIMESTAMPS = 8;
  int USER_TIMEOUT = 28;

  /** The kind number. */
  int kind();

  /** Bytes in the header, kind and length included, padding not. */
  int length();

  /** Writes what follows kind and length. */
  void writeData(MemorySegment segment, long offset);

  /** The largest segment the sender takes, without headers (RFC 9293 §3.7.1). */
  record MaximumSegmentSize(int bytes) implements TcpOption {
    static final int LENGTH = 4;

    public MaximumSegmentSize {
      Fields.requireUnsigned("maximum segment size", bytes, 16);
    }

    @Override
    public int kind() {
      return MAXIMUM_SEGMENT_SIZE;
    }

    @Override
    public int length() {
      return LENGTH;
    }

    @Override
    public void writeData(MemorySegment segment, long offset) {
      put16(segment, offset, bytes);
    }
  }

  /** How far the sender's window fields are shifted, as in the header (RFC 7323 §2.2). */
  record WindowScale(int shift) implements TcpOption {
    static final int LENGTH = 3;

    public WindowScale {
      Fields.requireUnsigned("window scale", shift, 8);
    }

    @Override
    public int kind() {
      return WINDOW_SCALE;
    }

    @Override
    public int length() {
      return LENGTH;
    }

    @Override
    public void writeData(MemorySegment segment, long offset) {
      put8(segment, offset, shift);
    }
  }

  /** The sender understands {@link Sack} (RFC 2018 §2). */
  record SackPermitted() implements TcpOption {
    static final int LENGTH = 2;

    @Override
    public int kind() {
      return SACK_PERMITTED;
    }

    @Override
    public int length() {
      return LENGTH;
    }

    @Override
    public void writeData(MemorySegment segment, long offset) {
      // Kind and length say it all.
    }
  }

  /** What has arrived out of order (RFC 2018 §3): one to four blocks. */
  record Sack(List<SackBlock> blocks) implements TcpOption {
    public Sack {
      blocks = List.copyOf(blocks);
      if (blocks.isEmpty() || blocks.size() > TcpOptions.MAX_SACK_BLOCKS) {
        throw new IllegalArgumentException(
            "SACK of " + blocks.size() + " blocks: 1 to 4 are allowed");
      }
    }

    @Override
    public int kind() {
      return SACK;
    }

    @Override
    public int length() {
      return 2 + 8 * blocks.size();
    }

    @Override
    public void writeData(MemorySegment segment, long offset) {
      for (int i = 0; i < blocks.size(); i++) {
        put32(segment, offset + 8L * i, blocks.get(i).left());
        put32(segment, offset + 8L * i + 4, blocks.get(i).right());
      }
    }
  }

  /**
   * One block of a {@link Sack}.
   *
   * @param left the first sequence number of the block
   * @param right the one behind its last
   */
  record SackBlock(int left, int right) {
    @Override
    public String toString() {
      return SequenceNumber.toString(left) + "-" + SequenceNumber.toString(right);
    }
  }

  /** The sender's clock, and the latest value of ours that it saw (RFC 7323 §3.2). */
  record Timestamps(int value, int echoReply) implements TcpOption {
    static final int LENGTH = 10;

    @Override
    public int kind() {
      return TIMESTAMPS;
    }

    @Override
    public int length() {
      return LENGTH;
    }

    @Override
    public void writeData(MemorySegment segment, long offset) {
      put32(segment, offset, value);
      put32(segment, offset + 4, echoReply);
    }
  }

  /**
   * How long the sender waits for an acknowledgment before it gives up (RFC 5482 §3).
   *
   * @param minutes whether the value counts minutes, else seconds
   * @param value 15 bits
   */
  record UserTimeout(boolean minutes, int value) implements TcpOption {
    static final int LENGTH = 4;

    public UserTimeout {
      Fields.requireUnsigned("user timeout", value, 15);
    }

    @Override
    public int kind() {
      return USER_TIMEOUT;
    }

    @Override
    public int length() {
      return LENGTH;
    }

    @Override
    public void writeData(MemorySegment segment, long offset) {
      put16(segment, offset, (minutes ? 0x8000 : 0) | value);
    }
  }

  /** Any other option, or one of the above whose length is not what it should be. */
  record Unknown(int kind, Octets data) implements TcpOption {
    public Unknown {
      Fields.requireUnsigned("TCP option kind", kind, 8);
      if (kind == END || kind == NO_OPERATION) {
        throw new IllegalArgumentException("TCP option " + kind + " is padding, not an option");
      }
      if (data.length() > 38) {
        throw new IllegalArgumentException(
            "TCP option of " + data.length() + " bytes of data: at most 38 are allowed");
      }
    }

    @Override
    public int length() {
      return 2 + data.length();
    }

    @Override
    public void writeData(MemorySegment segment, long offset) {
      data.writeTo(segment, offset);
    }
  }

  /** Bytes that the options take, without padding behind the last. */
  static int lengthOf(List<TcpOption> options) {
    int length = 0;
    for (TcpOption option : options) {
      length += option.length();
    }
    return length;
  }

  /** Writes options one after the other and pads them to a multiple of 4 (RFC 9293 §3.1). */
  static void writeTo(List<TcpOption> options, MemorySegment segment, long offset) {
    long at = offset;
    for (TcpOption option : options) {
      put8(segment, at, option.kind());
      put8(segment, at + 1, option.length());
      option.writeData(segment, at + 2);
      at += option.length();
    }
    while ((at - offset & 3) != 0) {
      put8(segment, at++, END);
    }
  }

  /**
   * Reads options up to the end of the list or the first one that is malformed.
   *
   * @param length bytes of options and padding, at most the 40 that a header has room for
   */
  static List<TcpOption> parse(MemorySegment segment, long offset, int length) {
    List<TcpOption> options = new ArrayList<>();
    int at = 0;
    while (at < length) {
      int kind = get8(segment, offset + at);
      if (kind == END) {
        break;
      }
      if (kind == NO_OPERATION) {
        at++;
        continue;
      }
      int size = at + 1 < length ? get8(segment, offset + at + 1) : 0;
      if (size < 2 || at + size > length) {
        break;
      }
      options.add(read(segment, offset + at + 2, kind, size));
      at += size;
    }
    return List.copyOf(options);
  }

  private static TcpOption read(MemorySegment segment, long data, int kind, int size) {
    if (!hasProperLength(kind, size)) {
      return new Unknown(kind, Octets.copyOf(segment, data, size - 2));
    }
    return switch (kind) {
      case MAXIMUM_SEGMENT_SIZE -> new MaximumSegmentSize(get16(segment, data));
      case WINDOW_SCALE -> new WindowScale(get8(segment, data));
      case SACK_PERMITTED -> new SackPermitted();
      case SACK -> readSack(segment, data, (size - 2) / 8);
      case TIMESTAMPS -> new Timestamps(get32(segment, data), get32(segment, data + 4));
      default -> {
        int field = get16(segment, data);
        yield new UserTimeout((field & 0x8000) != 0, field & 0x7fff);
      }
    };
  }

  /** Whether a kind is known, and its length the one it has to be. */
  static boolean hasProperLength(int kind, int size) {
    return switch (kind) {
      case MAXIMUM_SEGMENT_SIZE -> size == MaximumSegmentSize.LENGTH;
      case WINDOW_SCALE -> size == WindowScale.LENGTH;
      case SACK_PERMITTED -> size == SackPermitted.LENGTH;
      case SACK -> size >= 10 && (size - 2) % 8 == 0;
      case TIMESTAMPS -> size == Timestamps.LENGTH;
      case USER_TIMEOUT -> size == UserTimeout.LENGTH;
      default -> false;
    };
  }

  private static Sack readSack(MemorySegment segment, long data, int count) {
    List<SackBlock> blocks = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      blocks.add(new SackBlock(get32(segment, data + 8L * i), get32(segment, data + 8L * i + 4)));
    }
    return new Sack(blocks);
  }
}
