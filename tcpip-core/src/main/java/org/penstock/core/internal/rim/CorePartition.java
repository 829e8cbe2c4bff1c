package org.penstock.core.internal.rim;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
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
 *
 * <p>It is retired by a {@link Fence} that runs inside. Where that does not come in time and the
 * strategy has to go all the same, the partition is <em>condemned</em>: whoever is inside retires
 * it when the section that runs at that moment has returned, and if nobody is, it is retired from
 * outside. Cells that a thread of an earlier strategy hangs in are <em>closed</em>: what comes for
 * them is turned away, and the rest of the partition works.
 */
final class CorePartition implements Partition {

  private static final int TIMER_BUDGET = 256;

  private static final int LIVE = 0;
  private static final int CONDEMNED = 1;
  private static final int RETIRED = 2;

  private final Rim rim;
  private final StackRuntime runtime;
  private final int index;
  private final long epoch;
  private final Cell[] cells;
  private final int stride;
  private final long[] deadlines;
  private final Cell[] touched;
  private final boolean[] isTouched;
  private final boolean sentinel;
  private final AtomicReference<@Nullable Occupation> occupant = new AtomicReference<>();
  private final AtomicInteger state = new AtomicInteger(LIVE);
  private volatile @Nullable Fence condemnedBy;
  private boolean[] isClosed = {};
  private int closedCells;
  private int port;
  private int touchedCount;
  private long now;
  private @Nullable CorePartition outer;
  private @Nullable Indication retiredWith;
  private ExecutionLevel levelBefore = ExecutionLevel.PASSIVE;

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
    this.sentinel = sentinelOn;
    this.port = index;
  }

  @Override
  public int index() {
    return index;
  }

  /** True if the cell of that number lies in this partition, and may be entered. */
  boolean holds(int cell) {
    return cell % stride == index && !isClosed(cell);
  }

  @Override
  public void enter() {
    Occupation occupation = rim.occupation();
    // The full fence in here stands against condemn(): either we see that, or it sees us.
    if (!occupant.compareAndSet(null, occupation)) {
      overlap(occupation);
    }
    outer = occupation.inside;
    occupation.inside = this;
    levelBefore = ExecutionLevel.change(ExecutionLevel.CORE);
    now = runtime.nanoTime();
    retireIfCondemnedInside();
  }

  private void overlap(Occupation entering) {
    Occupation inside = occupant.get();
    if (sentinel) {
      OverlapException overlap =
          new OverlapException(
              rim.name(), index, inside == null ? 0 : inside.threadId, entering.threadId);
      rim.overlapped(overlap);
      throw overlap;
    }
    occupant.set(entering);
  }

  /** Reads every cell's earliest deadline; once, after the fences and before anybody enters. */
  void readDeadlines() {
    for (int i = 0; i < cells.length; i++) {
      deadlines[i] =
          isClosed(cells[i].index()) ? StackRuntime.NEVER : cells[i].timers().nextDeadline();
    }
  }

  /** The transmit port it uses at every interface. */
  void port(int number) {
    port = number;
  }

  int port() {
    return port;
  }

  // ---- cells that are closed

  /** Closes a cell, before anybody enters. */
  void close(int cell) {
    if (isClosed.length == 0) {
      isClosed = new boolean[cells.length];
    }
    if (!isClosed[cell / stride]) {
      isClosed[cell / stride] = true;
      closedCells++;
    }
  }

  /** Opens a cell, inside: who hung in it has left. */
  void open(int cell) {
    int slot = cell / stride;
    if (isClosed(cell)) {
      isClosed[slot] = false;
      closedCells--;
      deadlines[slot] = cells[slot].timers().nextDeadline();
    }
  }

  private boolean isClosed(int cell) {
    return closedCells != 0 && isClosed[cell / stride];
  }

  /** The numbers of its cells. */
  int[] cellNumbers() {
    int[] numbers = new int[cells.length];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = cells[i].index();
    }
    return numbers;
  }

  /** Takes note that a cell is worked on: its time is set, and its end work will be done. */
  Cell touch(int cellIndex) {
    int slot = cellIndex / stride;
    Cell cell = cells[slot];
    if (!isTouched[slot]) {
      isTouched[slot] = true;
      touched[touchedCount++] = cell;
      cell.now(now);
      cell.port(port);
    }
    return cell;
  }

  @Override
  public boolean run(Section section) {
    if (isRetired()) {
      return false;
    }
    if (section instanceof Housekeeping) {
      section.execute();
      return true;
    }
    if (isClosed(section.cell())) {
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
    if (isRetired() || isClosed(attempt.cell())) {
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
    if (!isRetired() && !isClosed(attempt.cell())) {
      touch(attempt.cell());
      attempt.executeAbandon();
    }
  }

  @Override
  public int runTimers() {
    int ran = 0;
    for (int i = 0; i < cells.length && ran < TIMER_BUDGET && !isRetired(); i++) {
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
    if (isRetired()) {
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
    return state.get() == RETIRED || retireIfCondemnedInside();
  }

  /** True if it is retired; from outside. */
  boolean wasRetired() {
    return state.get() == RETIRED;
  }

  // ---- retirement

  /**
   * Passes everything on from now on; inside, by the fence. As soon as the fence is reached, others
   * may be inside these cells: so the end of the occupation is done here.
   */
  void retire(Fence fence) {
    retiredWith = joined(retiredWith, endOccupation());
    if (state.getAndSet(RETIRED) != RETIRED && !fence.reach()) {
      // The swap was called off at this very moment.
      state.set(LIVE);
    }
  }

  /** Takes the retirement back: the swap is called off, and nobody is inside its cells. */
  void reinstate() {
    state.set(LIVE);
  }

  /**
   * Has whoever is inside retire it at the end of the section that runs; from outside.
   *
   * @param fence that is reached by this
   */
  void condemn(Fence fence) {
    condemnedBy = fence;
    if (state.compareAndSet(LIVE, CONDEMNED)) {
      retireIfCondemned();
    }
  }

  /** Retires it if it is condemned and nobody is inside; from outside. */
  void retireIfCondemned() {
    Fence fence = condemnedBy;
    // In this order: who entered before it was condemned is seen, and who enters later sees it.
    if (fence != null && state.get() == CONDEMNED && occupant.get() == null) {
      state.set(RETIRED);
      fence.reach();
    }
  }

  private boolean retireIfCondemnedInside() {
    Fence fence = condemnedBy;
    if (fence == null || state.get() != CONDEMNED) {
      return false;
    }
    retire(fence);
    return true;
  }

  /** Where the thread inside stands, with its stack; empty if nobody is inside. */
  String whereItHangs() {
    Occupation inside = occupant.get();
    return inside == null ? "" : inside.thread.stackTrace().strip();
  }

  @Override
  public @Nullable Indication leave() {
    Indication chain = retiredWith;
    retiredWith = null;
    if (!isRetired()) {
      chain = joined(chain, endOccupation());
    } else if (retiredWith != null) {
      // Condemned, and retired just now.
      chain = joined(chain, retiredWith);
      retiredWith = null;
    }
    Occupation occupation = rim.occupation();
    occupation.inside = outer;
    outer = null;
    ExecutionLevel.change(levelBefore);
    occupant.set(null);
    if (state.get() == CONDEMNED) {
      retireIfCondemned();
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

  private static @Nullable Indication joined(
      @Nullable Indication first, @Nullable Indication second) {
    if (first == null) {
      return second;
    }
    lastOf(first).next(second);
    return first;
  }

  private static Indication lastOf(Indication chain) {
    Indication last = chain;
    for (Indication next = last.next(); next != null; next = last.next()) {
      last = next;
    }
    return last;
  }
}
