package org.penstock.core.internal.ip;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.PriorityQueue;
import org.penstock.api.concurrency.Attempt;
import org.penstock.api.concurrency.Awaited;
import org.penstock.api.concurrency.Indication;
import org.penstock.api.concurrency.Section;
import org.penstock.api.runtime.Parker;
import org.penstock.api.runtime.RandomSource;
import org.penstock.api.runtime.RuntimeThread;
import org.penstock.api.runtime.StackRuntime;
import org.penstock.core.api.CellTimer;
import org.penstock.core.api.Gate;
import org.penstock.core.internal.cell.Cell;
import org.penstock.core.internal.cell.Deferred;

/**
 * A way into cells for tests: one thread, virtual time. Posted sections run one after the other in
 * {@link #drain}; each is an occupation of its own, as if every cell were a partition. It refuses
 * what the real rim leaves to its callers: a section posted while it is queued, a timer armed from
 * outside of its cell.
 */
public final class FakeGate implements Gate {

  private final Cell[] cells;
  private final Runtime runtime = new Runtime();
  private final Deque<Section> posted = new ArrayDeque<>();
  private final PriorityQueue<Timer> timers =
      new PriorityQueue<>(
          Comparator.comparingLong((Timer timer) -> timer.deadline)
              .thenComparingLong(timer -> timer.order));
  private long now = 1_000_000_000L;
  private long armed;
  private int inside = -1;

  /** A gate to that many cells. */
  public FakeGate(int count) {
    this.cells = new Cell[count];
    for (int i = 0; i < count; i++) {
      cells[i] = new Cell(i, now);
    }
  }

  /** The cells. */
  public Cell[] cellArray() {
    return cells.clone();
  }

  /** Runs something inside a cell, and everything that was posted by it. */
  public void in(int cell, Runnable work) {
    occupy(cell, work);
    drain();
  }

  /** Runs something inside a cell; what it posts stays queued. */
  public void occupy(int cell, Runnable work) {
    if (inside >= 0) {
      throw new AssertionError("entered cell " + cell + " from inside cell " + inside);
    }
    inside = cell;
    cells[cell].now(now);
    try {
      work.run();
    } finally {
      for (Deferred end = cells[cell].pollDeferred();
          end != null;
          end = cells[cell].pollDeferred()) {
        cells[cell].finish(end);
      }
      inside = -1;
    }
    Indication chain = cells[cell].takeIndications();
    while (chain != null) {
      Indication following = chain.next();
      chain.execute();
      chain = following;
    }
  }

  /** Runs the oldest posted section; false if there is none. */
  public boolean runOne() {
    Section section = posted.poll();
    if (section == null) {
      return false;
    }
    occupy(section.cell(), section::execute);
    return true;
  }

  /** Runs posted sections until none is left. */
  public void drain() {
    for (int i = 0; runOne(); i++) {
      if (i > 1_000_000) {
        throw new AssertionError("sections post each other without end");
      }
    }
  }

  /** Sections that wait. */
  public int waiting() {
    return posted.size();
  }

  /** Lets time pass, timer by timer. */
  public void advance(long nanos) {
    long end = now + nanos;
    drain();
    while (!timers.isEmpty() && timers.peek().deadline <= end) {
      Timer timer = timers.poll();
      now = Math.max(now, timer.deadline);
      timer.isArmed = false;
      in(timer.cell, timer.action);
    }
    now = end;
  }

  /** The virtual time. */
  public long now() {
    return now;
  }

  @Override
  public int cells() {
    return cells.length;
  }

  @Override
  public void post(Section section) {
    for (Section queued : posted) {
      if (queued == section) {
        throw new AssertionError(section + " was posted while it is queued");
      }
    }
    posted.add(section);
  }

  @Override
  public void call(Section section) {
    in(section.cell(), section::execute);
  }

  @Override
  public Awaited await(String what, Attempt attempt, long deadlineNanos) {
    throw new AssertionError(what + " would block");
  }

  @Override
  public void signal(Attempt attempt) {
    throw new AssertionError("nobody waits");
  }

  @Override
  public void indicate(int cell, Indication indication) {
    requireInside(cell);
    cells[cell].indicate(indication);
  }

  @Override
  public boolean isInside(int cell) {
    return inside == cell;
  }

  @Override
  public long now(int cell) {
    return cells[cell].now();
  }

  @Override
  public CellTimer timer(int cell, Runnable action) {
    return new Timer(cell, action);
  }

  @Override
  public StackRuntime runtime() {
    return runtime;
  }

  @Override
  public String strategy() {
    return "fake";
  }

  private void requireInside(int cell) {
    if (inside != cell) {
      throw new AssertionError("cell " + cell + " was touched from outside (" + inside + ")");
    }
  }

  private final class Timer implements CellTimer {
    private final int cell;
    private final Runnable action;
    private long deadline;
    private long order;
    private boolean isArmed;

    Timer(int cell, Runnable action) {
      this.cell = cell;
      this.action = action;
    }

    @Override
    public void arm(long deadlineNanos) {
      cancel();
      deadline = deadlineNanos;
      order = armed++;
      isArmed = true;
      timers.add(this);
    }

    @Override
    public void cancel() {
      requireInside(cell);
      timers.remove(this);
      isArmed = false;
    }

    @Override
    public boolean isArmed() {
      return isArmed;
    }
  }

  /** Virtual time and seeded chance; no threads. */
  public final class Runtime implements StackRuntime {
    private long state = 42;
    private final RandomSource random =
        () -> {
          state += 0x9e37_79b9_7f4a_7c15L;
          return Mix.of(state);
        };

    @Override
    public long nanoTime() {
      return now;
    }

    @Override
    public long wallTimeNanos() {
      return now;
    }

    @Override
    public RandomSource random() {
      return random;
    }

    @Override
    public RuntimeThread start(String name, java.lang.Runnable body) {
      throw new AssertionError("thread " + name);
    }

    @Override
    public Parker parker() {
      throw new AssertionError("no waiting here");
    }

    @Override
    public long threadId() {
      return 1;
    }

    @Override
    public void spinHint() {
      throw new AssertionError("no spinning here");
    }

    @Override
    public int processors() {
      return 1;
    }
  }
}
