package org.penstock.testkit.runtime;

import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.penstock.api.runtime.RuntimeThread;
import org.penstock.api.runtime.StackRuntime;

/**
 * A thread that runs while it has the baton; virtual, which makes handing it over cheap. Its fields
 * are touched by whoever has the baton.
 */
final class SimulatedThread implements RuntimeThread {

  /** What it is doing. */
  enum State {
    /** Has the baton, or would take it. */
    RUNNABLE,
    /** Waits to be woken, or for its deadline. */
    WAITING,
    /** Its body has returned. */
    ENDED,
    /** It did not end when the simulation did, and does nothing any more. */
    STOPPED
  }

  final Scheduler scheduler;
  final long id;
  final String name;

  /** Given one permit with the baton. */
  final Semaphore turn = new Semaphore(0);

  /** Set before it first gets the baton. */
  @Nullable Thread real;

  volatile State state = State.RUNNABLE;
  long deadlineNanos = StackRuntime.NEVER;

  /** What it waits for: a parker, or the thread it joins. */
  @Nullable Object waitsFor;

  boolean interruptible;

  /** Calls since the simulation is over. */
  int lastCalls;

  SimulatedThread(Scheduler scheduler, long id, String name) {
    this.scheduler = scheduler;
    this.id = id;
    this.name = name;
  }

  Thread real() {
    if (real == null) {
      throw new IllegalStateException("thread " + name + " was not started");
    }
    return real;
  }

  @Override
  public boolean join(long deadline) {
    return scheduler.join(this, deadline);
  }

  @Override
  public void interrupt() {
    scheduler.interrupt(this);
  }

  @Override
  public boolean isAlive() {
    scheduler.step();
    return state != State.ENDED;
  }

  @Override
  public String stackTrace() {
    StringBuilder text = new StringBuilder();
    for (StackTraceElement frame : real().getStackTrace()) {
      text.append("    ").append(frame).append('\n');
    }
    return text.toString();
  }

  String report() {
    String until =
        state != State.WAITING
            ? ""
            : deadlineNanos == StackRuntime.NEVER
                ? " without deadline"
                : " until " + deadlineNanos + " ns";
    return "  " + id + " " + name + ": " + state + until + '\n' + stackTrace();
  }
}
