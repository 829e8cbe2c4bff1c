package org.penstock.concurrency.baton;

import java.util.concurrent.atomic.AtomicReference;
import org.penstock.api.runtime.StackRuntime;

/**
 * One wait of one thread, in two steps, since a thread of the stack has things to do between
 * leaving the core and sleeping: {@link BatonWaitable#prepare} with the baton, {@link #sleep}
 * without it. What is signalled in between ends the sleep before it begins.
 */
final class BatonWait {

  /** How a wait ended. */
  enum End {
    /** What was waited for has come; the thread has the baton. */
    SIGNALLED,
    /** The deadline came first; the thread has the baton. */
    TIMED_OUT,
    /** The thread's interrupt status is set; the thread has the baton. */
    INTERRUPTED,
    /** The wait was cancelled; the thread has not got the baton. */
    CANCELLED
  }

  private enum State {
    /** Will sleep. */
    ABOUT,
    /** Sleeps. */
    ASLEEP,
    /** Was signalled before it slept. */
    SIGNALLED,
    /** Was signalled in its sleep, and stands in line for the baton. */
    IN_LINE,
    /** Has given up waiting. */
    GAVE_UP,
    /** Was told to give up. */
    CANCELLED
  }

  private final Baton baton;
  private final BatonWaitable waitable;
  private final Place place;
  private final AtomicReference<State> state = new AtomicReference<>(State.ABOUT);

  /** For the calling thread. */
  BatonWait(Baton baton, BatonWaitable waitable) {
    this.baton = baton;
    this.waitable = waitable;
    this.place = new Place(baton.runtime());
  }

  /**
   * Ends the wait, by a thread that has the baton: whoever sleeps stands in line from now on.
   *
   * @return false if it ended in another way before; what was signalled is the next one's
   */
  boolean signal() {
    if (state.compareAndSet(State.ABOUT, State.SIGNALLED)) {
      return true;
    }
    if (state.compareAndSet(State.ASLEEP, State.IN_LINE)) {
      baton.admit(place);
      // Not to run, but to know that no deadline and no interrupt counts any more.
      place.parker().unpark();
      return true;
    }
    return false;
  }

  /** Has the thread give up, without the baton; nothing if it was signalled. */
  void cancel() {
    if (state.compareAndSet(State.ABOUT, State.CANCELLED)
        || state.compareAndSet(State.ASLEEP, State.CANCELLED)) {
      place.parker().unpark();
    }
  }

  /** Sleeps until the wait ends; without the baton. */
  End sleep(long deadlineNanos) {
    if (!fallAsleep()) {
      if (state.get() == State.CANCELLED) {
        return End.CANCELLED;
      }
      baton.lock();
      return End.SIGNALLED;
    }
    return sleepOn(deadlineNanos);
  }

  /**
   * From here on, a signal has the thread stand in line; the thread must do nothing but give the
   * baton up, if it has it, and {@link #sleepOn}. False if the wait has ended.
   */
  boolean fallAsleep() {
    return state.compareAndSet(State.ABOUT, State.ASLEEP);
  }

  /** Sleeps until the wait ends, having fallen asleep; without the baton. */
  End sleepOn(long deadlineNanos) {
    StackRuntime runtime = baton.runtime();
    boolean interrupted = false;
    while (state.get() == State.ASLEEP) {
      boolean late = deadlineNanos != StackRuntime.NEVER && runtime.nanoTime() >= deadlineNanos;
      if ((late || interrupted) && state.compareAndSet(State.ASLEEP, State.GAVE_UP)) {
        baton.lock();
        waitable.forget(this);
        return interrupted ? End.INTERRUPTED : End.TIMED_OUT;
      }
      interrupted = !place.parker().park(deadlineNanos);
    }
    if (state.get() == State.CANCELLED) {
      return End.CANCELLED;
    }
    baton.await(place, StackRuntime.NEVER);
    return End.SIGNALLED;
  }
}
