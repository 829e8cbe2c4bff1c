package org.penstock.core.internal.rim;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.penstock.api.concurrency.ConcurrencyStrategy;
import org.penstock.api.concurrency.StrategyInstance;
import org.penstock.api.concurrency.StrategyStatistics;
import org.penstock.api.netif.QueueAgent;
import org.penstock.api.runtime.StackRuntime;
import org.penstock.api.sync.Mutex;
import org.penstock.api.view.StrategyView;
import org.penstock.api.view.SwapCause;
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
 * <p>Steps 2 to 4 are the {@link HandOver}. Nothing of a cell moves: only the table of who guards
 * it is replaced. One swap at a time.
 *
 * <p>Where a fence is late the old wiring comes back and the new instance closes. Not so where the
 * old strategy leaves, which can't be refused: then a partition that a thread hangs in stays
 * closed, and the other cells go on ({@link Hangs}). A new instance that can't open, or can't drive
 * the driver queues, is taken back, and the old one goes on. Every call into a strategy is waited
 * for within bounds.
 */
final class StrategySwap {

  private static final long SECOND = 1_000_000_000L;
  private static final long START_LIMIT = 5 * SECOND;
  private static final long FENCE_LIMIT = 2 * SECOND;
  private static final long CLOSE_LIMIT = 5 * SECOND;
  private static final long STATISTICS_LIMIT = SECOND;

  /** How much longer than it was asked to something may take before it counts as hung. */
  private static final long GRACE = SECOND / 2;

  private static final StrategyStatistics NO_STATISTICS =
      new StrategyStatistics(0, 0, 0, 0, 0, 0, 0, 0);

  private final Rim rim;
  private final StackRuntime runtime;
  private final Cell[] cells;
  private final boolean sentinel;
  private final Mutex mutex;
  private final DriverQueues queues;
  private final Hangs hangs;
  private final SwapHistory history = new SwapHistory();
  private long lastEpoch;
  private volatile boolean closed;
  private volatile @Nullable HandOver underWay;

  /** An instance that did not say what it counted: it is not asked again. */
  private volatile @Nullable StrategyInstance silent;

  StrategySwap(Rim rim, Cell[] cells, boolean sentinel) {
    this.rim = rim;
    this.runtime = rim.runtime();
    this.cells = cells;
    this.sentinel = sentinel;
    this.mutex = new Mutex(runtime);
    this.queues = new DriverQueues(rim);
    this.hangs = new Hangs(rim);
  }

  Wiring parkedWiring(long epoch) {
    lastEpoch = epoch;
    Seat seat = new Seat(rim, epoch, 1, cells, sentinel);
    return Wiring.of(epoch, null, "", new Parked(seat), seat);
  }

  @Nullable String swap(@Nullable ConcurrencyStrategy strategy, SwapCause cause) {
    mutex.lock();
    try {
      if (closed) {
        return "stack " + rim.name() + " is stopped";
      }
      Wiring old = rim.wiring();
      long epoch = ++lastEpoch;
      Wiring next;
      try {
        next = strategy == null ? parkedWiring(epoch) : start(strategy, epoch);
      } catch (RefusedException e) {
        return refused(old, e.wanted, cause, 0, String.valueOf(e.getMessage()));
      }
      return swap(old, next, cause);
    } finally {
      mutex.unlock();
    }
  }

  void drive(QueueAgent agent, String name) {
    mutex.lock();
    try {
      queues.drive(agent, name, rim.wiring());
    } finally {
      mutex.unlock();
    }
  }

  boolean release(QueueAgent agent, long deadlineNanos) {
    mutex.lock();
    try {
      return queues.release(agent, deadlineNanos);
    } finally {
      mutex.unlock();
    }
  }

  /** Has every partition run an empty section; false if one has not by the deadline. */
  boolean passThrough(long deadlineNanos) {
    mutex.lock();
    try {
      Wiring wiring = rim.wiring();
      if (wiring.isParked()) {
        return hangs.isEmpty(); // nobody else is inside
      }
      Signal passed = new Signal(runtime, wiring.partitions());
      for (int i = 0; i < wiring.partitions(); i++) {
        wiring.exclusions()[i].post(new Pass(i, passed));
      }
      return passed.await(deadlineNanos) && hangs.isEmpty();
    } finally {
      mutex.unlock();
    }
  }

