package org.penstock.api.netif.support;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.penstock.api.runtime.StackRuntime;

/**
 * Frames that wait for their time: a binary heap, earliest first, equal times first in first out.
 * One thread at a time.
 */
public final class Schedule {

  private @Nullable WireFrame[] heap = new @Nullable WireFrame[16];
  private int size;
  private long orders;

  /** Nothing waits. */
  public Schedule() {}

  /** Adds a frame whose {@code due} is set. */
  public void add(WireFrame frame) {
    if (size == heap.length) {
      heap = Arrays.copyOf(heap, size * 2);
    }
    frame.order = orders++;
    int at = size++;
    while (at > 0) {
      int parent = (at - 1) >>> 1;
      WireFrame above = frameAt(parent);
      if (!before(frame, above)) {
        break;
      }
      heap[at] = above;
      at = parent;
    }
    heap[at] = frame;
  }

  /** When the first is due, or never. */
  public long nextDue() {
    return size == 0 ? StackRuntime.NEVER : frameAt(0).due;
  }

  /** Takes the first if it is due. */
  public @Nullable WireFrame takeDue(long nowNanos) {
    return size == 0 || frameAt(0).due > nowNanos ? null : takeFirst();
  }

  /** Takes the first, whenever it is due. */
  public @Nullable WireFrame takeFirst() {
    if (size == 0) {
      return null;
    }
    WireFrame first = frameAt(0);
    WireFrame last = frameAt(--size);
    heap[size] = null;
    if (size > 0) {
      sink(last);
    }
    return first;
  }

  private void sink(WireFrame frame) {
    int at = 0;
    for (int child = 1; child < size; child = 2 * at + 1) {
      if (child + 1 < size && before(frameAt(child + 1), frameAt(child))) {
        child++;
      }
      if (!before(frameAt(child), frame)) {
        break;
      }
      heap[at] = heap[child];
      at = child;
    }
    heap[at] = frame;
  }

  private WireFrame frameAt(int index) {
    WireFrame frame = heap[index];
    if (frame == null) {
      throw new IllegalStateException("no frame at " + index + " of " + size);
    }
    return frame;
  }

  private static boolean before(WireFrame a, WireFrame b) {
    return a.due != b.due ? a.due < b.due : a.order < b.order;
  }
}
