package org.penstock.testkit.concurrency;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.penstock.api.netif.QueueAgent;
import org.penstock.api.runtime.Parker;

/** A driver's queue whose frames are a number; checked at every step. */
public final class FakeQueue implements QueueAgent {

  private final FakeCore core;
  private final IntConsumer deliver;
  private final AtomicInteger frames = new AtomicInteger();
  private final AtomicInteger inside = new AtomicInteger();
  private final AtomicBoolean woken = new AtomicBoolean();
  private final AtomicLong idles = new AtomicLong();
  private final AtomicLong works = new AtomicLong();
  private volatile @Nullable Parker idler;
  private volatile boolean released;

  /**
   * An empty queue.
   *
   * @param deliver takes a batch of so many frames, on the thread that works
   */
  public FakeQueue(FakeCore core, IntConsumer deliver) {
    this.core = core;
    this.deliver = deliver;
  }

  /** Frames arrive at the device. */
  public void arrive(int count) {
    frames.addAndGet(count);
    unpark();
  }

  /** From here on nobody may be in it, enter it or wake it. */
  public void released() {
    released = true;
    if (inside.get() != 0) {
      core.violated("released while a thread is in the queue");
    }
  }

  /** It is driven again. */
  public void driven() {
    released = false;
  }

  /** Frames not yet taken. */
  public int left() {
    return frames.get();
  }

  /** True while a thread idles in it. */
  public boolean isIdle() {
    return idler != null;
  }

  /** How often a thread began to idle. */
  public long idles() {
    return idles.get();
  }

  /** How often it was worked. */
  public long works() {
    return works.get();
  }

  private void enter(String what) {
    if (released) {
      core.violated(what + " after release");
    }
    if (core.isInside()) {
      core.violated(what + " inside of the partition");
    }
    if (inside.incrementAndGet() != 1) {
      core.violated(what + " by a second thread");
    }
  }

  @Override
  public int work(int budget) {
    enter("work");
    try {
      works.incrementAndGet();
      int taken = frames.getAndUpdate(there -> there - Math.min(there, budget));
      int count = Math.min(taken, budget);
      if (count > 0) {
        deliver.accept(count);
      }
      return count;
    } finally {
      inside.decrementAndGet();
    }
  }

  @Override
  public void idle(long deadlineNanos) {
    enter("idle");
    try {
      idles.incrementAndGet();
      Parker parker = core.runtime().parker();
      idler = parker;
      while (frames.get() == 0
          && !woken.getAndSet(false)
          && core.runtime().nanoTime() < deadlineNanos) {
        if (!parker.park(deadlineNanos)) {
          break;
        }
      }
    } finally {
      idler = null;
      inside.decrementAndGet();
    }
  }

  @Override
  public void wake() {
    if (released) {
      core.violated("wake after release");
    }
    woken.set(true);
    unpark();
  }

  private void unpark() {
    Parker parker = idler;
    if (parker != null) {
      parker.unpark();
    }
  }
}
