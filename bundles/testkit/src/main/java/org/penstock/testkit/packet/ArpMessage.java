package org.penstock.testkit.packet;

import org.penstock.api.IpAddress;
import org.penstock.api.MacAddress;

/**
 * An ARP message for IPv4 over Ethernet (RFC 826).
 *
 * @param operation 1 request, 2 reply
 */
public record ArpMessage(
    int operation,
    MacAddress senderMac,
    IpAddress senderIp,
    MacAddress targetMac,
    IpAddress targetIp) {

  /** A request. */
  public static final int REQUEST = 1;

  /** A reply. */
  public static final int REPLY = 2;
}
