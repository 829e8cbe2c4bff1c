package org.penstock.core.internal.rim;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.ServiceLoader;
import java.util.function.BooleanSupplier;
import org.penstock.api.concurrency.Attempt;
import org.penstock.api.concurrency.ConcurrencyStrategy;
import org.penstock.api.concurrency.Section;
import org.penstock.api.runtime.Parker;
import org.penstock.api.runtime.RuntimeThread;
import org.penstock.api.runtime.StackRuntime;
import org.penstock.core.internal.cell.Cell;
import org.penstock.testkit.runtime.VirtualRuntime;

/** A rim in a simulated machine, and what tests do to it: time limits cost no time. */
final class SwapBench implements AutoCloseable {

  static final long SECOND = 1_000_000_000L;

  final VirtualRuntime runtime;
  final Cell[] cells;
  final Rim rim;

  SwapBench(long seed, int cellCount) {
    runtime = new VirtualRuntime(seed);
    cells = new Cell[cellCount];
    for (int i = 0; i < cellCount; i++) {
      cells[i] = new Cell(i, runtime.nanoTime());
    }
    rim = new Rim("test", runtime, cells, true);
  }

  static ConcurrencyStrategy strategy(String name) {
    for (ConcurrencyStrategy found : ServiceLoader.load(ConcurrencyStrategy.class)) {
      if (found.name().equals(name)) {
        return found;
      }
    }
    throw new AssertionError("no strategy " + name);
  }

  /** Some partitions, a lock each. */
  static ConcurrencyStrategy locks(int count) {
    return new ManyLocks(count, strategy("global-lock"));
  }

  long in(long nanos) {
    return runtime.nanoTime() + nanos;
  }

  /** Lets the others run until something holds. */
  void until(String what, BooleanSupplier condition) {
    long deadline = in(60 * SECOND);
    while (!condition.getAsBoolean()) {
      if (runtime.nanoTime() > deadline) {
        throw new AssertionError("not within a minute: " + what);
      }
      runtime.advance(10_000);
    }
  }

  /** Runs something in a cell. */
  void call(int cell, Runnable body) {
    rim.call(section(cell, body));
  }

  void post(int cell, Runnable body) {
    rim.post(section(cell, body));
  }

  static Section section(int cell, Runnable body) {
    return new Section(cell) {
      @Override
      protected void run() {
        body.run();
      }
    };
  }

  /** A thread that hangs inside a cell until it is told to return. */
  Hanging hangIn(int cell) {
    Hanging hanging = new Hanging(runtime);
    hanging.thread = runtime.start("hanging-" + cell, () -> call(cell, hanging));
    until("it hangs", () -> hanging.inside);
    return hanging;
  }

  @Override
  public void close() {
    // Threads of a strategy that is not closed would take the end of the simulation for a fault.
    rim.letIn();
    rim.close(in(5 * SECOND));
    runtime.close();
  }

  /** What hangs; an interrupt does not get it out. */
  static final class Hanging implements Runnable {
    private final StackRuntime runtime;
    volatile boolean inside;
    volatile boolean told;
    volatile RuntimeThread thread;

    Hanging(StackRuntime runtime) {
      this.runtime = runtime;
    }

    @Override
    public void run() {
      inside = true;
      Parker parker = runtime.parker();
      while (!told) {
        parker.parkUninterruptibly(runtime.nanoTime() + SECOND / 1000);
      }
      inside = false;
    }

    void end() {
      told = true;
    }
  }

  /** Letters that threads wait for, in a cell. */
  static final class Letters {
    final int cell;
    int count;
    final Deque<Attempt> waiting = new ArrayDeque<>();

    Letters(int cell) {
      this.cell = cell;
    }

    Attempt take() {
      return new Attempt(cell) {
        @Override
        protected boolean attempt() {
          waiting.remove(this);
          if (count > 0) {
            count--;
            return true;
          }
          waiting.add(this);
          return false;
        }

        @Override
        protected void abandon() {
          waiting.remove(this);
        }
      };
    }

    void put(Rim rim) {
      count++;
      Attempt first = waiting.peek();
      if (first != null) {
        rim.signal(first);
      }
    }
  }
}
