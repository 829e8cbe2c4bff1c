package org.penstock.core.internal.stack;

import org.penstock.core.internal.ip.IcmpError;
import org.penstock.core.internal.ip.InboundPacket;
import org.penstock.core.internal.ip.Transport;
import org.penstock.core.internal.tcp.PathError;
import org.penstock.core.internal.tcp.TcpLayer;

/** TCP, as IP and ICMP see it. */
record TcpTransport(TcpLayer tcp) implements Transport {

  @Override
  public int cellOf(
      long sourceHigh,
      long sourceLow,
      int sourcePort,
      long destinationHigh,
      long destinationLow,
      int destinationPort) {
    return tcp.cellOf(
        sourceHigh, sourceLow, sourcePort, destinationHigh, destinationLow, destinationPort);
  }

  @Override
  public boolean input(int cell, InboundPacket packet) {
    return tcp.input(cell, packet);
  }

  @Override
  public void icmpError(int cell, IcmpError error) {
    PathError path =
        switch (error.kind()) {
          case TOO_BIG -> PathError.PACKET_TOO_BIG;
          case REFUSED -> PathError.PORT_UNREACHABLE;
          case PROHIBITED -> PathError.NETWORK_UNREACHABLE;
          case UNREACHABLE, PARAMETER_PROBLEM -> PathError.HOST_UNREACHABLE;
        };
    tcp.icmpError(
        cell,
        path,
        error.mtu(),
        error.local().high(),
        error.local().low(),
        error.localPort(),
        error.remote().high(),
        error.remote().low(),
        error.remotePort(),
        error.sequence());
  }
}
