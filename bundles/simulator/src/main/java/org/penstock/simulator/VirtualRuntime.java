package org.penstock.simulator;

import java.util.SplittableRandom;
import org.penstock.api.runtime.Parker;
import org.penstock.api.runtime.RandomSource;
import org.penstock.api.runtime.RuntimeThread;
import org.penstock.api.runtime.StackRuntime;

/**
 * A machine with a clock that moves only when it is told to, seeded chance, and no threads: whoever
 * simulates drives the stacks by strategy {@code caller}. Not thread-safe.
 */
final class VirtualRuntime implements StackRuntime {

  /** When simulations begin; not 0, which some take for a time that never was. */
  static final long START_NANOS = 1_000_000_000L;

  private final SplittableRandom chance;
  private long now = START_NANOS;

  /** A machine whose chance follows from the seed. */
  VirtualRuntime(long seed) {
    this.chance = new SplittableRandom(seed);
  }

  /**
   * Moves the clock.
   *
   * @param nanos by this clock; a time that is past changes nothing
   */
  void advanceTo(long nanos) {
    now = Math.max(now, nanos);
  }

  @Override
  public long nanoTime() {
    return now;
  }

  @Override
  public long wallTimeNanos() {
    return now;
  }

  @Override
  public RandomSource random() {
    return chance::nextLong;
  }

  @Override
  public RuntimeThread start(String name, Runnable body) {
    throw new UnsupportedOperationException(
        "thread " + name + ": a simulation has the thread that drives it, and no other");
  }

  @Override
  public Parker parker() {
    return new TimeSkip();
  }

  @Override
  public long threadId() {
    return Thread.currentThread().threadId();
  }

  @Override
  public void spinHint() {
    // Nobody else could change what the caller spins on.
  }

  @Override
  public int processors() {
    return 1;
  }

  /** Waiting is moving the clock, since nobody else is there who could end it. */
  private final class TimeSkip implements Parker {
    private boolean permit;

    @Override
    public boolean park(long deadlineNanos) {
      if (!permit) {
        if (deadlineNanos == NEVER) {
          throw new IllegalStateException(
              "the simulation's only thread would wait for ever at " + now + " ns");
        }
        advanceTo(deadlineNanos);
      }
      permit = false;
      return !Thread.currentThread().isInterrupted();
    }

    @Override
    public void unpark() {
      permit = true;
    }
  }
}
