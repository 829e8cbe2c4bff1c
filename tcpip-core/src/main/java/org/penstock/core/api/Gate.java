package org.penstock.core.api;

import org.osgi.annotation.versioning.ProviderType;
import org.penstock.api.concurrency.Attempt;
import org.penstock.api.concurrency.Awaited;
import org.penstock.api.concurrency.Indication;
import org.penstock.api.concurrency.Section;
import org.penstock.api.runtime.StackRuntime;

/**
 * The only way into the core: enters a cell through whichever concurrency strategy is in force, and
 * goes on in the next one where a strategy is replaced meanwhile.
 *
 * <p>Unless said otherwise the methods may be called from any thread at any level.
 */
@ProviderType
public interface Gate {

  /** How many cells the stack has; a power of two. */
  int cells();

  /** Has a section run in its cell, now or later. Never blocks, fails or allocates. */
  void post(Section section);

  /**
   * Runs a section in its cell and returns when it has run; at once where the caller is inside the
   * cell's partition already. While the stack is parked (without a strategy) the call waits.
   *
   * @throws IllegalStateException from inside another partition
   */
  void call(Section section);

  /**
   * Waits until an attempt succeeds; passive level only.
   *
   * @param what the blocking call, for the error
   * @param deadlineNanos by the runtime's clock, or {@link StackRuntime#NEVER}
   * @return never {@link Awaited#MOVED}
   * @throws org.penstock.api.concurrency.WrongLevelException at another level
   */
  Awaited await(String what, Attempt attempt, long deadlineNanos);

  /** Says that an attempt may succeed now; called inside its cell. */
  void signal(Attempt attempt);

  /**
   * Leaves a call to be made, on this thread and at dispatch level, when the present occupation of
   * the cell has ended; called inside the cell. An indication is in at most one chain.
   */
  void indicate(int cell, Indication indication);

  /** True if the calling thread is inside the cell's partition. */
  boolean isInside(int cell);

  /** The time of the present occupation in nanoseconds; called inside the cell. */
  long now(int cell);

  /**
   * Makes a timer that lives in a cell.
   *
   * @param action what runs inside the cell when it expires
   */
  CellTimer timer(int cell, Runnable action);

  /** Threads, waiting, time and chance. */
  StackRuntime runtime();

  /** The name of the strategy in force, for messages; empty while the stack is parked. */
  String strategy();
}
