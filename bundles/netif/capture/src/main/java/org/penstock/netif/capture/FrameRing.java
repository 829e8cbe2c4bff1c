package org.penstock.netif.capture;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Records of any length on their way from many threads to one, in memory that is there from the
 * start. Nobody waits: a record for which there is no room is refused.
 *
 * <p>A record is claimed, filled and published; the reader takes the oldest when it is published,
 * and clears what it has read, so that an unpublished record reads as 0.
 */
final class FrameRing {

  /** Bytes in front of each record. */
  static final int PREFIX = 8;

  /** No room. */
  static final long FULL = -1;

  /** Nothing to read. */
  static final long EMPTY = -1;

  private static final int PADDING = -1;
  private static final VarHandle LENGTH = ValueLayout.JAVA_INT.varHandle();

  private final MemorySegment memory;
  private final long capacity;
  private final AtomicLong tail = new AtomicLong();
  private final AtomicLong head = new AtomicLong();

  /**
   * An empty ring.
   *
   * @param bytes rounded up to a power of two
   */
  FrameRing(int bytes) {
    this.capacity = Long.highestOneBit(bytes * 2L - 1);
    this.memory = Arena.ofAuto().allocate(capacity, PREFIX);
  }

  /** Where records lie. */
  MemorySegment memory() {
    return memory;
  }

  /**
   * Claims room for a record; {@link #publish} must follow. Any thread.
   *
   * @return where the record's octets go, or {@link #FULL}
   */
  long claim(int octets) {
    long needed = size(octets);
    while (true) {
      // The head first: read later it could have passed the tail.
      long first = head.get();
      long last = tail.get();
      long at = last & (capacity - 1);
      long toEnd = capacity - at;
      long padding = needed > toEnd ? toEnd : 0;
      if (last - first + padding + needed > capacity) {
        return FULL;
      }
      if (tail.compareAndSet(last, last + padding + needed)) {
        if (padding > 0) {
          memory.set(ValueLayout.JAVA_INT, at + 4, (int) padding);
          LENGTH.setRelease(memory, at, PADDING);
          return PREFIX;
        }
        return at + PREFIX;
      }
    }
  }

  /** Hands a filled record to the reader. */
  void publish(long at, int octets) {
    LENGTH.setRelease(memory, at - PREFIX, octets);
  }

  /**
   * The oldest record, if it is published. The reader only.
   *
   * @return where its octets are, or {@link #EMPTY}
   */
  long read() {
    while (true) {
      long at = head.get() & (capacity - 1);
      int octets = (int) LENGTH.getAcquire(memory, at);
      if (octets == PADDING) {
        free(at, memory.get(ValueLayout.JAVA_INT, at + 4));
      } else {
        return octets == 0 ? EMPTY : at + PREFIX;
      }
    }
  }

  /** Octets of a record that {@link #read} returned. */
  int length(long at) {
    return memory.get(ValueLayout.JAVA_INT, at - PREFIX);
  }

  /** Gives a record's room back. The reader only. */
  void release(long at) {
    free(at - PREFIX, size(length(at)));
  }

  private void free(long at, long bytes) {
    memory.asSlice(at, bytes).fill((byte) 0);
    head.setRelease(head.get() + bytes);
  }

  private static long size(int octets) {
    return (long) PREFIX + octets + 7 & -8L;
  }
}
