package org.penstock.api.view;

import org.penstock.api.TransportAddress;

/**
 * A protocol control block at one moment.
 *
 * @param protocol {@code tcp}, {@code udp} or {@code raw}; of the last the protocol number stands
 *     in place of the port
 * @param list which of the four lists it stands on
 * @param state the TCP state's name as in RFC 9293 §3.3.2, {@code -} for others than TCP
 * @param local its local address
 * @param remote its remote address, an unspecified one where it has none
 * @param owner {@code endpoint}, {@code listener}, {@code address}, or {@code orphan}
 * @param sendQueue bytes sent and not acknowledged, or waiting to be sent
 * @param receiveQueue bytes received and not yet taken
 * @param window the congestion window in bytes, 0 where it has none
 * @param smoothedRttNanos the smoothed round-trip time, 0 before the first sample
 * @param retransmitted segments sent again
 * @param congestion the congestion control's name, empty where it has none
 * @param cell its cell
 */
public record PcbView(
    String protocol,
    List list,
    String state,
    TransportAddress local,
    TransportAddress remote,
    String owner,
    long sendQueue,
    long receiveQueue,
    long window,
    long smoothedRttNanos,
    long retransmitted,
    String congestion,
    int cell) {

  /** The four lists of PCBs. */
  public enum List {
    /** Has a local address, is neither listening nor connected. */
    BOUND,
    /** Waits for connections. */
    LISTENING,
    /** Connecting, connected or closing. */
    ACTIVE,
    /** In TIME-WAIT. */
    TIME_WAIT
  }

  /**
   * A PCB that holds and sends nothing: one that is bound only, or in TIME-WAIT.
   *
   * @param protocol its protocol
   * @param list the list it stands on
   * @param state its state's name
   * @param local its local address
   * @param remote its remote address
   * @param owner whose it is
   * @param cell its cell
   */
  public static PcbView withoutData(
      String protocol,
      List list,
      String state,
      TransportAddress local,
      TransportAddress remote,
      String owner,
      int cell) {
    return new PcbView(protocol, list, state, local, remote, owner, 0, 0, 0, 0, 0, "", cell);
  }
}
