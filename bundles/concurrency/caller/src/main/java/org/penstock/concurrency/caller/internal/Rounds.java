package org.penstock.concurrency.caller.internal;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.penstock.api.concurrency.ExecutionLevel;
import org.penstock.api.runtime.StackRuntime;
import org.penstock.concurrency.caller.Waiting;

/** The stacks of one strategy object, polled round by round. */
public final class Rounds {

  private final Waiting waiting;
  private final List<CallerInstance> instances = new CopyOnWriteArrayList<>();

  /** No stacks yet. */
  public Rounds(Waiting waiting) {
    this.waiting = waiting;
  }

  void add(CallerInstance instance) {
    instances.add(instance);
  }

  void remove(CallerInstance instance) {
    instances.remove(instance);
  }

  Waiting waiting() {
    return waiting;
  }

  /** Rounds until one finds nothing to do. */
  public int poll() {
    int done = 0;
    for (int round = step(); round > 0; round = step()) {
      done += round;
    }
    return done;
  }

  /** One round. */
  public int step() {
    // A handler that polled would enter the driver queue it was called from.
    ExecutionLevel level = ExecutionLevel.current();
    if (level != ExecutionLevel.PASSIVE) {
      throw new IllegalStateException(
          "poll at " + level + " level: the poll that led here goes on by itself");
    }
    int done = 0;
    for (CallerInstance instance : instances) {
      done += instance.step();
    }
    return done;
  }

  /** The earliest deadline of all. */
  public long nextDeadline() {
    long earliest = StackRuntime.NEVER;
    for (CallerInstance instance : instances) {
      earliest = Math.min(earliest, instance.nextDeadline());
    }
    return earliest;
  }

  /** Makes the calling thread the driving one. */
  public void takeOver() {
    for (CallerInstance instance : instances) {
      instance.takeOver();
    }
  }
}
