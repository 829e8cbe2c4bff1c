package org.penstock.simulator;

import java.util.List;
import org.penstock.core.api.EcnUse;
import org.penstock.core.api.SynCookies;
import org.penstock.netif.loopback.Offload;

/**
 * What a host is made of.
 *
 * @param name the stack's name
 * @param cells of the stack
 * @param sendBuffer most bytes a connection queues for sending
 * @param receiveBuffer most bytes a connection holds for its receiver
 * @param timeWaitNanos how long TIME-WAIT lasts
 * @param minimumRtoNanos least retransmission timeout
 * @param delayedAckNanos how long an acknowledgement may wait
 * @param timestamps whether it offers timestamps (RFC 7323)
 * @param sack whether it offers selective acknowledgement (RFC 2018)
 * @param ecn when it uses explicit congestion notification (RFC 3168)
 * @param synCookies when it answers by SYN cookies (RFC 4987)
 * @param congestion its congestion control
 * @param memoryLimit most bytes of landings and chunks
 * @param mtu of its link in bytes
 * @param offload what its interface does by itself
 * @param queueFrames frames its link holds each way, those under way included
 * @param spares its other drivers
 * @param strategy the concurrency strategy it begins with
 */
record HostPlan(
    String name,
    int cells,
    int sendBuffer,
    int receiveBuffer,
    long timeWaitNanos,
    long minimumRtoNanos,
    long delayedAckNanos,
    boolean timestamps,
    boolean sack,
    EcnUse ecn,
    SynCookies synCookies,
    Congestion congestion,
    long memoryLimit,
    int mtu,
    Offload offload,
    int queueFrames,
    List<SparePlan> spares,
    String strategy) {

  /** Copies the list. */
  HostPlan {
    spares = List.copyOf(spares);
  }

  /** The congestion controls there are. */
  enum Congestion {
    /** The stack's own. */
    NEW_RENO,
    /** RFC 9438. */
    CUBIC
  }
}
