package org.penstock.core.internal.rim;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.penstock.api.concurrency.Exclusion;
import org.penstock.api.runtime.Parker;
import org.penstock.api.runtime.RuntimeThread;
import org.penstock.api.runtime.StackRuntime;

/**
 * The middle of a swap, between the start of the new instance and the end of the old one: publish,
 * fence, pass on, open. During it nobody can enter the stack, so a thread of its own goes through
 * all of it without waiting for another one than who is inside; the thread that asked for the swap
 * looks on, and decides when a step takes too long, because a strategy or a section hangs.
 */
final class HandOver {

  /** How far it has got. */
  enum Stage {
    /** The thread has not begun: nothing is changed. */
    BEGINNING,
    /** The new wiring is published; fences are under way. */
    FENCING,
    /** A fence was not reached in time. */
    LATE,
    /** Every fence was reached; the new instance is about to open. */
    OPENING,
    /** Done. */
    OPEN,
    /** The new instance did not open. */
    FAILED
  }

  private static final long MILLISECOND = 1_000_000L;
  private static final long SECOND = 1000 * MILLISECOND;
  private static final long BEGIN_LIMIT = 5 * SECOND;
  private static final long FENCE_LIMIT = 2 * SECOND;
  private static final long OPEN_LIMIT = 2 * SECOND;

  /** How long a condemned partition that somebody is just passing through may take. */
  private static final long CONDEMNED_LIMIT = SECOND / 10;

  private final Rim rim;
  private final StackRuntime runtime;
  private final Wiring old;
  private final Wiring next;
  private final Hangs hangs;
  private final Signal fenced;
  private final List<Fence> fences = new ArrayList<>();
  private final Parker asking;
  private final AtomicReference<Stage> stage = new AtomicReference<>(Stage.BEGINNING);
  private volatile @Nullable RuntimeThread thread;
  private volatile @Nullable Wiring fencing;
  private volatile long stageSince;
  private volatile String failure = "";
  private List<Hang> hungPartitions = List.of();
  private long begun;
  private long waitedBefore;
  private volatile long pause;
  private volatile long runQueueWait;

  HandOver(Rim rim, Wiring old, Wiring next, Hangs hangs) {
    this.rim = rim;
    this.runtime = rim.runtime();
    this.old = old;
    this.next = next;
    this.hangs = hangs;
    this.asking = runtime.parker();
    this.fenced = new Signal(runtime, old.partitions());
    for (int i = 0; i < old.partitions(); i++) {
      fences.add(new Fence(old.partition(i), fenced));
    }
  }

  /** Makes it, as far as it goes in time: LATE, OPEN or FAILED. */
  Stage make() {
    stageSince = runtime.nanoTime();
    return runAndWatch(() -> {
      if (fence()) {
        open();
      }
    });
  }

  /** Goes on from LATE without the partitions that somebody hangs in. */
  Stage force() {
    for (Fence fence : fences) {
      if (!fence.hasRun()) {
        fence.partition().condemn(fence);
      }
    }
    fenced.await(runtime.nanoTime() + CONDEMNED_LIMIT);
    hungPartitions = hangs.add(old, fences);
    enter(Stage.LATE, Stage.OPENING);
    return runAndWatch(this::open);
  }

  /** The partitions that {@link #force} left closed. */
  List<Hang> hungPartitions() {
    return hungPartitions;
  }

  /** Waits until its thread has made the calls to handlers that it picked up. */
  void join(long deadlineNanos) {
    RuntimeThread own = thread;
    if (own != null) {
      own.join(deadlineNanos);
    }
  }

  List<Fence> fences() {
    return fences;
  }

  /** How long nobody could enter. */
  long pause() {
    return pause;
  }

  /** How much of that the thread that made it waited for a processor. */
  long runQueueWait() {
    return runQueueWait;
  }

  String failure() {
    return failure;
  }

  /** The wiring whose partitions are being fenced and emptied at this moment. */
  @Nullable Wiring fencing() {
    return fencing;
  }

  // ---- on a thread of its own

  private boolean fence() {
    waitedBefore = runtime.runQueueWaitNanos();
    begun = runtime.nanoTime();
    if (!enter(Stage.BEGINNING, Stage.FENCING)) {
      return false;
    }
    fencing = old;
    rim.publish(next);
    for (Fence fence : fences) {
      old.exclusions()[fence.partition().index()].post(fence);
    }
    if (!fenced.await(begun + FENCE_LIMIT)) {
      enter(Stage.FENCING, Stage.LATE);
      return false;
    }
    return enter(Stage.FENCING, Stage.OPENING);
  }

