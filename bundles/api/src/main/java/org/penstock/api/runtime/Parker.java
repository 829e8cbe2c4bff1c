package org.penstock.api.runtime;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Makes one thread wait for another: a binary permit, as in {@code LockSupport}, that belongs to
 * the thread that asked for it. A permit given before {@link #park} is not lost.
 */
@ConsumerType
public interface Parker {

  /**
   * Waits for the permit and takes it; called by the owner only. May return early without a permit,
   * so that callers test their condition in a loop.
   *
   * @param deadlineNanos when to give up, by {@link StackRuntime#nanoTime}; {@link
   *     StackRuntime#NEVER} for never
   * @return false if the thread's interrupt status was set (it stays set), else true
   */
  boolean park(long deadlineNanos);

  /**
   * Waits as {@link #park} does, but not cut short by an interrupt status that was set before the
   * call; the status is kept. For short waits that have no way to report an interrupt.
   *
   * <p>As it stands here it returns early while the status is set, and its caller spins.
   *
   * @param deadlineNanos as in {@link #park}
   */
  default void parkUninterruptibly(long deadlineNanos) {
    park(deadlineNanos);
  }

  /** Gives the permit; from any thread, never blocks. */
  void unpark();
}
