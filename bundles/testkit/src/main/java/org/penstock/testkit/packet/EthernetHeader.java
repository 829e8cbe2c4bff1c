package org.penstock.testkit.packet;

import org.penstock.api.MacAddress;

/**
 * An Ethernet header.
 *
 * @param type the EtherType
 */
public record EthernetHeader(MacAddress destination, MacAddress source, int type) {

  /** EtherType of IPv4. */
  public static final int IPV4 = 0x0800;

  /** EtherType of ARP. */
  public static final int ARP = 0x0806;

  /** EtherType of IPv6. */
  public static final int IPV6 = 0x86dd;
}
