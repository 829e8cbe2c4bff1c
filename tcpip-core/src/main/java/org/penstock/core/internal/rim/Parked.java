package org.penstock.core.internal.rim;

import java.util.concurrent.ConcurrentLinkedQueue;
import org.penstock.api.concurrency.Attempt;
import org.penstock.api.concurrency.Awaited;
import org.penstock.api.concurrency.Exclusion;
import org.penstock.api.concurrency.Indication;
import org.penstock.api.concurrency.Section;
import org.penstock.api.concurrency.StrategyInstance;
import org.penstock.api.concurrency.StrategyStatistics;
import org.penstock.api.netif.QueueAgent;
import org.penstock.api.runtime.Parker;
import org.penstock.api.runtime.StackRuntime;
import org.penstock.api.sync.MpscQueue;
import org.penstock.api.sync.Mutex;

/**
 * What stands in for a strategy when there is none: nothing runs, posts wait, callers wait until
 * their deadline or the next strategy. Only a stack that stops is let in, by {@link #letIn}.
 */
final class Parked implements StrategyInstance, Exclusion {

  private final Seat seat;
  private final StackRuntime runtime;
  private final Mutex mutex;
  private final MpscQueue<Section> posted = new MpscQueue<>();
  private final ConcurrentLinkedQueue<Parker> sleepers = new ConcurrentLinkedQueue<>();
  private volatile boolean lettingIn;
  private volatile boolean closed;

  Parked(Seat seat) {
    this.seat = seat;
    this.runtime = seat.runtime();
    this.mutex = new Mutex(runtime);
  }

  /** Lets callers in, one at a time: the stack is stopping. */
  void letIn() {
    lettingIn = true;
    wakeAll();
    drain();
  }

  @Override
  public Exclusion exclusion(int partition) {
    return this;
  }

  @Override
  public void open() {}

  @Override
  public void drive(QueueAgent agent, String name) {}

  @Override
  public boolean release(QueueAgent agent, long deadlineNanos) {
    return true;
  }

  @Override
  public boolean close(long deadlineNanos) {
    closed = true;
    wakeAll();
    drain();
    return true;
  }

  @Override
  public StrategyStatistics statistics() {
    return new StrategyStatistics(0, 0, 0, 0, 0, 0, 0, posted.isEmpty() ? 0 : 1);
  }

  @Override
  public void post(Section section) {
    posted.offer(section);
    // The rim's own must run here too: that is how the next strategy takes over from a parked
    // stack.
    if (closed || lettingIn || section instanceof Housekeeping || seat.partition(0).wasRetired()) {
      drain();
    }
  }

  @Override
  public boolean call(Section section) {
    while (!closed && !lettingIn) {
      sleep(StackRuntime.NEVER);
    }
    return !closed && occupy(section);
  }

  @Override
  public boolean deliver(Section section) {
    return false;
  }

  @Override
  public Awaited await(Attempt attempt, long deadlineNanos) {
    while (!closed) {
      if (runtime.nanoTime() >= deadlineNanos) {
        return Awaited.TIMED_OUT;
      }
      if (!sleep(deadlineNanos)) {
        return Awaited.INTERRUPTED;
      }
    }
    return Awaited.MOVED;
  }

  @Override
  public void signal(Attempt attempt) {}

  private boolean sleep(long deadlineNanos) {
    Parker parker = runtime.parker();
    sleepers.add(parker);
    try {
      return closed || lettingIn || parker.park(deadlineNanos);
    } finally {
      sleepers.remove(parker);
    }
  }

  private void wakeAll() {
    for (Parker parker : sleepers) {
      parker.unpark();
    }
  }

  private void drain() {
    // Who posts from inside is the one that drains already.
    while (!mutex.isHeldByCaller() && !posted.isEmpty()) {
      Indication chain;
      boolean again;
      CorePartition partition = seat.partition(0);
      mutex.lock();
      try {
        partition.enter();
        for (Section section = posted.takeAll(); section != null; ) {
          Section following = section.unlink();
          settle(partition, section);
          section = following;
        }
        again = lettingIn || closed || partition.isRetired();
        chain = partition.leave();
      } finally {
        mutex.unlock();
      }
      if (chain != null) {
        partition.indicate(chain);
      }
      if (!again) {
        return;
      }
    }
  }

  private void settle(CorePartition partition, Section section) {
    boolean mayRun = section instanceof Housekeeping || lettingIn;
    if (!mayRun && !closed && !partition.isRetired()) {
      // Not ours to run: it waits on, behind a fence if there is one.
      posted.offer(section);
    } else if (closed || !partition.run(section)) {
      seat.forward(section);
    }
  }

  private boolean occupy(Section section) {
    mutex.lock();
    Indication chain;
    boolean ran;
    CorePartition partition = seat.partition(0);
    try {
      partition.enter();
      ran = partition.run(section);
      chain = partition.leave();
    } finally {
      mutex.unlock();
    }
    if (chain != null) {
      partition.indicate(chain);
    }
    return ran;
  }
}
