package org.penstock.testkit.runtime;

import org.penstock.api.runtime.Parker;

/** A permit of one simulated thread; touched by whoever has the baton. */
final class SimulatedParker implements Parker {

  private final Scheduler scheduler;
  private final SimulatedThread owner;
  private boolean permit;

  SimulatedParker(Scheduler scheduler, SimulatedThread owner) {
    this.scheduler = scheduler;
    this.owner = owner;
  }

  @Override
  public boolean park(long deadlineNanos) {
    scheduler.step();
    requireOwner();
    if (!permit && !owner.real().isInterrupted()) {
      scheduler.sleep(owner, this, deadlineNanos, true);
    }
    permit = false;
    return !owner.real().isInterrupted();
  }

  @Override
  public void parkUninterruptibly(long deadlineNanos) {
    scheduler.step();
    requireOwner();
    if (!permit) {
      scheduler.sleep(owner, this, deadlineNanos, false);
    }
    permit = false;
  }

  @Override
  public void unpark() {
    permit = true;
    scheduler.wake(owner, this);
    scheduler.step();
  }

  private void requireOwner() {
    if (scheduler.current() != owner) {
      throw new IllegalStateException(
          "the parker of thread " + owner.name + " is used by " + scheduler.current().name);
    }
  }
}
