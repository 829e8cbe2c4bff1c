package org.penstock.core.internal.memory;

import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A lock-free stack of small numbers: the free entries of a pool. Last in, first out, so that what
 * is used again is still in the cache. From any thread; never blocks, never allocates.
 */
final class FreeList {

  private static final int NONE = -1;
  private static final long INDEX_MASK = 0xffff_ffffL;

  // The upper half counts changes, so that an index which left and came back is not taken for
  // never having left (the ABA problem).
  private final AtomicLong head = new AtomicLong(INDEX_MASK);
  private final AtomicIntegerArray next;

  FreeList(int capacity) {
    this.next = new AtomicIntegerArray(capacity);
  }

  void push(int index) {
    long seen;
    long changed;
    do {
      seen = head.get();
      next.setPlain(index, (int) seen);
      changed = ((seen & ~INDEX_MASK) + (1L << 32)) | index;
    } while (!head.compareAndSet(seen, changed));
  }

  /** Takes an index, or -1 if there is none. */
  int pop() {
    long seen;
    long changed;
    do {
      seen = head.get();
      if ((int) seen == NONE) {
        return NONE;
      }
      changed = ((seen & ~INDEX_MASK) + (1L << 32)) | (next.get((int) seen) & INDEX_MASK);
    } while (!head.compareAndSet(seen, changed));
    return (int) seen;
  }
}
