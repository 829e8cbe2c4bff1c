package org.penstock.core.internal.udp;

import java.util.function.Consumer;
import org.penstock.api.TransportAddress;
import org.penstock.api.view.PcbView;
import org.penstock.core.api.Udp;
import org.penstock.core.api.UdpPort;
import org.penstock.core.api.UdpUser;
import org.penstock.core.internal.icmp.IcmpErrors;
import org.penstock.core.internal.ip.IcmpError;
import org.penstock.core.internal.ip.InboundPacket;
import org.penstock.core.internal.ip.IpLayer;
import org.penstock.core.internal.ip.Transport;

/**
 * UDP (RFC 768, RFC 1122 §4.1) of one stack. All of a local port is at home in one cell, so that an
 * address file has one home whoever it talks to.
 */
public final class UdpLayer implements Udp, Transport {

  private final IpLayer ip;
  private final UdpCell[] cells;

  /** UDP over that IP. */
  public UdpLayer(IpLayer ip, IcmpErrors errors) {
    this.ip = ip;
    this.cells = new UdpCell[ip.cells()];
    for (int i = 0; i < cells.length; i++) {
      cells[i] = new UdpCell(ip, errors, i);
    }
  }

  @Override
  public int cellOf(int localPort) {
    return ip.homes().ofUdpPort(localPort);
  }

  @Override
  public int cellOf(
      long sourceHigh,
      long sourceLow,
      int sourcePort,
      long destinationHigh,
      long destinationLow,
      int destinationPort) {
    return cellOf(destinationPort);
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException if the port is 0, or the address is not ours
   * @throws IllegalStateException from outside of the port's cell
   */
  @Override
  public UdpPort open(TransportAddress local, UdpUser user) {
    if (local.port() == 0) {
      throw new IllegalArgumentException(
          "UDP address " + local + " has no port: draw one, or choose between 1 and 65535");
    }
    if (!local.address().isAny() && !ip.tables().isLocal(local.address())) {
      throw new IllegalArgumentException(
          "UDP address " + local + " is not ours: use an address of an interface, or 0.0.0.0");
    }
    int home = cellOf(local.port());
    if (!ip.gate().isInside(home)) {
      throw new IllegalStateException("UDP address " + local + " is opened in cell " + home);
    }
    return cells[home].open(local, user);
  }

  @Override
  public boolean input(int cell, InboundPacket packet) {
    cells[cell].input(packet);
    return false;
  }

  @Override
  public void icmpError(int cell, IcmpError error) {
    cells[cell].error(error);
  }

  /** Shows the open addresses of a cell; inside it. */
  public void views(int cell, Consumer<? super PcbView> consumer) {
    cells[cell].views(consumer);
  }

  /** Says what does not hold in a cell, one line each; inside it. */
  public void checkInvariants(int cell, Consumer<String> violations) {
    cells[cell].checkInvariants(violations);
  }
}
