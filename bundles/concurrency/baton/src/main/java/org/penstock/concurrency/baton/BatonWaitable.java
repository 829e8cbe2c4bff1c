package org.penstock.concurrency.baton;

import java.util.ArrayDeque;
import org.penstock.api.sync.Semaphore.Acquired;

/**
 * What threads that own the baton wait for. A wait gives the baton up when the thread falls asleep,
 * and the thread has it again when it wakes, however the wait ended: to its user a wait is one step
 * of single-threaded code, around which others have run.
 *
 * <p>All state is guarded by the baton; every method is called by a thread that has it.
 */
abstract sealed class BatonWaitable permits BatonEvent, BatonSemaphore {

  private final Baton baton;
  private final ArrayDeque<BatonWait> waiting = new ArrayDeque<>();

  BatonWaitable(Baton baton) {
    this.baton = baton;
  }

  /** Takes what is waited for, if it is there. */
  abstract boolean take();

  final void requireHeld(String call) {
    baton.requireHeld(call);
  }

  /** The calling thread will wait. */
  final BatonWait prepare() {
    BatonWait wait = new BatonWait(baton, this);
    if (take()) {
      wait.signal();
    } else {
      waiting.add(wait);
    }
    return wait;
  }

  /** Ends the first wait that has not ended otherwise; false if there is none. */
  final boolean signalFirst() {
    for (BatonWait first = waiting.poll(); first != null; first = waiting.poll()) {
      if (first.signal()) {
        return true;
      }
    }
    return false;
  }

  /** A wait that ended otherwise. */
  final void forget(BatonWait wait) {
    waiting.remove(wait);
  }

  final Acquired await(String call, long deadlineNanos) {
    requireHeld(call);
    if (take()) {
      return Acquired.TAKEN;
    }
    BatonWait wait = prepare();
    // Nobody can have signalled it yet. Asleep before the baton is given up, the thread keeps its
    // place before all who come later.
    wait.fallAsleep();
    baton.unlock();
    return switch (wait.sleepOn(deadlineNanos)) {
      case SIGNALLED -> Acquired.TAKEN;
      case TIMED_OUT -> Acquired.TIMED_OUT;
      case INTERRUPTED -> Acquired.INTERRUPTED;
      // Nobody but us knows this wait.
      case CANCELLED -> throw new AssertionError("cancelled");
    };
  }

  /** How many wait, those included whose deadline has come and who have not got the baton yet. */
  public final int waiting() {
    requireHeld("waiting");
    return waiting.size();
  }
}
