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

  /**
   * When {@link #work} next has something to do of its own accord: a frame that an in-JVM driver
   * holds back until its time. {@link #idle} returns by then; a strategy that never idles in a
   * queue counts it among its deadlines and calls {@link #work} when it has come. Whoever works on
   * the queue asks again afterwards; a device that has become ready in between says so by waking
   * whoever idles, or is found by the next {@link #work}.
   *
   * @return a time by the runtime's clock, now or past if there is something to do already; {@code
   *     Long.MAX_VALUE} if nothing is due, as for every device that is only ready or empty
   */
  default long nextDue() {
    return Long.MAX_VALUE;
  }
}
