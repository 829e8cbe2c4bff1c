package org.penstock.tdi.fake;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.penstock.api.concurrency.Attempt;
import org.penstock.api.concurrency.Awaited;
import org.penstock.api.concurrency.ExecutionLevel;
import org.penstock.api.concurrency.Indication;
import org.penstock.api.concurrency.Section;
import org.penstock.api.runtime.StackRuntime;
import org.penstock.core.api.CellTimer;
import org.penstock.core.api.Gate;

/**
 * A gate with a lock for each partition; whoever enters runs what was posted meanwhile. Held back,
 * it runs nothing that is posted until it is let go, so that a test can stand between a submission
 * and its execution.
 */
public final class LockGate implements Gate {

  private static final class Partition {
    final ReentrantLock lock = new ReentrantLock();
    final Queue<Section> posted = new ConcurrentLinkedQueue<>();
    @Nullable Indication first;
    @Nullable Indication last;
  }

  /** What the calling thread still has to do when it has left. */
  private static final class Duties {
    final ArrayDeque<Partition> toDrain = new ArrayDeque<>();
    final ArrayDeque<Indication> toMake = new ArrayDeque<>();
    boolean making;
    @Nullable Partition inside;
  }

  private final StackRuntime runtime;
  private final Partition[] partitions;
  private final int cells;
  private final ThreadLocal<Duties> duties = ThreadLocal.withInitial(Duties::new);
  private final List<Timer> timers = new CopyOnWriteArrayList<>();
  private final List<Throwable> failures = new CopyOnWriteArrayList<>();
  private volatile boolean held;

  public LockGate(StackRuntime runtime, int cells, int partitions) {
    this.runtime = runtime;
    this.cells = cells;
    this.partitions = new Partition[partitions];
    for (int i = 0; i < partitions; i++) {
      this.partitions[i] = new Partition();
    }
  }

  /** Exceptions that left a section or an indication. */
  public List<Throwable> failures() {
    return failures;
  }

  /** Keeps everything posted from now on. */
  public void hold() {
    held = true;
  }

  /** Runs what was kept. */
  public void letGo() {
    held = false;
    for (Partition partition : partitions) {
      drain(partition);
    }
  }

  /** Runs an action inside a cell. */
  public void inside(int cell, Runnable action) {
    List<RuntimeException> thrown = new ArrayList<>();
    call(
        new Section(cell) {
          @Override
          protected void run() {
            try {
              action.run();
            } catch (RuntimeException e) {
              thrown.add(e);
            }
          }
        });
    if (!thrown.isEmpty()) {
      throw thrown.getFirst();
    }
  }

  /** Runs every timer that is due. */
  public void runTimers() {
    long now = runtime.nanoTime();
    for (Timer timer : timers) {
      inside(
          timer.cell,
          () -> {
            if (timer.armed && timer.deadline <= now) {
              timer.armed = false;
              timer.action.run();
            }
          });
    }
  }

  private Partition of(int cell) {
    return partitions[cell % partitions.length];
  }

  @Override
  public int cells() {
    return cells;
  }

  @Override
  public void post(Section section) {
    Partition partition = of(section.cell());
    partition.posted.add(section);
    if (held) {
      return;
    }
    Duties mine = duties.get();
    if (mine.inside == null) {
      drain(partition);
    } else if (mine.inside != partition) {
      mine.toDrain.add(partition);
    }
  }

  /** Runs what was posted, on this thread or on the one that is inside. */
  private void drain(Partition partition) {
    while (!held && !partition.posted.isEmpty() && partition.lock.tryLock()) {
      occupy(partition, null);
    }
  }

  @Override
  public void call(Section section) {
    Partition partition = of(section.cell());
    Duties mine = duties.get();
    if (mine.inside == partition) {
      run(section);
      return;
    }
    if (mine.inside != null) {
      throw new IllegalStateException("a call from inside another partition");
    }
    partition.lock.lock();
    occupy(partition, section);
    drain(partition);
  }

