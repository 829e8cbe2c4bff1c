package org.penstock.core.internal.rim;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.penstock.api.concurrency.Attempt;
import org.penstock.api.concurrency.Awaited;
import org.penstock.api.concurrency.ConcurrencyStrategy;
import org.penstock.api.concurrency.ExecutionLevel;
import org.penstock.api.concurrency.Indication;
import org.penstock.api.concurrency.Section;
import org.penstock.api.netif.QueueAgent;
import org.penstock.api.runtime.StackRuntime;
import org.penstock.api.view.StrategyView;
import org.penstock.api.view.SwapCause;
import org.penstock.core.api.CellTimer;
import org.penstock.core.api.Gate;
import org.penstock.core.internal.cell.Cell;

/**
 * The rim of the core: every entry goes through here and through the exclusion that the present
 * wiring names. Where a strategy is replaced meanwhile, the entry goes on in the next one.
 *
 * <p>From any thread. What it holds is immutable or atomic.
 */
public final class Rim implements Gate {

  /** The epoch of a stack that never had a strategy. */
  static final long BEFORE_ANY_STRATEGY = 0;

  private static final System.Logger LOG = System.getLogger("org.penstock.core");

  private final String name;
  private final StackRuntime runtime;
  private final Cell[] cells;
  private final ThreadLocal<Occupation> occupations =
      ThreadLocal.withInitial(() -> new Occupation(runtime()));
  private final Set<String> logged = ConcurrentHashMap.newKeySet();
  private final AtomicLong handlerExceptions = new AtomicLong();
  private final AtomicLong overlaps = new AtomicLong();
  private final Antechambers antechambers;
  private final Map<Attempt, Section> abandoned = new ConcurrentHashMap<>();
  private final StrategySwap swap;
  private volatile Wiring wiring;

  /** A rim around cells, parked. */
  public Rim(String name, StackRuntime runtime, Cell[] cells, boolean sentinel) {
    this.name = name;
    this.runtime = runtime;
    this.cells = cells.clone();
    this.antechambers = new Antechambers(runtime, cells.length);
    this.swap = new StrategySwap(this, cells.clone(), sentinel);
    this.wiring = swap.parkedWiring(BEFORE_ANY_STRATEGY);
  }

  /**
   * Enters a strategy in place of the one in force; null parks.
   *
   * @return null if it was done, else why not
   */
  public @Nullable String swap(@Nullable ConcurrencyStrategy strategy) {
    return swap(strategy, SwapCause.PROGRAM);
  }

  /** As {@link #swap(ConcurrencyStrategy)}; one that leaves can't be refused because it is late. */
  public @Nullable String swap(@Nullable ConcurrencyStrategy strategy, SwapCause cause) {
    ExecutionLevel.requirePassive("swap", strategy());
    String[] outcome = new String[1];
    // A handler that enters would wait for the end of the swap.
    withoutCalls(() -> outcome[0] = swap.swap(strategy, cause));
    return outcome[0];
  }

  /** The strategy in force, null while the stack is parked. */
  public @Nullable ConcurrencyStrategy inForce() {
    return wiring.strategy();
  }

  /** Has the strategy drive a driver queue, and every strategy after it. */
  public void drive(QueueAgent agent, String agentName) {
    swap.drive(agent, agentName);
  }

  /** Stops driving a queue; false if some thread is still in it at the deadline. */
  public boolean release(QueueAgent agent, long deadlineNanos) {
    return swap.release(agent, deadlineNanos);
  }

  /**
   * Posts a section to every partition: when this returns true, whatever was inside any partition
   * before has left. False if somebody is inside one until the deadline.
   */
  public boolean fenceAll(long deadlineNanos) {
    return swap.passThrough(deadlineNanos);
  }

  /** Lets the stopping stack in where there is no strategy. */
  public void letIn() {
    if (wiring.instance() instanceof Parked parked) {
      parked.letIn();
    }
  }

  /** Ends the strategy for good; what is posted afterwards is dropped. */
  public boolean close(long deadlineNanos) {
    return swap.close(deadlineNanos);
  }

