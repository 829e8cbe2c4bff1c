package org.penstock.api.netif;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * A driver's receive queue. The driver has no thread for it: the concurrency strategy drives it, by
 * a reader thread or by the partition's own. One thread at a time calls {@link #work} and {@link
 * #idle}; {@link #wake} comes from any.
 */
@ConsumerType
public interface QueueAgent {

  /**
   * Takes what the device has and delivers it, without waiting.
   *
   * @param budget most frames to deliver
   * @return frames delivered; 0 if the device is empty
   */
  int work(int budget);

  /**
   * Waits until the device may have frames, {@link #wake} was called, the deadline has come, or the
   * thread is interrupted. A wake before the call is not lost. May return early.
   *
   * @param deadlineNanos by the runtime's clock; {@code Long.MAX_VALUE} for no deadline
   */
  void idle(long deadlineNanos);

  /** Ends the present or the next {@link #idle}; never blocks. */
  void wake();
}
