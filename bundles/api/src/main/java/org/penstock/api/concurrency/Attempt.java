package org.penstock.api.concurrency;

import org.jspecify.annotations.Nullable;

/**
 * What a thread waits for: a condition inside a partition, tried by {@link #attempt} and woken by
 * {@link Exclusion#signal}.
 *
 * <p>An attempt is used by one waiting thread at a time and may be used again.
 */
public abstract class Attempt {

  private final int cell;
  private @Nullable Object sleeper;

  /** An attempt on the cell of the given index. */
  protected Attempt(int cell) {
    this.cell = cell;
  }

  /** The cell it looks into. */
  public final int cell() {
    return cell;
  }

  /**
   * Tries, inside the partition. May be called any number of times, also while it is registered.
   *
   * @return true if the condition holds, and it is no longer registered anywhere; false if it does
   *     not, and it has registered itself so that whoever makes it hold will signal it
   */
  protected abstract boolean attempt();

  /** Takes back the registration, inside the partition: the thread has given up waiting. */
  protected abstract void abandon();

  /** Runs {@link #attempt}; for the stack's side of a {@link Partition}. */
  public final boolean execute() {
    return attempt();
  }

  /** Runs {@link #abandon}; for the stack's side of a {@link Partition}. */
  public final void executeAbandon() {
    abandon();
  }

  /**
   * The strategy's record of the sleeping thread. Read inside the partition; who reads must bear
   * the record of another strategy, which it leaves alone, and one whose wait is over.
   */
  public final @Nullable Object sleeper() {
    return sleeper;
  }

  /**
   * Sets the strategy's record of the sleeping thread, inside the partition.
   *
   * <p>When a wait ends, however it ends, its strategy takes the record away before it lets the
   * waiting thread go: a record left behind would keep the strategy's classes, maybe uninstalled,
   * for as long as nobody waits again. This is done outside as well, where the wait ended with
   * {@link Awaited#MOVED} or by an exception: the attempt belongs to one waiting thread, so nobody
   * else writes then.
   */
  public final void sleeper(@Nullable Object record) {
    this.sleeper = record;
  }
}
