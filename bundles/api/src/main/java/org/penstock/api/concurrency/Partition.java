package org.penstock.api.concurrency;

import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The stack's side of a partition: what a strategy runs while it holds that partition's exclusion.
 * One <em>occupation</em> is
 *
 * <pre>{@code
 * take the exclusion
 * partition.enter();
 * partition.run(section); …      // any number of run, attempt, abandon, runTimers
 * long deadline = partition.nextDeadline();
 * Indication chain = partition.leave();
 * give the exclusion back
 * if (chain != null) partition.indicate(chain);
 * }</pre>
 *
 * <p>Every instance of a strategy gets partitions of its own. When it is replaced they are
 * <em>retired</em> inside the exclusion; from then on they run nothing, and pass on what they are
 * given.
 */
@ProviderType
public interface Partition {

  /** How an attempt ended. */
  enum Attempted {
    /** The condition holds. */
    DONE,
    /** It does not; the attempt is registered. */
    NOT_YET,
    /** The partition is retired: the waiting thread ends its wait with {@link Awaited#MOVED}. */
    MOVED
  }

  /** Its number, from 0. */
  int index();

  /** Begins an occupation. Catches two threads inside at once where the sentinel is on. */
  void enter();

  /**
   * Runs a section inside. An exception of its own never leaves this call.
   *
   * @return true if it ran; false if the partition is retired. A section that came by {@link
   *     Exclusion#post} is then passed on with {@link StrategyHost#forward}; one that came by
   *     {@link Exclusion#call} or {@link Exclusion#deliver} is left to the caller, who is told so
   */
  boolean run(Section section);

  /** Runs an attempt inside. */
  Attempted attempt(Attempt attempt);

  /** Takes an attempt's registration back, inside; also where the partition is retired. */
  void abandon(Attempt attempt);

  /**
   * Runs timers that are due, inside; bounded, so that {@link #nextDeadline} may be past
   * afterwards.
   *
   * @return how many ran
   */
  int runTimers();

  /** The earliest deadline of the partition, inside; {@code Long.MAX_VALUE} if there is none. */
  long nextDeadline();

  /** True if the partition is retired; inside. */
  boolean isRetired();

  /**
   * Ends an occupation: sends what was held back for the end (acknowledgements, batches) and takes
   * out the calls to be made outside.
   *
   * @return the chain for {@link #indicate}, or null
   */
  @Nullable Indication leave();

  /**
   * Makes the calls of a chain, outside of the exclusion and on the thread that left, at dispatch
   * level. A handler that enters the stack again and leaves more calls behind does not nest: the
   * outermost call makes them.
   */
  void indicate(Indication chain);
}