  /** The stack's name. */
  public String name() {
    return name;
  }

  /** The strategy in force, its counts, and the last swaps. */
  public StrategyView view() {
    return swap.view();
  }

  /** Strategies replaced so far. */
  public long swaps() {
    return swap.swapsDone();
  }

  /** Exceptions that event handlers threw. */
  public long handlerExceptions() {
    return handlerExceptions.get();
  }

  /** How often two threads were caught inside one partition. */
  public long overlaps() {
    return overlaps.get();
  }

  @Override
  public int cells() {
    return cells.length;
  }

  @Override
  public void post(Section section) {
    wiring.exclusion(section.cell()).post(section);
  }

  @Override
  public void call(Section section) {
    CorePartition inside = occupation().inside;
    if (inside != null) {
      if (!inside.holds(section.cell())) {
        throw new IllegalStateException(
            "a call into cell "
                + section.cell()
                + " from inside "
                + inside
                + ": post it, or call after leaving");
      }
      inside.run(section);
      return;
    }
    boolean indicating = occupation().indicating;
    while (true) {
      Wiring seen = wiring;
      if (indicating) {
        // This thread may be the one that has to run the fence of the swap under way, or to pass
        // on what stands behind it: the next strategy would have it wait for itself.
        swap.helpFences();
      }
      if (seen.exclusion(section.cell()).call(section)) {
        return;
      }
      if (swap.isClosed()) {
        throw new IllegalStateException("stack " + name + " has stopped");
      }
      Antechamber closed = antechambers.of(section.cell());
      if (closed == null) {
        // Retired: the next wiring is published before any partition is retired.
        runtime.spinHint();
      } else if (ExecutionLevel.current() == ExecutionLevel.PASSIVE) {
        closed.awaitOpen();
      } else {
        throw new IllegalStateException(
            "cell "
                + section.cell()
                + " of stack "
                + name
                + " is closed, since a thread of an earlier strategy hangs in it: post the section,"
                + " or call from a thread of your own");
      }
    }
  }

  /**
   * Offers frames on the thread that received them.
   *
   * @return true if they were taken in; false if they must be queued and posted
   */
  public boolean deliver(Section section) {
    Wiring seen;
    do {
      seen = wiring;
      if (seen.exclusion(section.cell()).deliver(section)) {
        return true;
      }
    } while (seen != wiring);
    return false;
  }

  @Override
  public Awaited await(String what, Attempt attempt, long deadlineNanos) {
    ExecutionLevel.requirePassive(what, strategy());
    if (!abandoned.isEmpty()) {
      // It waits again before its last registration could be taken back: that one serves.
      abandoned.remove(attempt);
    }
    boolean registered = false;
    while (true) {
      Wiring seen = wiring;
      Awaited ended = seen.exclusion(attempt.cell()).await(attempt, deadlineNanos);
      if (ended == Awaited.DONE) {
        return ended;
      }
      if (ended == Awaited.MOVED) {
        registered = true;
        ended = waitToMove(seen, attempt.cell(), deadlineNanos);
        if (ended == Awaited.MOVED) {
          continue;
        }
      }
      if (registered || seen != wiring) {
        // The strategy could not take the registration back: another one made it.
        abandon(attempt);
      }
      return ended;
    }
  }

  /** Between two strategies: MOVED if the wait goes on, else how it ends. */
  private Awaited waitToMove(Wiring from, int cell, long deadlineNanos) {
    if (swap.isClosed() || runtime.nanoTime() >= deadlineNanos) {
      return Awaited.TIMED_OUT;
    }
    Antechamber closed = antechambers.of(cell);
    if (closed != null && from == wiring && !closed.await(deadlineNanos)) {
      return Awaited.INTERRUPTED;
    }
    return Awaited.MOVED;
  }

  @Override
  public void signal(Attempt attempt) {
    wiring.exclusion(attempt.cell()).signal(attempt);
  }

  @Override
  public void indicate(int cell, Indication indication) {
    cells[cell].indicate(indication);
  }