  private void open() {
    int emptied = 0;
    for (Fence fence : fences) {
      emptied += fence.hasRun() ? 1 : 0;
    }
    Signal passed = new Signal(runtime, emptied);
    for (Fence fence : fences) {
      if (emptied > 0 && fence.hasRun()) {
        emptied--;
        int index = fence.partition().index();
        old.exclusions()[index].post(new Tail(index, passed));
      }
    }
    passed.await(stageSince + FENCE_LIMIT);
    hangs.keepOut(next);
    for (int i = 0; i < next.partitions(); i++) {
      next.partition(i).readDeadlines();
    }
    fencing = null;
    if (at() != Stage.OPENING) {
      return;
    }
    try {
      next.instance().open();
    } catch (Throwable e) {
      fail("strategy '" + next.name() + "' did not open: " + e);
      return;
    }
    pause = runtime.nanoTime() - begun;
    runQueueWait = Math.min(pause, runtime.runQueueWaitNanos() - waitedBefore);
    enter(Stage.OPENING, Stage.OPEN);
  }

  private void fail(String why) {
    failure = why;
    enter(Stage.OPENING, Stage.FAILED);
  }

  private Stage at() {
    return Objects.requireNonNull(stage.get());
  }

  private boolean enter(Stage from, Stage to) {
    stageSince = runtime.nanoTime();
    if (!stage.compareAndSet(from, to)) {
      return false;
    }
    asking.unpark();
    return true;
  }

  // ---- on the thread that asks

  private Stage runAndWatch(Runnable body) {
    Runnable guarded =
        () -> {
          // Entering partitions, this thread may pick up calls to handlers. A handler that enters
          // would wait for the end of the swap: they are made when that has come.
          rim.withoutCalls(() -> {
            try {
              body.run();
            } catch (Throwable e) {
              rim.thrown("swap", this, e);
            }
          });
        };
    try {
      thread = runtime.start("penstock-" + rim.name() + "-swap", guarded);
    } catch (UnsupportedOperationException e) {
      // A simulation that one thread drives.
      guarded.run();
      return settled(at());
    }
    long nudge = MILLISECOND;
    while (true) {
      Stage now = at();
      long limit = stageSince + limit(now);
      if (isSettled(now)) {
        return now;
      }
      long time = runtime.nanoTime();
      if (time >= limit) {
        return settled(now);
      }
      asking.parkUninterruptibly(Math.min(limit, time + nudge));
      if (at() == now && now != Stage.BEGINNING) {
        nudge(nudge);
        nudge *= 2;
      }
    }
  }

  private static boolean isSettled(Stage now) {
    return now == Stage.LATE || now == Stage.OPEN || now == Stage.FAILED;
  }

  private static long limit(Stage now) {
    return switch (now) {
      case BEGINNING -> BEGIN_LIMIT;
      case FENCING -> FENCE_LIMIT;
      default -> FENCE_LIMIT + OPEN_LIMIT;
    };
  }

  /** The time is up. */
  private Stage settled(Stage now) {
    switch (now) {
      case BEGINNING -> {
        failure = "no thread for the swap got a processor in time";
        stage.compareAndSet(Stage.BEGINNING, Stage.FAILED);
      }
      case FENCING -> stage.compareAndSet(Stage.FENCING, Stage.LATE);
      case OPENING -> {
        RuntimeThread hung = thread;
        failure =
            "strategy '"
                + next.name()
                + "' did not open in time; it hangs at\n"
                + (hung == null ? "" : hung.stackTrace());
        if (stage.compareAndSet(Stage.OPENING, Stage.FAILED) && hung != null) {
          hung.interrupt();
        }
      }
      default -> {}
    }
    return at();
  }

  /**
   * Enters the old partitions: under a strategy without threads, this thread may be the only one
   * that may serve them.
   */
  private void nudge(long nanos) {
    if (fencing == null || nanos > 64 * MILLISECOND) {
      return;
    }
    for (int i = 0; i < old.partitions(); i++) {
      Exclusion exclusion = old.exclusions()[i];
      exclusion.post(new Pass(i, new Signal(runtime, 1)));
    }
  }
}
