package org.penstock.netif.tap;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.extension.ExtendWith;
import org.penstock.api.netif.Netif;
import org.penstock.api.netif.NetifException;
import org.penstock.api.runtime.SystemRuntime;
import org.penstock.testkit.NetworkNamespace;
import org.penstock.testkit.NetworkNamespaceExtension;
import org.penstock.testkit.netif.JoinedNetifs;
import org.penstock.testkit.netif.NetifContract;
import org.penstock.testkit.netif.NetifFixture;

/** The contract of NIC drivers, kept by a TAP that a bridge of the kernel's joins to another. */
@ExtendWith(NetworkNamespaceExtension.class)
class TapContractTest {

  @Nested
  class WithOffload extends NetifContract {
    @Override
    protected NetifFixture fixture() throws Exception {
      return BridgedTaps.make(TapSettings.of("tap0"));
    }
  }

  @Nested
  class WithoutOffload extends NetifContract {
    @Override
    protected NetifFixture fixture() throws Exception {
      return BridgedTaps.make(TapSettings.of("tap0").withOffload(false));
    }
  }

  @Nested
  class Spinning extends NetifContract {
    @Override
    protected NetifFixture fixture() throws Exception {
      return BridgedTaps.make(TapSettings.of("tap0").withSpinMicros(50));
    }
  }

  private static final class BridgedTaps extends JoinedNetifs {
    private final NetworkNamespace net;
    private final Tap tap;
    private final Tap other;

    private BridgedTaps(NetworkNamespace net, Tap tap, Tap other) throws NetifException {
      super(tap, other, SystemRuntime.get());
      this.net = net;
      this.tap = tap;
      this.other = other;
    }

    static NetifFixture make(TapSettings settings) throws Exception {
      NetworkNamespace net = NetworkNamespace.create();
      Tap tap = Tap.open(settings.withNetns(net.name()));
      Tap other = Tap.open(settings.withNetns(net.name()).withName("tap1"));
      net.run("ip", "link", "add", "br0", "type", "bridge", "forward_delay", "0");
      for (String name : new String[] {"br0", "tap0", "tap1"}) {
        // Without IPv6 the kernel has nothing of its own to say.
        net.run("ip", "link", "set", name, "addrgenmode", "none");
        net.run("ip", "link", "set", name, "up");
      }
      net.run("ip", "link", "set", "tap0", "master", "br0");
      net.run("ip", "link", "set", "tap1", "master", "br0");
      return new BridgedTaps(net, tap, other);
    }

    @Override
    public boolean link(boolean up) {
      net.run("ip", "link", "set", "tap0", up ? "up" : "down");
      return true;
    }

    /** A TAP drops what its reader does not take; it refuses frames only while switched off. */
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
      Tap closed = Tap.open(TapSettings.of("tap2").withNetns(net.name()));
      closed.close();
      return closed;
    }

    @Override
    public void close() {
      super.close();
      try {
        tap.close();
        other.close();
      } catch (TapException e) {
        throw new AssertionError(e);
      } finally {
        net.close();
      }
    }
  }
}