  @Override
  public boolean isInside(int cell) {
    CorePartition inside = occupation().inside;
    return inside != null && inside.holds(cell);
  }

  /** Takes note that the present occupation works on a cell of its partition. */
  public Cell touch(int cell) {
    CorePartition inside = occupation().inside;
    if (inside == null || !inside.holds(cell)) {
      throw new IllegalStateException(
          "cell " + cell + " was touched from outside of its partition");
    }
    return inside.touch(cell);
  }

  @Override
  public long now(int cell) {
    return cells[cell].now();
  }

  @Override
  public CellTimer timer(int cell, Runnable action) {
    return new WheelTimer(cells[cell], action);
  }

  @Override
  public StackRuntime runtime() {
    return runtime;
  }

  @Override
  public String strategy() {
    return wiring.name();
  }

  /** How many partitions there are at this moment. */
  public int partitions() {
    return wiring.partitions();
  }

  Wiring wiring() {
    return wiring;
  }

  void publish(Wiring next) {
    wiring = next;
  }

  Occupation occupation() {
    return occupations.get();
  }

  Antechambers antechambers() {
    return antechambers;
  }

  /** Passes a section on to the strategy that followed; without one the stack has stopped. */
  void forward(long fromEpoch, Section section) {
    Wiring next = wiring;
    if (next.epoch() <= fromEpoch) {
      if (swap.isClosed()) {
        return;
      }
      Antechamber closed = antechambers.of(section.cell());
      if (closed != null && closed.keep(section, this::post)) {
        return;
      }
    }
    next.exclusion(section.cell()).post(section);
  }

  /** Runs something that may pick up calls to handlers; they are made when it has ended. */
  void withoutCalls(Runnable body) {
    Occupation occupation = occupation();
    boolean before = occupation.indicating;
    occupation.indicating = true;
    try {
      body.run();
    } finally {
      occupation.indicating = before;
      makeCalls(occupation);
    }
  }

  void indicate(Indication chain) {
    Occupation occupation = occupation();
    occupation.append(chain);
    makeCalls(occupation);
  }

  private void makeCalls(Occupation occupation) {
    if (occupation.indicating) {
      return;
    }
    occupation.indicating = true;
    ExecutionLevel before = ExecutionLevel.change(ExecutionLevel.DISPATCH);
    try {
      for (Indication call = occupation.poll(); call != null; call = occupation.poll()) {
        try {
          call.execute();
        } catch (Throwable e) {
          handlerExceptions.incrementAndGet();
          thrown("event handler", call, e);
        }
      }
    } finally {
      ExecutionLevel.change(before);
      occupation.indicating = false;
    }
  }

  /** Logs an exception, once for each place it comes from; its caller counts it. */
  public void thrown(String what, Object where, Throwable e) {
    if (e instanceof OverlapException) {
      return;
    }
    String site = what + ' ' + where.getClass().getName() + ' ' + e.getClass().getName();
    if (logged.add(site)) {
      log(
          "exception in " + what + " " + where.getClass().getName() + "; further ones are counted",
          e);
    }
  }

  void overlapped(OverlapException e) {
    if (overlaps.getAndIncrement() == 0) {
      log("the occupancy sentinel caught an overlap", e);
    }
  }

  /** Logs something a person should know. */
  public void log(String message, @Nullable Throwable cause) {
    String text = "stack " + name + ": " + message;
    if (cause == null) {
      LOG.log(System.Logger.Level.WARNING, text);
    } else {
      LOG.log(System.Logger.Level.WARNING, text, cause);
    }
  }

  private void abandon(Attempt attempt) {
    if (swap.isClosed()) {
      return;
    }
    Section abandoning =
        new Section(attempt.cell()) {
          @Override
          protected void run() {
            if (abandoned.remove(attempt, this)) {
              attempt.executeAbandon();
            }
          }
        };
    abandoned.put(attempt, abandoning);
    if (wiring.isParked() || antechambers.of(attempt.cell()) != null) {
      // Nobody gets in now, and the wait is over.
      post(abandoning);
    } else {
      call(abandoning);
    }
  }
}
