package org.penstock.core.internal.rim;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.penstock.api.concurrency.ConcurrencyStrategy;
import org.penstock.api.concurrency.Section;
import org.penstock.api.concurrency.StrategyInstance;
import org.penstock.api.netif.QueueAgent;
import org.penstock.api.runtime.StackRuntime;
import org.penstock.api.sync.Mutex;
import org.penstock.api.view.StrategyView;
import org.penstock.core.internal.cell.Cell;

/**
 * Replaces the strategy while everything runs:
 *
 * <ol>
 *   <li>the new instance is started, closed, on a thread of its own and with a time bound;
 *   <li>the new wiring is published: from here on entries wait in the new instance;
 *   <li>a fence retires every old partition; what stood behind it is passed on in order;
 *   <li>the new instance opens;
 *   <li>driver queues move over, sleepers are told that they have MOVED, the old instance closes.
 * </ol>
 *
 * <p>Where a fence is late the old wiring comes back and the new instance closes. Nothing of a cell
 * moves: only the table of who guards it is replaced. One swap at a time.
 */
final class StrategySwap {

  private static final long SECOND = 1_000_000_000L;
  private static final long START_LIMIT = 5 * SECOND;
  private static final long FENCE_LIMIT = 2 * SECOND;
  private static final long CLOSE_LIMIT = 5 * SECOND;
  private static final int SWAPS_REMEMBERED = 64;
  private static final String DONE = "done";

  private final Rim rim;
  private final StackRuntime runtime;
  private final Cell[] cells;
  private final boolean sentinel;
  private final Mutex mutex;
  private final Map<QueueAgent, String> agents = new LinkedHashMap<>();
  private final Deque<StrategyView.Swap> swaps = new ArrayDeque<>();
  private long lastEpoch;
  private volatile long swapsDone;
  private volatile boolean closed;

  /** The wiring whose fences have not all run, or have not all been cleared behind. */
  private volatile @Nullable Wiring fencing;

  StrategySwap(Rim rim, Cell[] cells, boolean sentinel) {
    this.rim = rim;
    this.runtime = rim.runtime();
    this.cells = cells;
    this.sentinel = sentinel;
    this.mutex = new Mutex(runtime);
  }

  Wiring parkedWiring(long epoch) {
    lastEpoch = epoch;
    Seat seat = new Seat(rim, epoch, 1, cells, sentinel);
    return Wiring.of(epoch, "", new Parked(seat), seat);
  }

  @Nullable String swap(@Nullable ConcurrencyStrategy strategy) {
    mutex.lock();
    try {
      if (closed) {
        return "stack " + rim.name() + " is stopped";
      }
      return swapLocked(strategy);
    } finally {
      mutex.unlock();
    }
  }

  void drive(QueueAgent agent, String name) {
    mutex.lock();
    try {
      agents.put(agent, name);
      rim.wiring().instance().drive(agent, name);
    } finally {
      mutex.unlock();
    }
  }

  boolean release(QueueAgent agent, long deadlineNanos) {
    mutex.lock();
    try {
      agents.remove(agent);
      return rim.wiring().instance().release(agent, deadlineNanos);
    } finally {
      mutex.unlock();
    }
  }

  /** Has every partition run an empty section; false if one has not by the deadline. */
  boolean passThrough(long deadlineNanos) {
    mutex.lock();
    try {
      Wiring wiring = rim.wiring();
      if (wiring.instance() instanceof Parked) {
        return true; // nobody is inside
      }
      Signal passed = new Signal(runtime, wiring.partitions());
      for (int i = 0; i < wiring.partitions(); i++) {
        wiring.exclusions()[i].post(new Pass(i, passed));
      }
      return passed.await(deadlineNanos);
    } finally {
      mutex.unlock();
    }
  }

  boolean close(long deadlineNanos) {
    mutex.lock();
    try {
      closed = true;
      return rim.wiring().instance().close(deadlineNanos);
    } finally {
      mutex.unlock();
    }
  }

