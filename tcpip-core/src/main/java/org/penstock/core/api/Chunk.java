package org.penstock.core.api;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * A piece of the stack's off-heap memory for data to send. Bytes in a chunk are sent in place: from
 * the moment it is handed over, until the peer has acknowledged them, they are the transport's and
 * must not change.
 *
 * <p>One owner at a time: the pool, whoever leased it, the send queue, and the pool again.
 */
public final class Chunk {

  /** Where a chunk goes when its owner is done with it. */
  @FunctionalInterface
  public interface Home {
    /** Takes the chunk back; from any thread, never blocks. */
    void release(Chunk chunk);
  }

  private final MemorySegment segment;
  private final Home home;
  private @Nullable Chunk next;

  /** A chunk over memory, returned to the given home. */
  public Chunk(MemorySegment segment, Home home) {
    this.segment = segment;
    this.home = home;
  }

  /** The memory. */
  public MemorySegment segment() {
    return segment;
  }

  /** Bytes of memory. */
  public int capacity() {
    return (int) segment.byteSize();
  }

  /** The next chunk in a list of the owner's. */
  public @Nullable Chunk next() {
    return next;
  }

  /** Links a list of the owner's. */
  public void next(@Nullable Chunk chunk) {
    this.next = chunk;
  }

  /** Returns the chunk to its pool; the caller must not touch it again. */
  public void release() {
    home.release(this);
  }
}
