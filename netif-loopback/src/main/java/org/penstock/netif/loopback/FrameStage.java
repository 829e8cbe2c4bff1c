package org.penstock.netif.loopback;

import java.lang.foreign.MemorySegment;
import org.osgi.annotation.versioning.ConsumerType;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Stands in one direction of a cable and decides what becomes of every frame that is sent that way:
 * it may arrive at once, later, twice, changed, in another order, or not at all.
 *
 * <p>A stage sees what a wire would carry: super-frames are cut into packets and checksums are
 * computed before it. It is called by the thread that works on the receiving queue, at passive
 * level and one call at a time, in the order in which the frames were sent. A stage that throws
 * breaks the cable: the receiving slot is told that its device has failed.
 */
@FunctionalInterface
@ConsumerType
public interface FrameStage {

  /**
   * Decides about one frame. A frame for which nothing is said to {@code arrivals} is lost.
   *
   * @param sentNanos when it was sent, by the runtime's clock
   * @param frame its octets from the Ethernet header on, read-only, valid during the call
   * @param arrivals what arrives at the other end, and when
   */
  void pass(long sentNanos, MemorySegment frame, Arrivals arrivals);

  /** Takes a stage's decision about one frame; valid during the call. */
  @ProviderType
  interface Arrivals {

    /**
     * The frame arrives unchanged.
     *
     * @param dueNanos when, by the runtime's clock; a time that has passed means at once. Frames
     *     due at the same time arrive in the order of these calls
     */
    void at(long dueNanos);

    /**
     * A frame arrives with other octets: a corrupted copy, or any frame the stage makes up.
     *
     * @param dueNanos when
     * @param octets the frame from its Ethernet header on, copied before this returns
     * @throws IllegalArgumentException if it is longer than the cable's largest frame
     */
    void at(long dueNanos, MemorySegment octets);
  }
}