  boolean isClosed() {
    return closed;
  }

  /**
   * Enters the old strategy's partitions until the swap under way needs them no more. Called by a
   * thread that makes calls out of the stack, which may be the only one that serves one of them.
   */
  void helpFences() {
    Wiring old = fencing;
    while (old != null && fencing == old) {
      for (int i = 0; i < old.partitions(); i++) {
        // Whether it runs or the partition is retired: a thread of its own serves its queue.
        old.exclusions()[i].call(new Nothing(i));
      }
      runtime.spinHint();
    }
  }

  /** Swaps that were done. */
  long swapsDone() {
    return swapsDone;
  }

  StrategyView view() {
    mutex.lock();
    try {
      Wiring wiring = rim.wiring();
      return new StrategyView(
          wiring.name(),
          wiring.epoch(),
          wiring.partitions(),
          cells.length,
          wiring.instance().statistics(),
          List.copyOf(swaps));
    } finally {
      mutex.unlock();
    }
  }

  private @Nullable String swapLocked(@Nullable ConcurrencyStrategy strategy) {
    Wiring old = rim.wiring();
    long epoch = ++lastEpoch;
    Wiring next;
    try {
      next = strategy == null ? parkedWiring(epoch) : start(strategy, epoch);
    } catch (RefusedException e) {
      return record(old, strategy, 0, 0, e.getMessage());
    }
    fencing = old;
    rim.publish(next);
    long begun = runtime.nanoTime();
    Signal fenced = new Signal(runtime, old.partitions());
    List<Fence> fences = new ArrayList<>();
    for (int i = 0; i < old.partitions(); i++) {
      Fence fence = new Fence(old.partition(i), fenced);
      fences.add(fence);
      old.exclusions()[i].post(fence);
    }
    if (!fenced.await(begun + FENCE_LIMIT)) {
      fencing = null;
      return rollBack(old, next, strategy, fences);
    }
    Signal passed = new Signal(runtime, old.partitions());
    for (int i = 0; i < old.partitions(); i++) {
      old.exclusions()[i].post(new Tail(i, passed));
    }
    passed.await(begun + FENCE_LIMIT);
    for (int i = 0; i < next.partitions(); i++) {
      next.partition(i).readDeadlines();
    }
    fencing = null;
    next.instance().open();
    long pause = runtime.nanoTime() - begun;
    announceDeadlines(next);
    moveAgents(old.instance(), next.instance());
    if (!old.instance().close(runtime.nanoTime() + CLOSE_LIMIT)) {
      rim.log("strategy '" + old.name() + "' left threads behind when it was closed", null);
    }
    return record(old, strategy, pause, old.seat().forwarded(), DONE);
  }

  private Wiring start(ConcurrencyStrategy strategy, long epoch) throws RefusedException {
    int partitions = strategy.partitions(cells.length, runtime.processors());
    if (partitions < 1 || partitions > cells.length) {
      throw new RefusedException(
          "strategy '"
              + strategy.name()
              + "' wants "
              + partitions
              + " partitions of "
              + cells.length
              + " cells");
    }
    Seat seat = new Seat(rim, epoch, partitions, cells, sentinel);
    StrategyInstance instance =
        epoch == Rim.BEFORE_ANY_STRATEGY + 1
            ? startHere(strategy, seat)
            : startBounded(strategy, seat);
    return Wiring.of(epoch, strategy.name(), instance, seat);
  }

  /** The first strategy of a stack starts on the thread that makes the stack. */
  private static StrategyInstance startHere(ConcurrencyStrategy strategy, Seat seat)
      throws RefusedException {
    try {
      return strategy.start(seat);
    } catch (RuntimeException e) {
      throw new RefusedException("strategy '" + strategy.name() + "' did not start: " + e, e);
    }
  }

