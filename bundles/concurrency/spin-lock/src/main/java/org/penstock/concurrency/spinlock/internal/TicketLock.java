package org.penstock.concurrency.spinlock.internal;

import java.util.concurrent.atomic.AtomicInteger;
import org.penstock.api.runtime.StackRuntime;

/** Numbers are drawn and served in order. They wrap, which does no harm. */
public final class TicketLock extends SpinLock {

  private final AtomicInteger next = new AtomicInteger();
  private volatile int serving;

  /** A free lock; see {@link org.penstock.concurrency.spinlock.SpinLockStrategy} for the turns. */
  public TicketLock(StackRuntime runtime, int turns) {
    super(runtime, turns);
  }

  @Override
  boolean take() {
    // Free is where the next number to be drawn is the one that is served.
    int number = serving;
    return next.compareAndSet(number, number + 1);
  }

  @Override
  void spinUntilTaken() {
    int number = next.getAndIncrement();
    for (int turn = 0; serving != number; turn++) {
      spin(turn);
    }
  }

  @Override
  @SuppressWarnings("NonAtomicVolatileUpdate") // the holder alone writes it
  void free() {
    serving = serving + 1;
  }
}
