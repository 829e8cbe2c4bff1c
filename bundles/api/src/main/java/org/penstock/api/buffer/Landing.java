package org.penstock.api.buffer;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * A piece of the stack's off-heap memory that a driver fills with one received frame, and the
 * descriptor of that frame.
 *
 * <p>A landing has exactly one owner at any time (pool, driver, cell, receive queue, the client it
 * is lent to, and the pool again); only the owner touches its fields. Ownership moves, there is no
 * reference count. {@link #release} returns it home, from any thread.
 */
public final class Landing {

  /** Where a landing goes when its owner is done with it. */
  @FunctionalInterface
  public interface Home {
    /** Takes the landing back; from any thread, never blocks. */
    void release(Landing landing);
  }

  private final MemorySegment segment;
  private final Home home;
  private @Nullable Landing next;

  private int offset;
  private int length;
  private int queue;
  private ChecksumState checksum = ChecksumState.UNVERIFIED;
  private GsoType gsoType = GsoType.NONE;
  private int gsoSize;
  private int headerLength;

  /** A landing over memory, returned to the given home. */
  public Landing(MemorySegment segment, Home home) {
    this.segment = segment;
    this.home = home;
  }

  /** The whole memory, to be filled from any offset on. */
  public MemorySegment segment() {
    return segment;
  }

  /** Bytes of memory. */
  public int capacity() {
    return (int) segment.byteSize();
  }

  /**
   * Describes an ordinary frame whose checksum is unverified; the further setters refine that.
   *
   * @param offset where the frame's first octet stands in {@link #segment}
   * @param length octets of the frame, from its link header on
   * @param queue the driver queue it came from
   * @throws IllegalArgumentException if the frame lies outside of the memory
   */
  public void describe(int offset, int length, int queue) {
    if (offset < 0 || length < 0 || length > capacity() - offset) {
      throw new IllegalArgumentException(
          "a frame of "
              + length
              + " bytes at "
              + offset
              + " is outside of a landing of "
              + capacity());
    }
    this.offset = offset;
    this.length = length;
    this.queue = queue;
    this.checksum = ChecksumState.UNVERIFIED;
    this.gsoType = GsoType.NONE;
    this.gsoSize = 0;
    this.headerLength = 0;
  }

  /** Says what the device knows of the transport checksum. */
  public void checksum(ChecksumState state) {
    this.checksum = state;
  }

  /**
   * Says that the frame is a super-frame.
   *
   * @param type its kind
   * @param size payload bytes of each packet it stands for, the last may have fewer
   * @param headers octets of link, network and transport headers in front of the payload
   */
  public void gso(GsoType type, int size, int headers) {
    this.gsoType = type;
    this.gsoSize = size;
    this.headerLength = headers;
  }

  /** Copies the descriptor, not the memory, of another landing. */
  public void describeAs(Landing other) {
    describe(other.offset, other.length, other.queue);
    checksum = other.checksum;
    gso(other.gsoType, other.gsoSize, other.headerLength);
  }

  /** Where the frame's first octet stands in {@link #segment}. */
  public int offset() {
    return offset;
  }

  /** Octets of the frame. */
  public int length() {
    return length;
  }

  /** The driver queue it came from. */
  public int queue() {
    return queue;
  }

  /** What is known of the transport checksum. */
  public ChecksumState checksum() {
    return checksum;
  }

  /** Whether this is a super-frame. */
  public GsoType gsoType() {
    return gsoType;
  }

  /** Payload bytes of each packet of a super-frame, 0 for an ordinary frame. */
  public int gsoSize() {
    return gsoSize;
  }

  /** Octets of all headers of a super-frame, 0 where not told. */
  public int headerLength() {
    return headerLength;
  }

  /** The next landing in a list of the owner's. */
  public @Nullable Landing next() {
    return next;
  }

  /** Links a list of the owner's. */
  public void next(@Nullable Landing landing) {
    this.next = landing;
  }

  /** Returns the landing to its home pool; the caller must not touch it again. */
  public void release() {
    home.release(this);
  }
}
