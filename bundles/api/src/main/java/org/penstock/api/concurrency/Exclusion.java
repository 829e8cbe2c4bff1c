package org.penstock.api.concurrency;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * A strategy's side of a partition: the ways in. All methods may be called from any thread unless
 * said otherwise.
 */
@ConsumerType
public interface Exclusion {

  /**
   * Has a section run inside, now or later, in the order of posting by one thread. Never blocks,
   * fails or allocates; allowed at every level, also from inside this or another partition (then
   * the section, and what it leaves to be called, runs after that one was left). On an instance not
   * yet open the section waits; on a closed one it is passed to {@link StrategyHost#forward}.
   */
  void post(Section section);

  /**
   * Runs a section inside and returns when it has run. What the calling thread posted before has
   * run by then. Inside this partition it runs at once, as part of the present occupation. Allowed
   * at dispatch level: the wait for the exclusion is bounded by the sections of others.
   *
   * @return false if the partition is retired: nothing ran, the caller enters by the new strategy
   * @throws IllegalStateException from inside another partition, of this stack or another one
   */
  boolean call(Section section);

  /**
   * Offers a section that carries received frames, on the thread that received them.
   *
   * @return true if it ran; false if this strategy does not let the thread in (or is retired), then
   *     the rim queues the frames, bounded, and posts
   */
  boolean deliver(Section section);

  /**
   * Waits until an attempt succeeds. The thread sleeps outside; the attempt is tried inside, at
   * first and after every {@link #signal}, and once more before a wait is given up. At passive
   * level only. On an instance not yet open it blocks until that is opened or closed, whatever the
   * deadline: nobody may enter before, and so nobody could abandon the attempt.
   *
   * @param deadlineNanos by the runtime's clock, {@code Long.MAX_VALUE} for none
   */
  Awaited await(Attempt attempt, long deadlineNanos);

  /**
   * Says that an attempt may succeed now; called inside this partition. Without a sleeper it does
   * nothing. The attempt is tried again by the sleeper or by the strategy, never within this call.
   */
  void signal(Attempt attempt);
}
