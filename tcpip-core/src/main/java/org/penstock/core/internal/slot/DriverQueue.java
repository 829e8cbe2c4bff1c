package org.penstock.core.internal.slot;

import org.jspecify.annotations.Nullable;
import org.penstock.api.netif.QueueAgent;
import org.penstock.api.runtime.Parker;
import org.penstock.api.runtime.RuntimeThread;
import org.penstock.api.runtime.StackRuntime;

/**
 * A driver's queue as the strategy drives it: what the driver throws ends the driver and not the
 * strategy's thread, and once the driver has failed or is to be detached nobody enters it.
 */
final class DriverQueue implements QueueAgent {

  /** How often {@link #vacate} looks. */
  private static final long LOOK_NANOS = 200_000;

  private final Binding binding;
  private final QueueAgent agent;
  private final SlotCore slot;
  private final StackRuntime runtime;
  private final CallMark mark = new CallMark();
  private volatile @Nullable RuntimeThread thread;
  private volatile boolean idling;
  private volatile boolean stopped;
  private volatile boolean woken;
  private volatile @Nullable Parker resting;

  DriverQueue(Binding binding, SlotCore slot, QueueAgent agent) {
    this.binding = binding;
    this.slot = slot;
    this.agent = agent;
    this.runtime = slot.runtime();
  }

  @Override
  public int work(int budget) {
    if (isClosed()) {
      return 0;
    }
    thread = slot.currentThread();
    mark.enter();
    int delivered = 0;
    try {
      delivered = agent.work(budget);
    } catch (Throwable e) {
      binding.threw("work", e);
    }
    mark.leave();
    thread = null;
    if (isClosed()) {
      mark.settle(runtime);
    }
    return Math.max(0, delivered);
  }

  @Override
  public void idle(long deadlineNanos) {
    if (isClosed()) {
      rest(deadlineNanos);
      return;
    }
    thread = slot.currentThread();
    idling = true;
    try {
      agent.idle(deadlineNanos);
    } catch (Throwable e) {
      binding.threw("idle", e);
    }
    idling = false;
    thread = null;
    if (isClosed()) {
      mark.settle(runtime);
    }
  }

  /** Waits as {@link #idle} does, without the driver. */
  private void rest(long deadlineNanos) {
    Parker own = runtime.parker();
    resting = own;
    if (!woken) {
      own.park(deadlineNanos);
    }
    woken = false;
    resting = null;
  }

  @Override
  public void wake() {
    woken = true;
    Parker sleeper = resting;
    if (sleeper != null) {
      sleeper.unpark();
    }
    if (!stopped) {
      wakeDriver();
    }
  }

  private void wakeDriver() {
    try {
      agent.wake();
    } catch (Throwable e) {
      binding.threw("wake", e);
    }
  }

  @Override
  public long nextDue() {
    if (isClosed()) {
      return StackRuntime.NEVER;
    }
    try {
      return agent.nextDue();
    } catch (Throwable e) {
      binding.threw("nextDue", e);
      return StackRuntime.NEVER;
    }
  }

  /** Has nobody enter the driver from now on, and whoever idles in it come out. May hang. */
  void stop() {
    stopped = true;
    wakeDriver();
  }

  /** After {@link #stop}: waits until nobody is in the driver; who does not come is interrupted. */
  void vacate(long interruptAtNanos) {
    Parker own = runtime.parker();
    while (thread != null) {
      long now = runtime.nanoTime();
      if (now >= interruptAtNanos) {
        // Not one that is on its way through the stack with what the driver has delivered.
        if (idling || mark.isBusy()) {
          mark.interruptAnyCall(thread);
        }
        return;
      }
      own.parkUninterruptibly(Math.min(interruptAtNanos, now + LOOK_NANOS));
    }
  }

  private boolean isClosed() {
    return stopped || binding.hasFailed();
  }

  CallMark mark() {
    return mark;
  }

  /** Who works in it; by the watchdog. */
  @Nullable RuntimeThread thread() {
    return thread;
  }
}
