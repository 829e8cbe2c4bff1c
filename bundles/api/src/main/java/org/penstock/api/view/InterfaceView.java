package org.penstock.api.view;

import java.util.List;
import org.penstock.api.IpPrefix;
import org.penstock.api.MacAddress;
import org.penstock.api.netif.LinkType;

/**
 * A slot at one moment.
 *
 * @param name such as {@code net0}
 * @param driver the name of its driver, empty if it has none
 * @param drivers all that are on offer, best ranking first
 * @param generation how many drivers it has had
 * @param up true if it has a driver and the driver a link
 * @param linkType what its frames start with
 * @param mac its station address
 * @param mtu largest IP packet in bytes
 * @param addresses its addresses
 * @param offload the driver's offloads in use, such as {@code csum tso}, empty for none
 * @param receivedFrames frames received
 * @param receivedBytes bytes received, link headers included
 * @param sentFrames frames sent
 * @param sentBytes bytes sent, link headers included
 * @param dropped frames and packets dropped at this interface, both ways, by its drivers too
 */
public record InterfaceView(
    String name,
    String driver,
    List<DriverView> drivers,
    int generation,
    boolean up,
    LinkType linkType,
    MacAddress mac,
    int mtu,
    List<IpPrefix> addresses,
    String offload,
    long receivedFrames,
    long receivedBytes,
    long sentFrames,
    long sentBytes,
    long dropped) {

  /** Copies the lists. */
  public InterfaceView {
    drivers = List.copyOf(drivers);
    addresses = List.copyOf(addresses);
  }
}
