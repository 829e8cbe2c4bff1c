package org.penstock.core.internal.wire;

import static org.penstock.core.internal.wire.Fields.get16;
import static org.penstock.core.internal.wire.Fields.get32;
import static org.penstock.core.internal.wire.Fields.get8;

import java.lang.foreign.MemorySegment;

/**
 * The options of one TCP header, parsed. Reusable: each {@link #parse} forgets the segment before.
 * Allocates nothing; owned by the partition.
 *
 * <p>Options of unknown kind are skipped by their length (RFC 9293 §3.1), known ones with a length
 * that is not theirs as well. If an option stands there twice the later one counts. Which options
 * mean something is for the connection to say: window scale and SACK-permitted only on a SYN, all
 * others only once negotiated.
 */
public final class TcpOptions {
  /** As many SACK blocks as a header has room for. */
  public static final int MAX_SACK_BLOCKS = 4;

  /** RFC 7323 §2.3: a larger shift is taken as this one. */
  public static final int MAX_WINDOW_SCALE = 14;

  /** How most segments of a connection with timestamps start: padding, padding, timestamps. */
  private static final int ALIGNED_TIMESTAMPS =
      TcpOption.NO_OPERATION << 24
          | TcpOption.NO_OPERATION << 16
          | TcpOption.TIMESTAMPS << 8
          | TcpOption.Timestamps.LENGTH;

  private final int[] sackEdges = new int[2 * MAX_SACK_BLOCKS];
  private int sackBlocks;
  private int maximumSegmentSize;
  private int windowScale;
  private boolean sackPermitted;
  private boolean timestamps;
  private int timestampValue;
  private int timestampEchoReply;
  private int userTimeoutSeconds;
  private boolean malformed;

  /** Knows no segment yet: no option is there. */
  public TcpOptions() {
    clear();
  }

  /** Forgets everything. */
  public void clear() {
    sackBlocks = 0;
    maximumSegmentSize = 0;
    windowScale = -1;
    sackPermitted = false;
    timestamps = false;
    timestampValue = 0;
    timestampEchoReply = 0;
    userTimeoutSeconds = 0;
    malformed = false;
  }

  /** Parses the options of a header that passed {@link TcpHeader#check}. */
  public void parse(MemorySegment segment, long headerOffset) {
    int length = TcpHeader.headerLength(segment, headerOffset) - TcpHeader.MIN_LENGTH;
    parse(segment, headerOffset + TcpHeader.MIN_LENGTH, length);
  }

  /**
   * Parses options.
   *
   * @param offset where the first option stands
   * @param length bytes of options and padding; nothing beyond is read
   */
  public void parse(MemorySegment segment, long offset, int length) {
    clear();
    if (length == 12 && get32(segment, offset) == ALIGNED_TIMESTAMPS) {
      takeTimestamps(segment, offset + 4);
      return;
    }
    int at = 0;
    while (at < length) {
      int kind = get8(segment, offset + at);
      if (kind == TcpOption.END) {
        return;
      }
      if (kind == TcpOption.NO_OPERATION) {
        at++;
        continue;
      }
      int size = at + 1 < length ? get8(segment, offset + at + 1) : 0;
      // RFC 9293 §3.1 (MUST-7): be prepared for an illegal length, for example zero. Nothing behind
      // it can be made sense of.
      if (size < 2 || at + size > length) {
        malformed = true;
        return;
      }
      take(segment, offset + at + 2, kind, size);
      at += size;
    }
  }

  private void take(MemorySegment segment, long data, int kind, int size) {
    // RFC 9293 §3.1 (MUST-6): ignore what is not implemented.
    if (!TcpOption.hasProperLength(kind, size)) {
      return;
    }
    switch (kind) {
      case TcpOption.MAXIMUM_SEGMENT_SIZE -> maximumSegmentSize = get16(segment, data);
      case TcpOption.WINDOW_SCALE -> windowScale = Math.min(get8(segment, data), MAX_WINDOW_SCALE);
      case TcpOption.SACK_PERMITTED -> sackPermitted = true;
      case TcpOption.SACK -> takeSack(segment, data, (size - 2) / 8);
      case TcpOption.TIMESTAMPS -> takeTimestamps(segment, data);
      default -> takeUserTimeout(get16(segment, data));
    }
  }

  private void takeUserTimeout(int field) {
    userTimeoutSeconds = (field & 0x8000) != 0 ? (field & 0x7fff) * 60 : field;
  }

  private void takeTimestamps(MemorySegment segment, long data) {
    timestamps = true;
    timestampValue = get32(segment, data);
    timestampEchoReply = get32(segment, data + 4);
  }

  private void takeSack(MemorySegment segment, long data, int count) {
    sackBlocks = Math.min(count, MAX_SACK_BLOCKS);
    for (int i = 0; i < 2 * sackBlocks; i++) {
      sackEdges[i] = get32(segment, data + 4L * i);
    }
  }

  /**
   * Whether an option had an impossible length; those before it were taken. RFC 9293 §3.1 suggests
   * to reset the connection and to log the cause.
   */
  public boolean isMalformed() {
    return malformed;
  }

  /** Whether a maximum segment size was given; one of 0 counts as none. */
  public boolean hasMaximumSegmentSize() {
    return maximumSegmentSize != 0;
  }

  /** The maximum segment size in bytes; 0 if none was given. */
  public int maximumSegmentSize() {
    return maximumSegmentSize;
  }

  /** Whether a window scale was given; a shift of 0 is one. */
  public boolean hasWindowScale() {
    return windowScale >= 0;
  }

  /** The window scale, 0 to 14; 0 if none was given. */
  public int windowScale() {
    return Math.max(windowScale, 0);
  }

  /** Whether selective acknowledgment is offered. */
  public boolean isSackPermitted() {
    return sackPermitted;
  }

  /** How many SACK blocks there are, 0 to 4. */
  public int sackBlocks() {
    return sackBlocks;
  }

  /** The first sequence number of a SACK block; nobody has checked it. */
  public int sackLeft(int block) {
    return sackEdges[2 * block];
  }

  /** The sequence number behind the last of a SACK block; nobody has checked it. */
  public int sackRight(int block) {
    return sackEdges[2 * block + 1];
  }

  /** Whether there are timestamps. */
  public boolean hasTimestamps() {
    return timestamps;
  }

  /** TSval: the sender's clock. */
  public int timestampValue() {
    return timestampValue;
  }

  /** TSecr: the latest value of ours that the sender saw. */
  public int timestampEchoReply() {
    return timestampEchoReply;
  }

  /** The user timeout in seconds (RFC 5482); 0 if none was given. */
  public int userTimeoutSeconds() {
    return userTimeoutSeconds;
  }
}
