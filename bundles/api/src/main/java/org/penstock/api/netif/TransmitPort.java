package org.penstock.api.netif;

import org.osgi.annotation.versioning.ConsumerType;
import org.penstock.api.buffer.OutboundFrame;

/**
 * The way down of one partition. Runs at core level: it never blocks, never delivers (a driver
 * inside the JVM queues, and its agent delivers), and never calls the host.
 */
@ConsumerType
public interface TransmitPort {

  /**
   * Sends frames, in order. The frames are lent: the driver has read them all when it returns.
   *
   * @param frames the frames
   * @param count how many of them, from index 0
   * @return how many were taken; the rest may be offered again after {@link
   *     NetifHost#transmitReady}. A frame that the device can never take (too long) counts as
   *     taken, and is dropped and counted by the driver
   */
  int transmit(OutboundFrame[] frames, int count);

  /** Closes the port; nothing is sent through it any more. */
  void close();
}
