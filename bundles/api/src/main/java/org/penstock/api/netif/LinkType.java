package org.penstock.api.netif;

/** What a frame of a device starts with. */
public enum LinkType {
  /** An Ethernet header; neighbours are resolved by ARP and neighbour discovery. */
  ETHERNET,
  /** An IP header; there are no neighbours. */
  IP
}
