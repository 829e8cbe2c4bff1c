package org.penstock.api.runtime;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Everything a stack takes from the machine it runs on: threads, waiting, time and chance.
 *
 * <p>{@link SystemRuntime} is the real one. A simulator's runtime drives virtual time and makes
 * every call below a seeded switching point, so that any interleaving replays from its seed.
 *
 * <p>All methods may be called from any thread.
 */
@ConsumerType
public interface StackRuntime {

  /** A deadline that never comes. */
  long NEVER = Long.MAX_VALUE;

  /**
   * Monotonic time in nanoseconds. It has no relation to the calendar, never goes back, starts at
   * zero or above, and does not wrap in the life of a stack.
   */
  long nanoTime();

  /** Calendar time in nanoseconds since 1970-01-01T00:00:00Z, for people and captures only. */
  long wallTimeNanos();

  /** The source of chance. Secrets drawn from it are as good as the runtime's source is. */
  RandomSource random();

  /**
   * Starts a thread.
   *
   * @param name shown in thread dumps; by convention {@code penstock-STACK-PART}
   * @param body what it runs; an exception that leaves it is given to the thread's uncaught handler
   * @return the handle to wait for its end
   * @throws UnsupportedOperationException where there is no thread but the caller's, as in a
   *     simulation that one thread drives
   */
  RuntimeThread start(String name, Runnable body);

  /**
   * The calling thread, for whoever may have to say where it hangs and to interrupt it. It may be
   * kept as long as the thread lives.
   *
   * <p>As it stands here nothing can be told of it.
   */
  default RuntimeThread current() {
    return UnknownThread.INSTANCE;
  }

  /**
   * Takes the interrupt status of the calling thread away; for who knows that the interrupt was not
   * meant for what the thread does next.
   *
   * <p>As it stands here the status stays.
   *
   * @return true if it was set
   */
  default boolean clearInterrupt() {
    return false;
  }

  /**
   * A parker for the calling thread. Each wait may make its own; a thread may also keep one and use
   * it for every wait of its life.
   */
  Parker parker();

  /** A number that names the calling thread, never zero, the same for the thread's whole life. */
  long threadId();

  /**
   * How long the calling thread has been ready to run, in all its life, and waited for a processor:
   * what a measured time has of it is the machine's load and nobody's work. Read twice, around what
   * is measured; a reading costs a system call.
   *
   * <p>As it stands here, and where the machine does not say, it is always 0.
   */
  default long runQueueWaitNanos() {
    return 0;
  }

  /** Tells the processor that the caller spins (PAUSE on x86). */
  void spinHint();

  /**
   * Lets another thread that could run have the processor; the caller does not sleep. For those who
   * spin longer than a processor's hint helps.
   */
  default void giveWay() {
    spinHint();
  }

  /** How many processors the stack may count on, at least 1. */
  int processors();
}
