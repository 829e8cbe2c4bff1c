package org.penstock.api.buffer;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * A frame to send: a gather list of a header block and slices of memory, and what is left to the
 * device (checksum, segmentation).
 *
 * <p>The list is lent: it is valid until {@code transmit} returns, and a driver that keeps frames
 * copies them by then. The object is reused for the next frame; it belongs to the partition that
 * sends.
 */
public final class OutboundFrame {

  /** No offload of the checksum. */
  public static final int NO_CHECKSUM = -1;

  private MemorySegment[] segments = new MemorySegment[8];
  private long[] offsets = new long[8];
  private int[] lengths = new int[8];
  private int pieces;
  private int length;
  private int checksumStart = NO_CHECKSUM;
  private int checksumOffset;
  private GsoType gsoType = GsoType.NONE;
  private int gsoSize;
  private int headerLength;

  /** An empty frame. */
  public OutboundFrame() {}

  /** Empties the frame for its next use. */
  public void clear() {
    pieces = 0;
    length = 0;
    checksumStart = NO_CHECKSUM;
    checksumOffset = 0;
    gsoType = GsoType.NONE;
    gsoSize = 0;
    headerLength = 0;
  }

  /** Appends a piece of memory. */
  public void add(MemorySegment segment, long offset, int bytes) {
    if (pieces == segments.length) {
      segments = Arrays.copyOf(segments, pieces * 2);
      offsets = Arrays.copyOf(offsets, pieces * 2);
      lengths = Arrays.copyOf(lengths, pieces * 2);
    }
    segments[pieces] = segment;
    offsets[pieces] = offset;
    lengths[pieces] = bytes;
    pieces++;
    length += bytes;
  }

  /**
   * Leaves the transport checksum to the device. The checksum field holds the folded, not inverted
   * sum of the pseudo-header.
   *
   * @param start octets from the frame's first to where summing starts
   * @param offset octets from there to the checksum field
   */
  public void partialChecksum(int start, int offset) {
    this.checksumStart = start;
    this.checksumOffset = offset;
  }

  /** Leaves segmentation to the device; see {@link Landing#gso} for the parameters. */
  public void gso(GsoType type, int size, int headers) {
    this.gsoType = type;
    this.gsoSize = size;
    this.headerLength = headers;
  }

  /** How many pieces the list has. */
  public int pieces() {
    return pieces;
  }

  /** The memory of a piece. */
  public MemorySegment segment(int piece) {
    return segments[piece];
  }

  /** Where a piece starts in its memory. */
  public long offset(int piece) {
    return offsets[piece];
  }

  /** Octets of a piece. */
  public int length(int piece) {
    return lengths[piece];
  }

  /** Octets of the whole frame. */
  public int length() {
    return length;
  }

  /** True if the device has to compute the transport checksum. */
  public boolean hasPartialChecksum() {
    return checksumStart != NO_CHECKSUM;
  }

  /** Where summing starts, or {@link #NO_CHECKSUM}. */
  public int checksumStart() {
    return checksumStart;
  }

  /** Octets from {@link #checksumStart} to the checksum field. */
  public int checksumOffset() {
    return checksumOffset;
  }

  /** Whether this is a super-frame. */
  public GsoType gsoType() {
    return gsoType;
  }

  /** Payload bytes of each packet of a super-frame. */
  public int gsoSize() {
    return gsoSize;
  }

  /** Octets of all headers of a super-frame. */
  public int headerLength() {
    return headerLength;
  }

  /**
   * Copies the whole frame.
   *
   * @return the octets copied, which is {@link #length}
   * @throws IndexOutOfBoundsException if the target is too small
   */
  public int copyTo(MemorySegment target, long targetOffset) {
    long at = targetOffset;
    for (int i = 0; i < pieces; i++) {
      MemorySegment.copy(segments[i], offsets[i], target, at, lengths[i]);
      at += lengths[i];
    }
    return length;
  }
}
