package org.penstock.core.internal.rim;

import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.penstock.api.concurrency.Attempt;
import org.penstock.api.concurrency.ExecutionLevel;
import org.penstock.api.concurrency.Indication;
import org.penstock.api.concurrency.Partition;
import org.penstock.api.concurrency.Section;
import org.penstock.api.runtime.StackRuntime;
import org.penstock.api.view.Counter;
import org.penstock.core.internal.cell.Cell;
import org.penstock.core.internal.cell.Deferred;

/**
 * The cells that one exclusion of one strategy instance guards. What it holds besides is scratch of
 * the present occupation; all state lives in the cells, so that a swap moves nothing.
 */
final class CorePartition implements Partition {

  private static final int TIMER_BUDGET = 256;

  private final Rim rim;
  private final StackRuntime runtime;
  private final int index;
  private final long epoch;
  private final Cell[] cells;
  private final int stride;
  private final long[] deadlines;
  private final Cell[] touched;
  private final boolean[] isTouched;
  private final @Nullable AtomicLong sentinel;
  private int touchedCount;
  private long now;
  private @Nullable CorePartition outer;
  private @Nullable Indication retiredWith;
  private ExecutionLevel levelBefore = ExecutionLevel.PASSIVE;
  private volatile boolean retired;

  /**
   * The partition {@code index} of {@code partitions}: every cell whose number leaves that
   * remainder.
   */
  CorePartition(Rim rim, int index, int partitions, long epoch, Cell[] all, boolean sentinelOn) {
    this.rim = rim;
    this.runtime = rim.runtime();
    this.index = index;
    this.epoch = epoch;
    this.stride = partitions;
    int count = (all.length - index + partitions - 1) / partitions;
    this.cells = new Cell[count];
    this.deadlines = new long[count];
    for (int i = 0; i < count; i++) {
      cells[i] = all[index + i * partitions];
    }
    this.touched = new Cell[count];
    this.isTouched = new boolean[count];
    this.sentinel = sentinelOn ? new AtomicLong() : null;
  }

  @Override
  public int index() {
    return index;
  }

  /** True if the cell of that number lies in this partition. */
  boolean holds(int cell) {
    return cell % stride == index;
  }

  @Override
  public void enter() {
    if (sentinel != null && !sentinel.compareAndSet(0, runtime.threadId())) {
      OverlapException overlap =
          new OverlapException(rim.name(), index, sentinel.get(), runtime.threadId());
      rim.overlapped(overlap);
      throw overlap;
    }
    Occupation occupation = rim.occupation();
    outer = occupation.inside;
    occupation.inside = this;
    levelBefore = ExecutionLevel.change(ExecutionLevel.CORE);
    now = runtime.nanoTime();
  }

  /** Reads every cell's earliest deadline; once, after the fences and before anybody enters. */
  void readDeadlines() {
    for (int i = 0; i < cells.length; i++) {
      deadlines[i] = cells[i].timers().nextDeadline();
    }
  }

  /** Takes note that a cell is worked on: its time is set, and its end work will be done. */
  Cell touch(int cellIndex) {
    int slot = cellIndex / stride;
    Cell cell = cells[slot];
    if (!isTouched[slot]) {
      isTouched[slot] = true;
      touched[touchedCount++] = cell;
      cell.now(now);
    }
    return cell;
  }

  @Override
  public boolean run(Section section) {
    if (retired) {
      return false;
    }
    Cell cell = touch(section.cell());
    try {
      section.execute();
    } catch (Throwable e) {
      cell.count(Counter.SECTION_EXCEPTIONS);
      rim.thrown("section", section, e);
    }
    return true;
  }

  @Override
  public Attempted attempt(Attempt attempt) {
    if (retired) {
      return Attempted.MOVED;
    }
    Cell cell = touch(attempt.cell());
    try {
      return attempt.execute() ? Attempted.DONE : Attempted.NOT_YET;
    } catch (Throwable e) {
      cell.count(Counter.SECTION_EXCEPTIONS);
      rim.thrown("attempt", attempt, e);
      return Attempted.DONE;
    }
  }

