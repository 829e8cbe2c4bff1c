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

/** Skeleton. */
public final class UdpLayer implements Udp, Transport {

  /** UDP over that IP. */
  public UdpLayer(IpLayer ip, IcmpErrors errors) {}

  @Override
  public int cellOf(int localPort) {
    throw new UnsupportedOperationException();
  }

  @Override
  public UdpPort open(TransportAddress local, UdpUser user) {
    throw new UnsupportedOperationException();
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

  @Override
  public boolean input(int cell, InboundPacket packet) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void icmpError(int cell, IcmpError error) {
    throw new UnsupportedOperationException();
  }

  /** Gives the ports of a cell; inside it. */
  public void views(int cell, Consumer<? super PcbView> consumer) {
    throw new UnsupportedOperationException();
  }

  /** Says what does not hold in a cell, one line each; inside it. */
  public void checkInvariants(int cell, Consumer<String> violations) {
    throw new UnsupportedOperationException();
  }
}
