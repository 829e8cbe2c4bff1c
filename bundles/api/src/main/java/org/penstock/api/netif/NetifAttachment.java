package org.penstock.api.netif;

import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/** A driver's side of its bond to a slot. */
@ConsumerType
public interface NetifAttachment {

  /**
   * The receive queues, as agents for the concurrency strategy to drive; empty for a driver that
   * pushes from a thread of its own. The same list at every call.
   */
  List<QueueAgent> queues();

  /**
   * Opens a port to send through. The slot opens one for each partition; each is used by one thread
   * at a time, different ones at the same time.
   */
  TransmitPort openTransmit();

  /** The link at this moment; changes come by {@link NetifHost#linkChanged}. */
  LinkState link();

  /**
   * Sets which group addresses the slot listens to. A driver that can't filter passes all and the
   * slot filters. From any thread, never blocks.
   */
  void multicast(MulticastFilter filter);

  /**
   * Ends the bond by a fence: the driver stops calling the host, gives back its landings by {@link
   * ReceivePort#giveBack}, and refuses what transmit ports are still given. The strategy has
   * stopped driving the queues before.
   *
   * @param deadlineNanos when to give up, by the host's runtime
   * @return true if no callback will come any more; false if the driver could not be stopped in
   *     time, then the slot writes off its landings and never binds this instance again
   */
  boolean detach(long deadlineNanos);
}