  /** One occupation; the lock is held and given back. */
  private void occupy(Partition partition, @Nullable Section called) {
    Duties mine = duties.get();
    mine.inside = partition;
    ExecutionLevel before = ExecutionLevel.change(ExecutionLevel.CORE);
    Indication chain;
    try {
      if (!held) {
        for (Section next = partition.posted.poll(); next != null; next = partition.posted.poll()) {
          run(next);
        }
      }
      if (called != null) {
        run(called);
      }
      chain = partition.first;
      partition.first = null;
      partition.last = null;
    } finally {
      ExecutionLevel.change(before);
      mine.inside = null;
      partition.lock.unlock();
    }
    for (Indication each = chain; each != null; ) {
      Indication following = each.next();
      each.next(null);
      mine.toMake.add(each);
      each = following;
    }
    finish(mine);
  }

  /** Does outside what the occupation left behind; never nested. */
  private void finish(Duties mine) {
    if (mine.making) {
      return;
    }
    mine.making = true;
    try {
      while (true) {
        Partition partition = mine.toDrain.poll();
        if (partition != null) {
          drain(partition);
          continue;
        }
        Indication indication = mine.toMake.poll();
        if (indication == null) {
          return;
        }
        ExecutionLevel before = ExecutionLevel.change(ExecutionLevel.DISPATCH);
        try {
          indication.execute();
        } catch (RuntimeException | AssertionError e) {
          failures.add(e);
        } finally {
          ExecutionLevel.change(before);
        }
      }
    } finally {
      mine.making = false;
    }
  }

  private void run(Section section) {
    try {
      section.execute();
    } catch (RuntimeException | AssertionError e) {
      failures.add(e);
    }
  }

  @Override
  public Awaited await(String what, Attempt attempt, long deadlineNanos) {
    ExecutionLevel.requirePassive(what, strategy());
    Semaphore wake = new Semaphore(0);
    while (true) {
      boolean[] done = new boolean[1];
      inside(
          attempt.cell(),
          () -> {
            attempt.sleeper(wake);
            done[0] = attempt.execute();
          });
      if (done[0]) {
        return Awaited.DONE;
      }
      try {
        boolean woken;
        if (deadlineNanos == StackRuntime.NEVER) {
          wake.acquire();
          woken = true;
        } else {
          woken = wake.tryAcquire(deadlineNanos - runtime.nanoTime(), TimeUnit.NANOSECONDS);
        }
        if (!woken) {
          return giveUp(attempt, Awaited.TIMED_OUT);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return giveUp(attempt, Awaited.INTERRUPTED);
      }
    }
  }

  private Awaited giveUp(Attempt attempt, Awaited how) {
    inside(attempt.cell(), attempt::executeAbandon);
    return how;
  }

  @Override
  public void signal(Attempt attempt) {
    requireInside(attempt.cell());
    if (attempt.sleeper() instanceof Semaphore wake) {
      wake.release();
    }
  }

  @Override
  public void indicate(int cell, Indication indication) {
    requireInside(cell);
    Partition partition = of(cell);
    if (indication.next() != null || indication == partition.last) {
      failures.add(new AssertionError("an indication in two chains"));
    }
    if (partition.last == null) {
      partition.first = indication;
    } else {
      partition.last.next(indication);
    }
    partition.last = indication;
  }

  @Override
  public boolean isInside(int cell) {
    return duties.get().inside == of(cell);
  }

  void requireInside(int cell) {
    if (!isInside(cell)) {
      AssertionError error = new AssertionError("not inside cell " + cell);
      failures.add(error);
      throw error;
    }
  }

  @Override
  public long now(int cell) {
    requireInside(cell);
    return runtime.nanoTime();
  }

  @Override
  public CellTimer timer(int cell, Runnable action) {
    Timer timer = new Timer(cell, action);
    timers.add(timer);
    return timer;
  }

  @Override
  public StackRuntime runtime() {
    return runtime;
  }

  @Override
  public String strategy() {
    return "test-lock";
  }

  private final class Timer implements CellTimer {
    private final int cell;
    private final Runnable action;
    private boolean armed;
    private long deadline;

    Timer(int cell, Runnable action) {
      this.cell = cell;
      this.action = action;
    }

    @Override
    public void arm(long deadlineNanos) {
      requireInside(cell);
      deadline = deadlineNanos;
      armed = true;
    }

    @Override
    public void cancel() {
      requireInside(cell);
      armed = false;
    }

    @Override
    public boolean isArmed() {
      requireInside(cell);
      return armed;
    }
  }
}