  @Override
  public void abandon(Attempt attempt) {
    // Somebody else may be inside the cells of a retired partition: the rim, which sees that the
    // strategy has changed, abandons the attempt by the new one.
    if (!retired) {
      touch(attempt.cell());
      attempt.executeAbandon();
    }
  }

  @Override
  public int runTimers() {
    if (retired) {
      return 0;
    }
    int ran = 0;
    for (int i = 0; i < cells.length && ran < TIMER_BUDGET; i++) {
      if (deadlines[i] <= now) {
        Cell cell = touch(cells[i].index());
        try {
          ran += cell.timers().advance(now, TIMER_BUDGET - ran);
        } catch (Throwable e) {
          cell.count(Counter.SECTION_EXCEPTIONS);
          rim.thrown("timer", cell, e);
          ran++;
        }
      }
    }
    return ran;
  }

  @Override
  public long nextDeadline() {
    if (retired) {
      return StackRuntime.NEVER;
    }
    finishTouched();
    long earliest = StackRuntime.NEVER;
    for (long deadline : deadlines) {
      earliest = Math.min(earliest, deadline);
    }
    return earliest;
  }

  @Override
  public boolean isRetired() {
    return retired;
  }

  /**
   * Passes everything on from now on; inside, by the fence. As soon as the fence has run, others
   * may be inside these cells: so the end of the occupation is done here.
   */
  void retire() {
    retiredWith = endOccupation();
    retired = true;
  }

  /** Takes the retirement back, where a swap is rolled back. */
  void reinstate() {
    retired = false;
  }

  @Override
  public @Nullable Indication leave() {
    Indication chain;
    if (retired) {
      chain = retiredWith;
      retiredWith = null;
    } else {
      chain = endOccupation();
    }
    Occupation occupation = rim.occupation();
    occupation.inside = outer;
    outer = null;
    ExecutionLevel.change(levelBefore);
    if (sentinel != null) {
      sentinel.set(0);
    }
    return chain;
  }

  @Override
  public void indicate(Indication chain) {
    rim.indicate(chain);
  }

  /** The time of the present occupation. */
  long now() {
    return now;
  }

  @Override
  public String toString() {
    return "partition " + index + " of epoch " + epoch;
  }

  private @Nullable Indication endOccupation() {
    finishTouched();
    Indication chain = null;
    Indication last = null;
    for (int i = 0; i < touchedCount; i++) {
      Cell cell = touched[i];
      isTouched[cell.index() / stride] = false;
      Indication part = cell.takeIndications();
      if (part != null) {
        if (last == null) {
          chain = part;
        } else {
          last.next(part);
        }
        last = lastOf(part);
      }
    }
    touchedCount = 0;
    return chain;
  }

  private void finishTouched() {
    // End work may defer more in other cells of this partition: touched cells are gone over until
    // nothing is left.
    boolean again = true;
    while (again) {
      again = false;
      for (int i = 0; i < touchedCount; i++) {
        Cell cell = touched[i];
        for (Deferred work = cell.pollDeferred(); work != null; work = cell.pollDeferred()) {
          again = true;
          try {
            cell.finish(work);
          } catch (Throwable e) {
            cell.count(Counter.SECTION_EXCEPTIONS);
            rim.thrown("end of occupation", work, e);
          }
        }
      }
    }
    for (int i = 0; i < touchedCount; i++) {
      Cell cell = touched[i];
      deadlines[cell.index() / stride] = cell.timers().nextDeadline();
    }
  }

  private static Indication lastOf(Indication chain) {
    Indication last = chain;
    for (Indication next = last.next(); next != null; next = last.next()) {
      last = next;
    }
    return last;
  }
}
