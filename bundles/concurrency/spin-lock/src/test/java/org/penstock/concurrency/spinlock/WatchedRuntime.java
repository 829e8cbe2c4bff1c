package org.penstock.concurrency.spinlock;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.penstock.api.runtime.Parker;
import org.penstock.api.runtime.RandomSource;
import org.penstock.api.runtime.RuntimeThread;
import org.penstock.api.runtime.StackRuntime;
import org.penstock.api.runtime.SystemRuntime;

/** The machine's runtime, which counts how watched threads wait. */
final class WatchedRuntime implements StackRuntime {

  private final StackRuntime machine = SystemRuntime.get();
  private final Set<Long> watched = ConcurrentHashMap.newKeySet();
  private final Set<Long> spinners = ConcurrentHashMap.newKeySet();
  private final AtomicInteger spins = new AtomicInteger();
  private final AtomicInteger ways = new AtomicInteger();
  private final AtomicInteger parks = new AtomicInteger();

  /** Runs something on the calling thread and counts. */
  void watch(Runnable body) {
    watched.add(threadId());
    try {
      body.run();
    } finally {
      watched.remove(threadId());
    }
  }

  int spins() {
    return spins.get();
  }

  int ways() {
    return ways.get();
  }

  int parks() {
    return parks.get();
  }

  /** Threads that have spun at least once. */
  int spinners() {
    return spinners.size();
  }

  private boolean isWatched() {
    return watched.contains(threadId());
  }

  @Override
  public void spinHint() {
    if (isWatched()) {
      spins.incrementAndGet();
      spinners.add(threadId());
    }
    machine.spinHint();
  }

  @Override
  public void giveWay() {
    if (isWatched()) {
      ways.incrementAndGet();
    }
    machine.giveWay();
  }

  @Override
  public Parker parker() {
    Parker parker = machine.parker();
    return new Parker() {
      @Override
      public boolean park(long deadlineNanos) {
        count();
        return parker.park(deadlineNanos);
      }

      @Override
      public void parkUninterruptibly(long deadlineNanos) {
        count();
        parker.parkUninterruptibly(deadlineNanos);
      }

      @Override
      public void unpark() {
        parker.unpark();
      }

      private void count() {
        if (isWatched()) {
          parks.incrementAndGet();
        }
      }
    };
  }

  @Override
  public long nanoTime() {
    return machine.nanoTime();
  }

  @Override
  public long wallTimeNanos() {
    return machine.wallTimeNanos();
  }

  @Override
  public RandomSource random() {
    return machine.random();
  }

  @Override
  public RuntimeThread start(String name, Runnable body) {
    return machine.start(name, body);
  }

  @Override
  public long threadId() {
    return machine.threadId();
  }

  @Override
  public int processors() {
    return machine.processors();
  }
}
