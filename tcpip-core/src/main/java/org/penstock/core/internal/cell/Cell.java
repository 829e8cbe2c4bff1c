package org.penstock.core.internal.cell;

import org.jspecify.annotations.Nullable;
import org.penstock.api.concurrency.Indication;
import org.penstock.api.view.Counter;
import org.penstock.api.view.DropReason;
import org.penstock.core.internal.timer.TimerWheel;

/**
 * A unit of the core: what is inside is touched by one thread at a time, the one that is inside the
 * partition the cell lies in. The core is divided into cells once and for all, so that a handle
 * names its cell for ever while partitions come and go with the concurrency strategy.
 *
 * <p>On a packet's way: the demultiplexer has chosen the cell; the protocols keep their PCBs,
 * tables and timers in it. Time stands still during an occupation.
 */
public final class Cell {

  private final int index;
  private final TimerWheel timers;
  private final CounterBlock counters = new CounterBlock();
  private long now;
  private int port;
  private @Nullable Deferred deferredFirst;
  private @Nullable Deferred deferredLast;
  private @Nullable Indication indicationFirst;
  private @Nullable Indication indicationLast;

  /**
   * A cell.
   *
   * @param now the time it begins with, in nanoseconds
   */
  public Cell(int index, long now) {
    this.index = index;
    this.now = now;
    this.timers = new TimerWheel(now);
  }

  /** Its timers. */
  public TimerWheel timers() {
    return timers;
  }

  /** Its name. */
  public int index() {
    return index;
  }

  /** The time of the present occupation, in nanoseconds. */
  public long now() {
    return now;
  }

  /** Sets the time; by the partition, when an occupation begins. */
  public void now(long nanos) {
    this.now = nanos;
  }

  /** The transmit port of the partition that works on it. */
  public int port() {
    return port;
  }

  /** Sets the transmit port; by the partition, when an occupation begins. */
  public void port(int number) {
    this.port = number;
  }

  /** Its counters. */
  public CounterBlock counters() {
    return counters;
  }

  /** Counts one. */
  public void count(Counter counter) {
    counters.count(counter);
  }

  /** Counts a drop. */
  public void drop(DropReason reason) {
    counters.drop(reason);
  }

  /** Has work done at the end of the occupation; once, however often it is asked for. */
  public void defer(Deferred work) {
    if (work.pending) {
      return;
    }
    work.pending = true;
    work.next = null;
    if (deferredLast == null) {
      deferredFirst = work;
    } else {
      deferredLast.next = work;
    }
    deferredLast = work;
  }

  /** Takes the first deferred work out, or null. */
  public @Nullable Deferred pollDeferred() {
    Deferred work = deferredFirst;
    if (work != null) {
      deferredFirst = work.next;
      if (deferredFirst == null) {
        deferredLast = null;
      }
      work.next = null;
      work.pending = false;
    }
    return work;
  }

  /** Runs deferred work that {@link #pollDeferred} returned. */
  public void finish(Deferred work) {
    work.finish();
  }

  /** Leaves a call to be made when the occupation has ended. */
  public void indicate(Indication indication) {
    indication.next(null);
    if (indicationLast == null) {
      indicationFirst = indication;
    } else {
      indicationLast.next(indication);
    }
    indicationLast = indication;
  }

  /** Takes out all calls to be made, as a chain, or null. */
  public @Nullable Indication takeIndications() {
    Indication first = indicationFirst;
    indicationFirst = null;
    indicationLast = null;
    return first;
  }

  /** True if there is something to do when the occupation ends. */
  public boolean hasEndWork() {
    return deferredFirst != null || indicationFirst != null;
  }
}
