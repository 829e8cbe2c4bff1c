package org.penstock.simulator;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.penstock.api.buffer.GsoType;
import org.penstock.api.buffer.OutboundFrame;
import org.penstock.api.netif.LinkState;
import org.penstock.api.netif.MulticastFilter;
import org.penstock.api.netif.Netif;
import org.penstock.api.netif.NetifAttachment;
import org.penstock.api.netif.NetifCapabilities;
import org.penstock.api.netif.NetifException;
import org.penstock.api.netif.NetifHost;
import org.penstock.api.netif.QueueAgent;
import org.penstock.api.netif.TransmitPort;

/**
 * A driver of a host that has several: a cable's end that says it passes shorter packets than it
 * does, and shows the judge what is sent as it is sent. On the cables it would be seen in another
 * order, because each keeps its own.
 */
final class JudgedNetif implements Netif {

  private final Netif cable;
  private final int mtu;
  private final WireJudge judge;

  JudgedNetif(Netif cable, int mtu, WireJudge judge) {
    this.cable = cable;
    this.mtu = mtu;
    this.judge = judge;
  }

  @Override
  public String name() {
    return cable.name();
  }

  @Override
  public NetifCapabilities capabilities() {
    NetifCapabilities all = cable.capabilities();
    return new NetifCapabilities(
        all.linkType(),
        mtu,
        all.checksumIn(),
        all.checksumOut(),
        all.tcpSegmentation(),
        all.udpSegmentation(),
        all.receiveCoalescing(),
        all.queues(),
        all.gather(),
        all.retains());
  }

  @Override
  public long drops() {
    return cable.drops();
  }

  @Override
  public NetifAttachment attach(NetifHost host) throws NetifException {
    NetifAttachment attachment = cable.attach(host);
    return new NetifAttachment() {
      @Override
      public List<QueueAgent> queues() {
        return attachment.queues();
      }

      @Override
      public TransmitPort openTransmit() {
        return judged(attachment.openTransmit());
      }

      @Override
      public LinkState link() {
        return attachment.link();
      }

      @Override
      public void multicast(MulticastFilter filter) {
        attachment.multicast(filter);
      }

      @Override
      public boolean detach(long deadlineNanos) {
        return attachment.detach(deadlineNanos);
      }
    };
  }

  private TransmitPort judged(TransmitPort port) {
    return new TransmitPort() {
      @Override
      public int transmit(OutboundFrame[] frames, int count) {
        for (int i = 0; i < count; i++) {
          show(frames[i]);
        }
        return port.transmit(frames, count);
      }

      @Override
      public void close() {
        port.close();
      }
    };
  }

  private void show(OutboundFrame frame) {
    byte[] octets = new byte[frame.length()];
    MemorySegment copy = MemorySegment.ofArray(octets);
    frame.copyTo(copy, 0);
    judge.sent(copy, frame.gsoType() == GsoType.NONE ? frame.length() : frame.gsoSize());
  }
}
