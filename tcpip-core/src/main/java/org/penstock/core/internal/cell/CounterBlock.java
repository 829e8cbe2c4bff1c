package org.penstock.core.internal.cell;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.penstock.api.view.Counter;
import org.penstock.api.view.DropReason;

/**
 * Counters with one writer at a time (whoever is inside the cell, or owns the queue) and any number
 * of readers, who may see a count that is a moment old.
 */
public final class CounterBlock {

  private static final VarHandle ELEMENT = MethodHandles.arrayElementVarHandle(long[].class);

  private final long[] counts = new long[Counter.values().length];
  private final long[] drops = new long[DropReason.values().length];

  /** All zero. */
  public CounterBlock() {}

  /** Counts one. */
  public void count(Counter counter) {
    add(counts, counter.ordinal(), 1);
  }

  /** Counts several. */
  public void count(Counter counter, long times) {
    add(counts, counter.ordinal(), times);
  }

  /** Counts a drop. */
  public void drop(DropReason reason) {
    add(drops, reason.ordinal(), 1);
  }

  /** A count at this moment. */
  public long get(Counter counter) {
    return (long) ELEMENT.getOpaque(counts, counter.ordinal());
  }

  /** Drops for a reason at this moment. */
  public long get(DropReason reason) {
    return (long) ELEMENT.getOpaque(drops, reason.ordinal());
  }

  private static void add(long[] array, int index, long times) {
    ELEMENT.setOpaque(array, index, array[index] + times);
  }
}
