package org.penstock.core.internal.icmp;

import java.util.concurrent.CompletionStage;
import org.penstock.api.IpAddress;
import org.penstock.core.api.Icmp;
import org.penstock.core.internal.ip.ControlMessages;
import org.penstock.core.internal.ip.InboundPacket;
import org.penstock.core.internal.ip.IpLayer;
import org.penstock.core.internal.ip.Transport;

/** Skeleton. */
public final class IcmpLayer implements Icmp, ControlMessages {

  /** ICMP over that IP; errors about their packets are told to the two transports. */
  public IcmpLayer(IpLayer ip, IcmpErrors errors, Transport tcp, Transport udp) {}

  @Override
  public CompletionStage<Echo> echo(IpAddress remote, int payload, long timeoutNanos) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean input(int cell, InboundPacket packet) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void protocolUnreachable(int cell, InboundPacket packet) {
    throw new UnsupportedOperationException();
  }
}