  boolean close(long deadlineNanos) {
    mutex.lock();
    try {
      closed = true;
      boolean ended = close(rim.wiring(), deadlineNanos);
      rim.antechambers().wakeAll();
      hangs.wakeAll();
      return ended && hangs.isEmpty();
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
    HandOver swap = underWay;
    Wiring old = swap == null ? null : swap.fencing();
    while (old != null && swap != null && swap.fencing() == old) {
      for (int i = 0; i < old.partitions(); i++) {
        // Whether it runs or the partition is retired: a thread of its own serves its queue.
        old.exclusions()[i].call(new Pass(i, new Signal(runtime, 1)));
      }
      runtime.spinHint();
    }
  }

  /** Swaps that were done. */
  long swapsDone() {
    return history.done();
  }

  StrategyView view() {
    Wiring wiring = rim.wiring();
    return new StrategyView(
        wiring.name(),
        wiring.epoch(),
        wiring.partitions(),
        cells.length,
        statistics(wiring),
        history.list(),
        hangs.views());
  }

  // ---- start

  private Wiring start(ConcurrencyStrategy strategy, long epoch) throws RefusedException {
    String[] name = {strategy.getClass().getName()};
    BoundedCall.Outcome<Wiring> started =
        BoundedCall.make(
            runtime,
            "penstock-" + rim.name() + "-start",
            runtime.nanoTime() + START_LIMIT,
            () -> {
              name[0] = strategy.name();
              return startNow(strategy, name[0], epoch);
            },
            late -> late.instance().close(runtime.nanoTime() + CLOSE_LIMIT));
    Wiring wiring = started.result();
    if (wiring != null) {
      return wiring;
    }
    Throwable thrown = started.thrown();
    if (thrown instanceof RefusedException refused) {
      throw refused;
    }
    throw new RefusedException(
        name[0],
        "strategy '"
            + name[0]
            + "' did not start"
            + (thrown != null ? ": " + thrown : " in time; it hangs at\n" + started.hangsAt()),
        thrown);
  }

  private Wiring startNow(ConcurrencyStrategy strategy, String name, long epoch)
      throws RefusedException {
    int partitions = strategy.partitions(cells.length, runtime.processors());
    if (partitions < 1 || partitions > cells.length) {
      throw new RefusedException(
          name,
          "strategy '"
              + name
              + "' wants "
              + partitions
              + " partitions of "
              + cells.length
              + " cells: 1 to "
              + cells.length
              + " are possible",
          null);
    }
    Seat seat = new Seat(rim, epoch, partitions, cells, sentinel);
    StrategyInstance instance = strategy.start(seat);
    if (instance == null) {
      throw new RefusedException(name, "strategy '" + name + "' started nothing", null);
    }
    try {
      return Wiring.of(epoch, strategy, name, instance, seat);
    } catch (Throwable e) {
      instance.close(runtime.nanoTime() + CLOSE_LIMIT);
      throw new RefusedException(name, "strategy '" + name + "' did not start: " + e, e);
    }
  }

  // ---- swap

  private @Nullable String swap(Wiring old, Wiring next, SwapCause cause) {
    boolean forced = cause == SwapCause.LEAVING;
    HandOver handOver = new HandOver(rim, old, next, hangs);
    underWay = handOver;
    HandOver.Stage stage = handOver.make();
    if (stage == HandOver.Stage.LATE && forced) {
      stage = handOver.force();
    }
    underWay = null;
    if (stage == HandOver.Stage.LATE) {
      return rollBack(old, next, handOver.fences(), cause);
    }
    String failure = stage == HandOver.Stage.OPEN ? null : handOver.failure();
    if (failure == null && !forced) {
      failure = queues.move(old, next);
    }
    if (failure != null) {
      return takeBack(old, next, failure, cause);
    }
    if (forced) {
      List<QueueAgent> left = queues.moveWhatCanBe(old, next);
      left.forEach(agent -> retryLater(agent, old));
    }
    if (!close(old, runtime.nanoTime() + CLOSE_LIMIT)) {
      rim.log("strategy '" + old.name() + "' left threads behind when it was closed", null);
    }
    handOver.join(runtime.nanoTime() + GRACE);
    hangs.watch(handOver.hungPartitions(), this::rejoin);
    return done(old, next, cause, handOver);
  }

  /** A fence is late: the old wiring comes back as if nothing had been. */
  private String rollBack(Wiring old, Wiring next, List<Fence> fences, SwapCause cause) {
    StringBuilder where = new StringBuilder();
    int late = 0;
    for (Fence fence : fences) {
      // Reinstated before the old wiring comes back, or what is passed on would go in circles.
      if (!fence.cancel()) {
        late++;
        String hangs = fence.partition().whereItHangs();
        if (!hangs.isEmpty()) {
          where.append('\n').append(fence.partition()).append(" hangs at\n").append(hangs);
        }
      }
    }
    rim.publish(old.again(++lastEpoch));
    close(next, runtime.nanoTime() + CLOSE_LIMIT);
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
    rim.log("swap from '" + old.name() + "' to '" + next.name() + "' " + reason + where, null);
    return refused(old, next.name(), cause, next.seat().forwarded(), reason + where);
  }

  /** The new instance turned out to be of no use: the old one, which is not closed yet, goes on. */
  private String takeBack(Wiring old, Wiring next, String failure, SwapCause cause) {
    if (rim.wiring() == next) {
      for (int cell = 0; cell < cells.length; cell++) {
        rim.antechambers().close(cell);
      }
      List<Fence> fences = condemn(next);
      String notMoved = queues.move(next, old);
      if (notMoved != null) {
        rim.log(notMoved, null);
      }
      List<Hang> hung = hangs.add(next, fences);
      hangs.keepOut(old);
      for (int i = 0; i < old.partitions(); i++) {
        CorePartition partition = old.partition(i);
        partition.readDeadlines();
        partition.reinstate();
      }
      rim.publish(old.again(++lastEpoch));
      openAllBut(hung);
      hangs.watch(hung, this::rejoin);
      announceDeadlines(old);
    }
    close(next, runtime.nanoTime() + CLOSE_LIMIT);
    rim.log(failure + "; strategy '" + old.name() + "' goes on", null);
    return refused(old, next.name(), cause, next.seat().forwarded(), failure);
  }

  /** Retires every partition without the help of its strategy. */
  private List<Fence> condemn(Wiring wiring) {
    Signal retired = new Signal(runtime, wiring.partitions());
    List<Fence> fences = new ArrayList<>();
    for (int i = 0; i < wiring.partitions(); i++) {
      fences.add(new Fence(wiring.partition(i), retired));
    }
    for (Fence fence : fences) {
      fence.partition().condemn(fence);
    }
    retired.await(runtime.nanoTime() + FENCE_LIMIT);
    return fences;
  }

  private void openAllBut(List<Hang> hung) {
    boolean[] stays = new boolean[cells.length];
    for (Hang hang : hangs.all()) {
      for (int cell : hang.partition().cellNumbers()) {
        stays[cell] = true;
      }
    }
    for (int cell = 0; cell < cells.length; cell++) {
      if (!stays[cell]) {
        rim.antechambers().open(cell, rim::post);
      }
    }
  }

  /** An occupation of each partition, so that the strategy learns its earliest deadline. */
  private void announceDeadlines(Wiring wiring) {
    for (int i = 0; i < wiring.partitions(); i++) {
      wiring.exclusions()[i].post(new Pass(i, new Signal(runtime, 1)));
    }
  }

  private boolean close(Wiring wiring, long deadlineNanos) {
    BoundedCall.Outcome<Boolean> ended =
        BoundedCall.make(
            runtime,
            "penstock-" + rim.name() + "-close",
            deadlineNanos + GRACE,
            () -> wiring.instance().close(deadlineNanos),
            late -> {});
    if (ended.thrown() != null) {
      rim.thrown("closing strategy " + wiring.name(), wiring.instance(), ended.thrown());
    } else if (!ended.isBack()) {
      rim.log("closing strategy '" + wiring.name() + "' hangs at\n" + ended.hangsAt(), null);
    }
    return Boolean.TRUE.equals(ended.result());
  }

  private StrategyStatistics statistics(Wiring wiring) {
    StrategyInstance instance = wiring.instance();
    if (instance == silent) {
      return NO_STATISTICS;
    }
    BoundedCall.Outcome<StrategyStatistics> said =
        BoundedCall.make(
            runtime,
            "penstock-" + rim.name() + "-statistics",
            runtime.nanoTime() + STATISTICS_LIMIT,
            instance::statistics,
            late -> {});
    if (said.result() != null) {
      return said.result();
    }
    silent = instance;
    rim.log(
        "strategy '"
            + wiring.name()
            + "' does not say what it counts"
            + (said.isBack() ? "" : "; it hangs at\n" + said.hangsAt()),
        said.thrown());
    return NO_STATISTICS;
  }

  // ---- afterwards

  /** Who hung in a partition has left: its cells join the strategy in force. */
  private void rejoin(Hang hang) {
    boolean again = true;
    while (again) {
      mutex.lock();
      try {
        if (closed) {
          return;
        }
        again = !rejoined(hang, rim.wiring());
        if (!again) {
          hangs.remove(hang);
          rim.log(hang + " has been left: its cells go on under '" + rim.strategy() + "'", null);
        }
      } finally {
        mutex.unlock();
      }
    }
  }

  private boolean rejoined(Hang hang, Wiring now) {
    int[][] cellsOf = new int[now.partitions()][];
    int groups = 0;
    for (int i = 0; i < cellsOf.length; i++) {
      int partition = i;
      cellsOf[i] =
          Arrays.stream(hang.partition().cellNumbers())
              .filter(cell -> now.partitionOf(cell) == partition)
              .toArray();
      groups += cellsOf[i].length == 0 ? 0 : 1;
    }
    Signal joined = new Signal(runtime, groups);
    for (int i = 0; i < cellsOf.length; i++) {
      if (cellsOf[i].length > 0) {
        now.exclusions()[i].post(new Rejoin(rim, now, i, cellsOf[i], joined));
      }
    }
    return joined.await(runtime.nanoTime() + FENCE_LIMIT);
  }

  /** A thread of a strategy that is gone is still in a driver queue: the next one must wait. */
  private void retryLater(QueueAgent agent, Wiring from) {
    runtime.start(
        "penstock-" + rim.name() + "-queue",
        () -> {
          boolean over = false;
          while (!over) {
            // Longer than the lock is held for a look.
            new Signal(runtime, 1).await(runtime.nanoTime() + SECOND / 10);
            mutex.lock();
            try {
              over = closed || queues.retry(agent, from, rim.wiring());
            } finally {
              mutex.unlock();
            }
          }
        });
  }

  // ---- history

  private @Nullable String done(Wiring old, Wiring next, SwapCause cause, HandOver handOver) {
    if (old.epoch() == Rim.BEFORE_ANY_STRATEGY) {
      return null; // The first one replaces none.
    }
    StringBuilder outcome = new StringBuilder(StrategyView.Swap.DONE);
    for (Hang hang : handOver.hungPartitions()) {
      outcome.append("; ").append(hang).append(" hangs and stays closed");
    }
    history.add(
        new StrategyView.Swap(
            runtime.wallTimeNanos(),
            old.name(),
            next.name(),
            cause,
            handOver.pause(),
            handOver.runQueueWait(),
            old.seat().forwarded(),
            outcome.toString()));
    return null;
  }

  private String refused(Wiring old, String to, SwapCause cause, long handedOver, String reason) {
    history.add(
        new StrategyView.Swap(
            runtime.wallTimeNanos(), old.name(), to, cause, 0, 0, handedOver, reason));
    return reason;
  }

  private static final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    final String wanted;

    RefusedException(String wanted, String message, @Nullable Throwable cause) {
      super(message, cause);
      this.wanted = wanted;
    }
  }
}
