package org.penstock.core.internal.slot;

import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.penstock.api.runtime.Parker;
import org.penstock.api.runtime.StackRuntime;

/**
 * A slot's thread that looks at its drivers from time to time: whether one hangs with a thread of
 * the stack's inside. Neither the partition that is stuck could do that, nor a timer of its cells.
 * What a look costs the data path is in {@link CallMark}.
 *
 * <p>It is there while the slot has a driver on offer. In a runtime without threads, a
 * simulation's, there is none.
 */
final class Watchdog {

  /** Between two looks. */
  private static final long INTERVAL = 250_000_000L;

  /**
   * In so many looks in a row a call that does not block must have returned. Looks count and not
   * time: a machine that stood still for long was looked at once.
   */
  static final int PATIENCE = 12;

  private final StackRuntime runtime;
  private final String name;
  private final Runnable look;
  private final AtomicBoolean running = new AtomicBoolean();
  private volatile boolean wanted;
  private volatile @Nullable Parker parker;

  Watchdog(StackRuntime runtime, String name, Runnable look) {
    this.runtime = runtime;
    this.name = name;
    this.look = look;
  }

  /** Has it run, or end. From any thread. */
  void want(boolean is) {
    wanted = is;
    if (!is) {
      Parker asleep = parker;
      if (asleep != null) {
        asleep.unpark();
      }
    } else if (running.compareAndSet(false, true)) {
      try {
        runtime.start(name, this::run);
      } catch (UnsupportedOperationException e) {
        running.set(false);
      }
    }
  }

  private void run() {
    Parker own = runtime.parker();
    parker = own;
    do {
      while (wanted) {
        long next = runtime.nanoTime() + INTERVAL;
        while (wanted && runtime.nanoTime() < next) {
          own.parkUninterruptibly(next);
        }
        if (wanted) {
          look.run();
        }
      }
      running.set(false);
      // Wanted again in between, by somebody who took us for running still?
    } while (wanted && running.compareAndSet(false, true));
  }
}
