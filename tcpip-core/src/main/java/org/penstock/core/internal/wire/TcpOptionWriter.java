package org.penstock.core.internal.wire;

import static org.penstock.core.internal.wire.Fields.put16;
import static org.penstock.core.internal.wire.Fields.put32;

import java.lang.foreign.MemorySegment;

/**
 * Writes TCP options, each padded in front to a multiple of 4 bytes so that they line up in any
 * order and need no padding behind. Every method returns the bytes written. Allocates nothing.
 */
public final class TcpOptionWriter {
  /** Bytes of {@link #maximumSegmentSize}. */
  public static final int MAXIMUM_SEGMENT_SIZE_LENGTH = 4;

  /** Bytes of {@link #windowScale}. */
  public static final int WINDOW_SCALE_LENGTH = 4;

  /** Bytes of {@link #sackPermitted}. */
  public static final int SACK_PERMITTED_LENGTH = 4;

  /** Bytes of {@link #timestamps}. */
  public static final int TIMESTAMPS_LENGTH = 12;

  /** Bytes of {@link #userTimeout}. */
  public static final int USER_TIMEOUT_LENGTH = 4;

  private static final int PADDING = TcpOption.NO_OPERATION << 8 | TcpOption.NO_OPERATION;

  private TcpOptionWriter() {}

  /** Bytes of {@link #sack} with that many blocks; 0 for none. */
  public static int sackLength(int blocks) {
    return blocks == 0 ? 0 : 4 + 8 * blocks;
  }

  /** How many blocks {@link #sack} has room for in that many bytes, 0 to 4. */
  public static int sackBlocks(int bytes) {
    return Math.clamp((bytes - 4) / 8, 0, TcpOptions.MAX_SACK_BLOCKS);
  }

  /** The largest segment we take, in bytes (RFC 9293 §3.7.1). */
  public static int maximumSegmentSize(MemorySegment segment, long offset, int bytes) {
    put16(segment, offset, TcpOption.MAXIMUM_SEGMENT_SIZE << 8 | 4);
    put16(segment, offset + 2, bytes);
    return MAXIMUM_SEGMENT_SIZE_LENGTH;
  }

  /** How far our window fields are shifted, 0 to 14 (RFC 7323 §2.2). */
  public static int windowScale(MemorySegment segment, long offset, int shift) {
    put32(
        segment,
        offset,
        TcpOption.NO_OPERATION << 24 | TcpOption.WINDOW_SCALE << 16 | 3 << 8 | shift);
    return WINDOW_SCALE_LENGTH;
  }

  /** We understand selective acknowledgments (RFC 2018 §2). */
  public static int sackPermitted(MemorySegment segment, long offset) {
    put32(segment, offset, PADDING << 16 | TcpOption.SACK_PERMITTED << 8 | 2);
    return SACK_PERMITTED_LENGTH;
  }

  /** Our clock, and the latest value of the peer's (RFC 7323 §3.2). */
  public static int timestamps(MemorySegment segment, long offset, int value, int echoReply) {
    put32(segment, offset, PADDING << 16 | TcpOption.TIMESTAMPS << 8 | 10);
    put32(segment, offset + 4, value);
    put32(segment, offset + 8, echoReply);
    return TIMESTAMPS_LENGTH;
  }

  /**
   * What has arrived out of order (RFC 2018 §3).
   *
   * @param edges left and right edge of each block in turn
   * @param blocks how many of them, 0 to 4 (3 beside timestamps); nothing is written for 0
   */
  public static int sack(MemorySegment segment, long offset, int[] edges, int blocks) {
    if (blocks == 0) {
      return 0;
    }
    put32(segment, offset, PADDING << 16 | TcpOption.SACK << 8 | 2 + 8 * blocks);
    for (int i = 0; i < 2 * blocks; i++) {
      put32(segment, offset + 4 + 4L * i, edges[i]);
    }
    return sackLength(blocks);
  }

  /**
   * How long we wait for an acknowledgment before we give up (RFC 5482 §3): in seconds where they
   * fit 15 bits, else in minutes, rounded up, at most 32,767 of them.
   */
  public static int userTimeout(MemorySegment segment, long offset, int seconds) {
    int field = seconds <= 0x7fff ? seconds : 0x8000 | (int) Math.min(0x7fff, (seconds + 59L) / 60);
    put16(segment, offset, TcpOption.USER_TIMEOUT << 8 | 4);
    put16(segment, offset + 2, field);
    return USER_TIMEOUT_LENGTH;
  }
}
