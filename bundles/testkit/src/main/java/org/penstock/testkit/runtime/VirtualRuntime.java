package org.penstock.testkit.runtime;

import java.util.List;
import org.penstock.api.runtime.Parker;
import org.penstock.api.runtime.RandomSource;
import org.penstock.api.runtime.RuntimeThread;
import org.penstock.api.runtime.StackRuntime;

/**
 * A simulated machine: virtual time, seeded chance, and threads of which exactly one runs at a
 * time. Every call of the runtime or of what it hands out is a switching point, where the seed
 * decides who goes on; the same program and seed run the same way, instruction for instruction.
 *
 * <p>The thread that makes the runtime is the simulation's main thread; others come by {@link
 * #start}. With the main thread alone, time stands still but for {@link #advance}: a driver of the
 * stack, such as the strategy {@code caller}, has the clock in its hand. With more, each call takes
 * a few nanoseconds, and time jumps to the earliest deadline when all threads wait.
 *
 * <p>If all threads wait without a deadline, or none gets anywhere, the main thread is thrown a
 * {@link SimulationStuckError} with every thread's stack. A thread that waits by other means than
 * the runtime's stops the simulation.
 */
public final class VirtualRuntime implements StackRuntime, AutoCloseable {

  /** 2026-01-01T00:00:00Z. */
  private static final long EPOCH_NANOS = 1_767_225_600L * 1_000_000_000L;

  private final long seed;
  private final int processors;
  private final Scheduler scheduler;
  private final SeededRandom random;

  /** A machine of two processors, which makes code spin that would on a real one. */
  public VirtualRuntime(long seed) {
    this(seed, 2);
  }

  /**
   * A machine.
   *
   * @param processors what {@link #processors} says; no more than one thread runs in any case
   */
  public VirtualRuntime(long seed, int processors) {
    this.seed = seed;
    this.processors = processors;
    this.scheduler = new Scheduler(seed);
    this.random = SeededRandom.of(seed, 2);
  }

  /** What it was made from. */
  public long seed() {
    return seed;
  }

  /**
   * Moves the clock. Other threads run meanwhile, each deadline at its time.
   *
   * @param nanos how far; zero or more
   */
  public void advance(long nanos) {
    advanceTo(scheduler.now() + nanos);
  }

  /** Moves the clock to a moment, or leaves it where it is if that is past. */
  public void advanceTo(long timeNanos) {
    scheduler.runUntil(timeNanos);
  }

  /** The names of the threads that were started and have not ended. */
  public List<String> threads() {
    return scheduler.names();
  }

  /** What each thread does, with its stack, for the message of a simulation that fails. */
  public String positions() {
    return scheduler.positions();
  }

  @Override
  public long nanoTime() {
    scheduler.step();
    return scheduler.now();
  }

  @Override
  public long wallTimeNanos() {
    return EPOCH_NANOS + nanoTime();
  }

  @Override
  public RandomSource random() {
    return random;
  }

  @Override
  public RuntimeThread start(String name, Runnable body) {
    return scheduler.start(name, body);
  }

  @Override
  public RuntimeThread current() {
    return scheduler.current();
  }

  @Override
  public boolean clearInterrupt() {
    return Thread.interrupted();
  }

  @Override
  public Parker parker() {
    return new SimulatedParker(scheduler, scheduler.current());
  }

  @Override
  public long threadId() {
    scheduler.step();
    return scheduler.current().id;
  }

  @Override
  public void spinHint() {
    scheduler.spin();
  }

  @Override
  public int processors() {
    return processors;
  }

  /** Ends the threads that are left; to be called by the main thread. */
  @Override
  public void close() {
    scheduler.close();
  }

  @Override
  public String toString() {
    return "VirtualRuntime[seed " + seed + "]";
  }
}
