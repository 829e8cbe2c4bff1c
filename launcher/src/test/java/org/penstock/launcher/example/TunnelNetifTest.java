package org.penstock.launcher.example;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.DatagramChannel;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.penstock.api.IpAddress;
import org.penstock.core.api.Icmp;
import org.penstock.core.api.SlotSettings;
import org.penstock.core.api.Stack;
import org.penstock.core.api.StackBuilder;

/** The README's NIC works: two stacks ping each other through it. */
class TunnelNetifTest {

  @Test
  void stacksPingEachOtherThroughTheTunnel() throws Exception {
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    try (DatagramChannel left = DatagramChannel.open().bind(any);
        DatagramChannel right = DatagramChannel.open().bind(any);
        Stack a = new StackBuilder("a").strategy("global-lock").build();
        Stack b = new StackBuilder("b").strategy("mailbox").build()) {
      left.connect(right.getLocalAddress());
      right.connect(left.getLocalAddress());
      TunnelNetif near = TunnelNetif.open("left", left);
      TunnelNetif far = TunnelNetif.open("right", right);
      assertThat(a.addSlot(SlotSettings.of("net0", "192.0.2.1/24")).offer(near, 0)).isNull();
      assertThat(b.addSlot(SlotSettings.of("net0", "192.0.2.2/24")).offer(far, 0)).isNull();
      Icmp.Echo echo =
          a.icmp()
              .echo(IpAddress.parse("192.0.2.2"), 1000, TimeUnit.SECONDS.toNanos(20))
              .toCompletableFuture()
              .get(30, TimeUnit.SECONDS);
      assertThat(echo.outcome()).isEqualTo(Icmp.Outcome.REPLY);
      assertThat(echo.bytes()).isEqualTo(1000);
    }
  }
}
