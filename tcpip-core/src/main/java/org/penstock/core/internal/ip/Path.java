package org.penstock.core.internal.ip;

import org.penstock.api.IpAddress;

/**
 * A way to a destination, as it was looked up: kept by PCBs, immutable. It names the slot by its
 * number and never refers to a driver; when routes, addresses or slots change it is {@linkplain
 * PacketOutput#isCurrent no longer current} and is looked up again.
 *
 * @param slot the slot's number
 * @param local the source address
 * @param remote the destination address
 * @param nextHop the gateway, or the destination itself on the link
 * @param mtu largest IP packet in bytes: of the first link, or of what is known of all others
 * @param linkMtu of the first link alone: what may come in return, whatever fits the other way
 * @param isNarrow true if a router has said to take less than the least {@code mtu} there is
 * @param isBroadcast true if the destination is every station of a link
 * @param generation of the routes it was looked up in
 */
public record Path(
    int slot,
    IpAddress local,
    IpAddress remote,
    IpAddress nextHop,
    int mtu,
    int linkMtu,
    boolean isNarrow,
    boolean isBroadcast,
    long generation) {

  /** A way to one host, of which nothing is known but its first link. */
  public Path(
      int slot, IpAddress local, IpAddress remote, IpAddress nextHop, int mtu, long generation) {
    this(slot, local, remote, nextHop, mtu, mtu, false, false, generation);
  }
}
