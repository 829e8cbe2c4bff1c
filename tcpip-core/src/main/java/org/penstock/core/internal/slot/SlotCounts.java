package org.penstock.core.internal.slot;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import org.penstock.api.view.DropReason;

/**
 * What a slot counts. What happens inside a cell is counted there by a plain store; what happens
 * outside by whoever sees it. Read by any thread.
 */
final class SlotCounts {

  private static final VarHandle LONGS = MethodHandles.arrayElementVarHandle(long[].class);

  private final long[] sentFrames;
  private final long[] sentBytes;
  private final long[] droppedInside;
  private final AtomicLong receivedFrames = new AtomicLong();
  private final AtomicLong receivedBytes = new AtomicLong();
  private final AtomicLongArray droppedOutside = new AtomicLongArray(DropReason.values().length);

  SlotCounts(int cells) {
    this.sentFrames = new long[cells];
    this.sentBytes = new long[cells];
    this.droppedInside = new long[cells];
  }

  /** A frame was sent; inside the cell. */
  void sent(int cell, int bytes) {
    add(sentFrames, cell, 1);
    add(sentBytes, cell, bytes);
  }

  /** A frame was dropped; inside the cell, which counts the reason. */
  void dropped(int cell) {
    add(droppedInside, cell, 1);
  }

  void received(int frames, long bytes) {
    receivedFrames.addAndGet(frames);
    receivedBytes.addAndGet(bytes);
  }

  void droppedOutside(DropReason reason, int frames) {
    droppedOutside.addAndGet(reason.ordinal(), frames);
  }

  long receivedFrames() {
    return receivedFrames.get();
  }

  long receivedBytes() {
    return receivedBytes.get();
  }

  long sentFrames() {
    return sum(sentFrames);
  }

  long sentBytes() {
    return sum(sentBytes);
  }

  long droppedOutside(DropReason reason) {
    return droppedOutside.get(reason.ordinal());
  }

  /** Frames dropped by the stack, inside of cells and outside. */
  long dropped() {
    long total = sum(droppedInside);
    for (int i = 0; i < droppedOutside.length(); i++) {
      total += droppedOutside.get(i);
    }
    return total;
  }

  private static void add(long[] counts, int index, long by) {
    LONGS.setOpaque(counts, index, counts[index] + by);
  }

  private static long sum(long[] counts) {
    long total = 0;
    for (int i = 0; i < counts.length; i++) {
      total += (long) LONGS.getOpaque(counts, i);
    }
    return total;
  }
}
