package org.penstock.netif.tap;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.extension.ExtendWith;
import org.penstock.api.netif.Netif;
import org.penstock.api.netif.NetifException;
import org.penstock.api.runtime.SystemRuntime;
import org.penstock.testkit.NetworkNamespace;
import org.penstock.testkit.NetworkNamespaceExtension;
import org.penstock.testkit.Prerequisites;
import org.penstock.testkit.netif.JoinedNetifs;
import org.penstock.testkit.netif.NetifContract;
import org.penstock.testkit.netif.NetifFixture;

/**
 * The contract of NIC drivers, kept by a TUN. The kernel's packet filter hands what comes out of
 * one device to another as it is: routed, each packet would change on its way.
 */
@ExtendWith(NetworkNamespaceExtension.class)
class TunContractTest {

  @Nested
  class WithOffload extends NetifContract {
    @Override
    protected NetifFixture fixture() throws Exception {
      return JoinedTuns.make(TapSettings.tun("tun0"));
    }
  }

  @Nested
  class WithoutOffload extends NetifContract {
    @Override
    protected NetifFixture fixture() throws Exception {
      return JoinedTuns.make(TapSettings.tun("tun0").withOffload(false));
    }
  }

  private static final class JoinedTuns extends JoinedNetifs {
    private final NetworkNamespace net;
    private final Tap tun;
    private final Tap other;

    private JoinedTuns(NetworkNamespace net, Tap tun, Tap other) throws NetifException {
      super(tun, other, SystemRuntime.get());
      this.net = net;
      this.tun = tun;
      this.other = other;
    }

    static NetifFixture make(TapSettings settings) throws Exception {
      Prerequisites.requireTool("nft", "nftables");
      NetworkNamespace net = NetworkNamespace.create();
      Tap tun = Tap.open(settings.withNetns(net.name()));
      Tap other = Tap.open(settings.withNetns(net.name()).withName("tun1"));
      for (String name : new String[] {"tun0", "tun1"}) {
        // Without IPv6 the kernel has nothing of its own to say.
        net.run("ip", "link", "set", name, "addrgenmode", "none");
        net.run("ip", "link", "set", name, "up");
      }
      net.run("nft", "add", "table", "netdev", "wire");
      forward(net, "tun0", "tun1");
      forward(net, "tun1", "tun0");
      return new JoinedTuns(net, tun, other);
    }

    private static void forward(NetworkNamespace net, String from, String to) {
      String hook = "{ type filter hook ingress device " + from + " priority 0; }";
      net.run("nft", "add", "chain", "netdev", "wire", from, hook);
      net.run("nft", "add", "rule", "netdev", "wire", from, "fwd", "to", to);
    }

    @Override
    public boolean link(boolean up) {
      net.run("ip", "link", "set", "tun0", up ? "up" : "down");
      return true;
    }

    /** A TUN drops what its reader does not take; it refuses packets only while switched off. */
    @Override
    public boolean stall() {
      return link(false);
    }

    @Override
    public void resume() {
      link(true);
    }

    @Override
    public Netif unusable() throws Exception {
      Tap closed = Tap.open(TapSettings.tun("tun2").withNetns(net.name()));
      closed.close();
      return closed;
    }

    @Override
    public void close() {
      super.close();
      try {
        tun.close();
        other.close();
      } catch (TapException e) {
        throw new AssertionError(e);
      } finally {
        net.close();
      }
    }
  }
}
