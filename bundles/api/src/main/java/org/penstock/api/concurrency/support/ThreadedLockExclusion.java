package org.penstock.api.concurrency.support;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.penstock.api.concurrency.Indication;
import org.penstock.api.concurrency.Section;
import org.penstock.api.concurrency.StrategyHost;
import org.penstock.api.runtime.Parker;
import org.penstock.api.runtime.StackRuntime;

/**
 * A lock for callers, and one thread for all the rest: frames, which their readers may not carry in
 * and so post, other posted sections, and timers. The thread takes the lock like any caller.
 *
 * <p>Callers run nothing but their own sections. Who has posted before it calls therefore waits
 * until the thread has run that.
 */
final class ThreadedLockExclusion extends LockExclusion {

  private final StackRuntime runtime;

  /** True for a thread that has posted since its last call; a JDK type, which pins no bundle. */
  private final ThreadLocal<boolean[]> posted = ThreadLocal.withInitial(() -> new boolean[1]);

  /** Callers that wait for what they posted; guarded by the lock. */
  private final List<Behind> waiting = new ArrayList<>();

  ThreadedLockExclusion(
      StrategyHost host,
      String strategy,
      int index,
      Door door,
      DeadlineThread keeper,
      Errands errands) {
    super(host, strategy, index, door, keeper, errands);
    this.runtime = host.runtime();
  }

  /** A caller behind its own posts. */
  private static final class Behind {
    private final long mark;
    private final Parker parker;
    private volatile boolean over;

    Behind(long mark, Parker parker) {
      this.mark = mark;
      this.parker = parker;
    }

    void sleep() {
      while (!over) {
        parker.parkUninterruptibly(StackRuntime.NEVER);
      }
    }
  }

  @Override
  void open() {
    gate.open();
    // The thread enters even if nothing was posted: the partition may come with timers that run.
    urge();
  }

  @Override
  public void post(Section section) {
    posted.get()[0] = true;
    super.post(section);
  }

  @Override
  public boolean call(Section section) {
    if (lock.isHeldByCaller() || keeper.isCaller()) {
      // In a handler the thread runs what stands in front itself: nobody else would.
      return super.call(section);
    }
    refuseInsideAnother("call");
    gate.pass();
    if (isClosed()) {
      return false;
    }
    occupancy.enter();
    boolean[] mine = posted.get();
    if (mine[0]) {
      mine[0] = false;
      letPostsPass();
    }
    return runAndFinish(section);
  }

  /** Inside, and inside again when the thread has run what the caller has posted. */
  private void letPostsPass() {
    long mark = queue.mark();
    if (queue.isPast(mark) || isClosed()) {
      return;
    }
    Behind self = new Behind(mark, runtime.parker());
    waiting.add(self);
    finish();
    self.sleep();
    occupancy.enter();
  }

  @Override
  public boolean deliver(Section section) {
    return false;
  }

  @Override
  void seeTo() {
    urge();
  }

  @Override
  void help() {
    // No other thread looks on leaving, so this one waits for who is inside.
    occupancy.enter();
    serve();
    finish();
  }

  @Override
  void serve() {
    if (keeper.isCaller()) {
      super.serve();
      wakeThoseWhosePostsRan();
    }
  }

  private void wakeThoseWhosePostsRan() {
    for (Iterator<Behind> all = waiting.iterator(); all.hasNext(); ) {
      Behind one = all.next();
      if (queue.isPast(one.mark)) {
        all.remove();
        one.over = true;
        occupancy.wakeAfterwards(one.parker);
      }
    }
  }

  @Override
  void finish() {
    Indication calls = occupancy.leave();
    if (calls != null) {
      make(calls);
    }
    if (keeper.isCaller() && occupancy.isWanted()) {
      // It goes on with that when it is through with this.
      urge();
    }
  }

  @Override
  void clearInside() {
    super.clearInside();
    for (Behind one : waiting) {
      one.over = true;
      one.parker.unpark();
    }
    waiting.clear();
  }
}