  private StrategyInstance startBounded(ConcurrencyStrategy strategy, Seat seat)
      throws RefusedException {
    BoundedCall.Outcome<StrategyInstance> started =
        BoundedCall.make(
            runtime,
            "penstock-" + rim.name() + "-start-" + strategy.name(),
            runtime.nanoTime() + START_LIMIT,
            () -> strategy.start(seat),
            late -> late.close(runtime.nanoTime() + CLOSE_LIMIT));
    if (!started.isBack()) {
      throw new RefusedException(
          "strategy '"
              + strategy.name()
              + "' did not start in time; it hangs at "
              + started.hangsAt());
    }
    Throwable thrown = started.thrown();
    if (thrown != null) {
      throw new RefusedException(
          "strategy '" + strategy.name() + "' did not start: " + thrown, thrown);
    }
    StrategyInstance instance = started.result();
    if (instance == null) {
      throw new RefusedException("strategy '" + strategy.name() + "' started nothing");
    }
    return instance;
  }

  private String rollBack(
      Wiring old, Wiring next, @Nullable ConcurrencyStrategy strategy, List<Fence> fences) {
    int late = 0;
    for (Fence fence : fences) {
      // Reinstated before the old wiring comes back, or what is passed on would go in circles.
      if (!fence.cancel()) {
        late++;
      }
    }
    long epoch = ++lastEpoch;
    rim.publish(new Wiring(epoch, old.name(), old.instance(), old.seat(), old.exclusions()));
    next.instance().close(runtime.nanoTime() + CLOSE_LIMIT);
    // A partition that had been retired said that it has no timers.
    announceDeadlines(old);
    String reason =
        "rolled back: "
            + late
            + " of "
            + fences.size()
            + " partitions did not reach the fence in "
            + FENCE_LIMIT / SECOND
            + " s";
    rim.log("swap from '" + old.name() + "' " + reason, null);
    return String.valueOf(record(old, strategy, 0, next.seat().forwarded(), reason));
  }

  /** An occupation of each partition, so that the strategy learns its earliest deadline. */
  private static void announceDeadlines(Wiring wiring) {
    for (int i = 0; i < wiring.partitions(); i++) {
      wiring.exclusions()[i].post(new Nothing(i));
    }
  }

  private void moveAgents(StrategyInstance from, StrategyInstance to) {
    for (Map.Entry<QueueAgent, String> entry : agents.entrySet()) {
      if (!from.release(entry.getKey(), runtime.nanoTime() + CLOSE_LIMIT)) {
        rim.log("driver queue " + entry.getValue() + " was not released in time", null);
      }
      to.drive(entry.getKey(), entry.getValue());
    }
  }

  /**
   * Remembers a swap, not the first strategy's start; returns null for one that was done, else the
   * reason.
   */
  private @Nullable String record(
      Wiring old,
      @Nullable ConcurrencyStrategy strategy,
      long pause,
      long handedOver,
      @Nullable String outcome) {
    String reason = outcome == null ? "no reason given" : outcome;
    if (old.epoch() == Rim.BEFORE_ANY_STRATEGY && reason.equals(DONE)) {
      return null; // The first one replaces none.
    }
    String to = strategy == null ? "" : strategy.name();
    if (swaps.size() == SWAPS_REMEMBERED) {
      swaps.removeFirst();
    }
    swaps.addLast(
        new StrategyView.Swap(runtime.wallTimeNanos(), old.name(), to, pause, handedOver, reason));
    if (reason.equals(DONE)) {
      swapsDone = swapsDone + 1;
      return null;
    }
    return reason;
  }

  private static final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    RefusedException(String message) {
      super(message);
    }

    RefusedException(String message, Throwable cause) {
      super(message, cause);
    }
  }

  private static final class Nothing extends Section {
    Nothing(int cell) {
      super(cell);
    }

    @Override
    protected void run() {}
  }
}
