package org.penstock.api.concurrency.support;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.penstock.api.concurrency.StrategyStatistics;
import org.penstock.api.runtime.StackRuntime;

/**
 * Counts what one partition does, cheaply. Everything but {@link #posted}, {@link #waited} and
 * {@link #statistics} is called inside the exclusion, which orders the writes; readers see recent
 * values.
 *
 * <p>One occupation in {@value #SAMPLE} is timed: two readings of the clock for each would cost
 * more than entering. {@code holdNanos} is scaled up from that, {@code longestHoldNanos} is the
 * longest of those timed.
 */
public final class Tally {

  /** One occupation in so many is timed. */
  public static final int SAMPLE = 16;

  private final StackRuntime runtime;
  private final LongAdder posted = new LongAdder();
  private final LongAdder waits = new LongAdder();
  private final AtomicLong taken = new AtomicLong();
  private final AtomicLong entries = new AtomicLong();
  private final AtomicLong contended = new AtomicLong();
  private final AtomicLong waitNanos = new AtomicLong();
  private final AtomicLong holdNanos = new AtomicLong();
  private final AtomicLong longestHoldNanos = new AtomicLong();
  private long startedNanos = -1;

  /** All zero. */
  public Tally(StackRuntime runtime) {
    this.runtime = runtime;
  }

  /** A section was posted; from any thread. */
  public void posted() {
    posted.increment();
  }

  /** A thread went to sleep in a wait; from any thread. */
  public void waited() {
    waits.increment();
  }

  /** A posted section was taken out of the queue. */
  public void taken() {
    add(taken, 1);
  }

  /** Sections taken out of the queue so far. */
  public long takenSoFar() {
    return taken.getPlain();
  }

  /** Whoever is inside now found the partition occupied. */
  public void contended() {
    add(contended, 1);
  }

  /** It took a caller so long to get in. */
  public void delayed(long nanos) {
    add(waitNanos, nanos);
  }

  /** An occupation begins. */
  public void enter() {
    long count = entries.getPlain();
    entries.setOpaque(count + 1);
    startedNanos = count % SAMPLE == 0 ? runtime.nanoTime() : -1;
  }

  /** The occupation ends. */
  public void leave() {
    if (startedNanos >= 0) {
      long held = runtime.nanoTime() - startedNanos;
      add(holdNanos, held * SAMPLE);
      if (held > longestHoldNanos.getPlain()) {
        longestHoldNanos.setOpaque(held);
      }
    }
  }

  /** What was counted so far; from any thread. */
  public StrategyStatistics statistics() {
    // In this order, so that a section taken meanwhile does not make the queue look negative.
    long out = taken.getOpaque();
    long in = posted.sum();
    return new StrategyStatistics(
        entries.getOpaque(),
        contended.getOpaque(),
        in,
        waits.sum(),
        waitNanos.getOpaque(),
        holdNanos.getOpaque(),
        longestHoldNanos.getOpaque(),
        (int) Math.clamp(in - out, 0, Integer.MAX_VALUE));
  }

  private static void add(AtomicLong counter, long amount) {
    counter.setOpaque(counter.getPlain() + amount);
  }
}
