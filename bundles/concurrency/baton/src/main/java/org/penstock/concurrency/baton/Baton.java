package org.penstock.concurrency.baton;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.penstock.api.runtime.StackRuntime;
import org.penstock.api.sync.Lock;

/**
 * A lock that is handed over: who gives it back gives it to the first in line, which owns it from
 * that moment, before it has woken. Nobody passes anybody. In the line stand those who want in, and
 * those who slept in a {@link BatonSemaphore} or {@link BatonEvent} and were woken, in the order in
 * which they came or were woken.
 */
public final class Baton implements Lock {

  private final StackRuntime runtime;

  /** The holder and all who have come and wait; those who come add themselves to the line first. */
  private final AtomicInteger claims = new AtomicInteger();

  private final ConcurrentLinkedQueue<Place> line = new ConcurrentLinkedQueue<>();

  /** Who has it; 0 also from the hand-over until the next has woken. */
  private volatile long owner;

  /** A baton that nobody has. */
  public Baton(StackRuntime runtime) {
    this.runtime = runtime;
  }

  StackRuntime runtime() {
    return runtime;
  }

  @Override
  public boolean tryLock() {
    if (claims.get() != 0 || !claims.compareAndSet(0, 1)) {
      return false;
    }
    owner = runtime.threadId();
    return true;
  }

  @Override
  public boolean lock(long deadlineNanos) {
    if (tryLock()) {
      return true;
    }
    if (isHeldByCaller()) {
      throw new IllegalStateException("lock by the thread that has the baton already");
    }
    Place place = new Place(runtime);
    line.add(place);
    if (claims.getAndIncrement() == 0) {
      // Given back meanwhile. First in line may be another, who has yet to claim it.
      handOver();
    }
    return await(place, deadlineNanos);
  }

  /** Waits in line; false if the deadline came first. */
  boolean await(Place place, long deadlineNanos) {
    if (!place.await(deadlineNanos)) {
      return false;
    }
    owner = runtime.threadId();
    return true;
  }

  /** Has a sleeping thread stand in line; the caller has the baton. */
  void admit(Place place) {
    line.add(place);
    claims.incrementAndGet();
  }

  @Override
  public void unlock() {
    requireHeld("unlock");
    owner = 0;
    if (claims.decrementAndGet() != 0) {
      handOver();
    }
  }

  /** Gives the baton to the first in line who still wants it. */
  private void handOver() {
    while (true) {
      // Never empty: who has claimed and not got it stands in line.
      Place first = line.remove();
      if (first.grant()) {
        return;
      }
      // Its deadline has come; the claim goes with it.
      if (claims.decrementAndGet() == 0) {
        return;
      }
    }
  }

  /**
   * Refuses a thread that has not got the baton.
   *
   * @throws IllegalStateException if the calling thread has not got it
   */
  void requireHeld(String call) {
    if (!isHeldByCaller()) {
      throw new IllegalStateException(call + " by a thread that has not got the baton");
    }
  }

  @Override
  public boolean isHeldByCaller() {
    return owner == runtime.threadId();
  }

  /** How many stand in line at this moment. */
  public int waiting() {
    return Math.max(0, claims.get() - 1);
  }

  @Override
  public String toString() {
    long holder = owner;
    return "Baton[thread " + holder + ", " + waiting() + " in line]";
  }
}
