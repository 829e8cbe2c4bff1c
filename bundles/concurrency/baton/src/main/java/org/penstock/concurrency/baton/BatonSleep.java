package org.penstock.concurrency.baton;

import org.jspecify.annotations.Nullable;
import org.penstock.api.concurrency.Awaited;
import org.penstock.api.concurrency.support.Sleep;
import org.penstock.api.runtime.Parker;
import org.penstock.api.runtime.StackRuntime;

/**
 * Sleeps in an event object: who signals sets it, and the sleeper is handed the baton with its
 * wake-up.
 */
final class BatonSleep implements Sleep {

  private final StackRuntime runtime;
  private final BatonEvent event;
  private @Nullable BatonWait wait;

  BatonSleep(Baton baton) {
    this.runtime = baton.runtime();
    this.event = new BatonEvent(baton, BatonEvent.Kind.SYNCHRONIZATION);
  }

  @Override
  public void arm() {
    event.reset();
  }

  @Override
  public void prepare() {
    wait = event.prepare();
  }

  @Override
  public @Nullable Parker signal() {
    event.set();
    return null;
  }

  @Override
  public void move() {
    BatonWait current = wait;
    if (current != null) {
      current.cancel();
    }
  }

  @Override
  public @Nullable Awaited sleep(long deadlineNanos) {
    BatonWait current = wait;
    if (current == null) {
      throw new IllegalStateException("sleep without prepare");
    }
    return switch (current.sleep(deadlineNanos)) {
      // Signals that never help must not keep a wait from its deadline.
      case SIGNALLED -> isPast(deadlineNanos) ? Awaited.TIMED_OUT : null;
      case TIMED_OUT -> Awaited.TIMED_OUT;
      case INTERRUPTED -> Awaited.INTERRUPTED;
      case CANCELLED -> Awaited.MOVED;
    };
  }

  private boolean isPast(long deadlineNanos) {
    return deadlineNanos != StackRuntime.NEVER && runtime.nanoTime() >= deadlineNanos;
  }
}
