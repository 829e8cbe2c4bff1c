package org.penstock.launcher.example;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.List;
import org.penstock.api.buffer.Landing;
import org.penstock.api.buffer.OutboundFrame;
import org.penstock.api.netif.LinkState;
import org.penstock.api.netif.LinkType;
import org.penstock.api.netif.MulticastFilter;
import org.penstock.api.netif.Netif;
import org.penstock.api.netif.NetifAttachment;
import org.penstock.api.netif.NetifCapabilities;
import org.penstock.api.netif.NetifHost;
import org.penstock.api.netif.QueueAgent;
import org.penstock.api.netif.ReceivePort;
import org.penstock.api.netif.TransmitPort;

/** A NIC in 50 lines: Ethernet frames in UDP datagrams of the host, over a connected channel. */
record TunnelNetif(String name, DatagramChannel channel, Selector selector) implements Netif {

  @Override
  public NetifCapabilities capabilities() {
    return NetifCapabilities.plain(LinkType.ETHERNET, 1400);
  }

  @Override
  public NetifAttachment attach(NetifHost host) {
    return new Tunnel(host.openReceive(0, 32));
  }

  private final class Tunnel implements NetifAttachment, QueueAgent, TransmitPort {
    private final ReceivePort up;

    Tunnel(ReceivePort up) {
      this.up = up;
    }

    @Override
    public int work(int budget) {
      int count = 0;
      try {
        for (int most = Math.min(budget, up.landings().length); count < most; count++) {
          Landing landing = up.landings()[count];
          int length = channel.read(landing.segment().asByteBuffer());
          if (length <= 0) {
            break;
          }
          landing.describe(0, length, 0);
        }
      } catch (IOException e) {
        count = 0; // a datagram that nobody took; TCP sends again
      }
      up.deliver(count);
      return count;
    }

    @Override
    public void idle(long deadlineNanos) {
      try {
        selector.select(key -> {}, 10);
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public void wake() {
      selector.wakeup();
    }

    @Override
    public int transmit(OutboundFrame[] frames, int count) {
      for (int i = 0; i < count; i++) {
        ByteBuffer[] pieces = new ByteBuffer[frames[i].pieces()];
        for (int p = 0; p < pieces.length; p++) {
          long from = frames[i].offset(p);
          pieces[p] = frames[i].segment(p).asSlice(from, frames[i].length(p)).asByteBuffer();
        }
        try {
          channel.write(pieces);
        } catch (IOException e) {
          continue; // lost on the way
        }
      }
      return count;
    }

    @Override
    public boolean detach(long deadlineNanos) {
      up.giveBack();
      return true;
    }

    @Override
    public List<QueueAgent> queues() {
      return List.of(this);
    }

    @Override
    public TransmitPort openTransmit() {
      return this;
    }

    @Override
    public LinkState link() {
      return LinkState.UP;
    }

    @Override
    public void multicast(MulticastFilter filter) {}

    @Override
    public void close() {}
  }

  /** Opens one end of a tunnel. */
  static TunnelNetif open(String name, DatagramChannel connected) throws IOException {
    Selector selector = Selector.open();
    connected.configureBlocking(false);
    connected.register(selector, SelectionKey.OP_READ);
    return new TunnelNetif(name, connected, selector);
  }
}
