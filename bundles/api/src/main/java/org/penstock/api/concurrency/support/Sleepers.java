package org.penstock.api.concurrency.support;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.penstock.api.concurrency.Attempt;
import org.penstock.api.concurrency.Awaited;
import org.penstock.api.concurrency.Partition;
import org.penstock.api.concurrency.Partition.Attempted;
import org.penstock.api.runtime.Parker;

/**
 * The threads that wait for something in one partition. All methods but {@link #sleeper} are called
 * inside.
 */
final class Sleepers {

  private final Supplier<? extends Sleep> sleeps;
  private final Partition partition;
  private final Occupancy occupancy;
  private @Nullable Sleeper asleep;

  Sleepers(Supplier<? extends Sleep> sleeps, Partition partition, Occupancy occupancy) {
    this.sleeps = sleeps;
    this.partition = partition;
    this.occupancy = occupancy;
  }

  /** The calling thread, for one wait. */
  Sleeper sleeper() {
    return new Sleeper(this, sleeps.get());
  }

  /**
   * One attempt.
   *
   * @param end how the wait ends if this fails too, null if it goes on
   * @return null if the thread is to sleep
   */
  @Nullable Awaited attempt(Attempt attempt, Sleeper sleeper, @Nullable Awaited end) {
    // Taken off the list first, so that an attempt that throws leaves nothing behind.
    unlist(sleeper);
    sleeper.sleep.arm();
    attempt.sleeper(sleeper);
    Attempted attempted = partition.attempt(attempt);
    if (attempted == Attempted.MOVED) {
      return Awaited.MOVED;
    }
    if (attempted == Attempted.DONE) {
      return Awaited.DONE;
    }
    if (end == null) {
      list(sleeper);
      sleeper.sleep.prepare();
      return null;
    }
    partition.abandon(attempt);
    return end;
  }

  /** The attempt may succeed: who waits for it is woken when the partition was left. */
  void signal(Attempt attempt) {
    // A sleeper of another instance finds out by MOVED and tries again by this one.
    if (attempt.sleeper() instanceof Sleeper sleeper && sleeper.home == this) {
      Parker parker = sleeper.sleep.signal();
      if (parker != null) {
        occupancy.wakeAfterwards(parker);
      }
    }
  }

  /** Ends all waits: the instance closes. */
  void moveAll() {
    for (Sleeper sleeper = asleep; sleeper != null; sleeper = asleep) {
      unlist(sleeper);
      sleeper.sleep.move();
    }
  }

  private void list(Sleeper sleeper) {
    sleeper.listed = true;
    sleeper.next = asleep;
    if (asleep != null) {
      asleep.previous = sleeper;
    }
    asleep = sleeper;
  }

  private void unlist(Sleeper sleeper) {
    if (sleeper.listed) {
      sleeper.listed = false;
      if (sleeper.previous == null) {
        asleep = sleeper.next;
      } else {
        sleeper.previous.next = sleeper.next;
      }
      if (sleeper.next != null) {
        sleeper.next.previous = sleeper.previous;
      }
      sleeper.next = null;
      sleeper.previous = null;
    }
  }
}
