package org.penstock.netif.tap.internal;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.penstock.api.buffer.OutboundFrame;
import org.penstock.api.netif.LinkState;
import org.penstock.api.netif.LinkType;
import org.penstock.api.netif.NetifAttachment;
import org.penstock.api.netif.TransmitPort;
import org.penstock.netif.tap.Tap;
import org.penstock.netif.tap.TapException;
import org.penstock.netif.tap.TapSettings;
import org.penstock.testkit.NetworkNamespace;
import org.penstock.testkit.NetworkNamespaceExtension;
import org.penstock.testkit.netif.ReceivedFrame;
import org.penstock.testkit.netif.RecordingHost;

/** The driver between a recording slot and the kernel. */
@ExtendWith(NetworkNamespaceExtension.class)
class TapNetifTest {
  private static TapSettings tap0(NetworkNamespace net) {
    return TapSettings.of("tap0").withNetns(net.name());
  }

  private static void up(NetworkNamespace net) {
    net.run("ip", "addr", "add", "192.0.2.1/24", "dev", "tap0");
    net.run("ip", "link", "set", "tap0", "up");
    net.run("ip", "neigh", "replace", "192.0.2.2", "lladdr", RawWire.OUR_MAC, "dev", "tap0");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 5000})
  void carriesFramesBothWays(int spinMicros, NetworkNamespace net) throws Exception {
    List<String> before = Descriptors.ofTheDriver();
    try (Tap tap = Tap.open(tap0(net).withSpinMicros(spinMicros));
        var slot = new AttachedTap(tap)) {
      up(net);
      for (int round = 0; round < 3; round++) {
        assertThat(slot.send(AttachedTap.frame(RawWire.arpRequest("192.0.2.2", "192.0.2.1"))))
            .isEqualTo(1);
        assertThat(RawWire.arpSender(slot.receive(RawWire::isArpReply).octets()))
            .startsWith("192.0.2.1 at ");

        net.run("bash", "-c", "echo penstock > /dev/udp/192.0.2.2/9");
        byte[] datagram = slot.receive(RawWire::isUdp).octets();
        assertThat(datagram).hasSize(14 + 20 + 8 + 9);
        assertThat(new String(datagram, 42, 9, US_ASCII)).isEqualTo("penstock\n");
      }
    }
    assertThat(Descriptors.ofTheDriver()).isEqualTo(before);
    assertThat(net.run("ip", "-o", "link")).doesNotContain("tap0");
  }

  @Test
  void gathersAFrameFromItsPieces(NetworkNamespace net) throws Exception {
    try (Tap tap = Tap.open(tap0(net));
        var slot = new AttachedTap(tap);
        Arena arena = Arena.ofShared()) {
      up(net);
      byte[] octets = RawWire.arpRequest("192.0.2.2", "192.0.2.1");
      MemorySegment outside = arena.allocate(64);
      MemorySegment.copy(octets, 0, outside, java.lang.foreign.ValueLayout.JAVA_BYTE, 3, 42);
      var frame = new OutboundFrame();
      frame.add(outside, 3, 14);
      frame.add(MemorySegment.ofArray(octets), 14, 8);
      frame.add(outside, 60, 0);
      frame.add(outside, 3 + 22, 10);
      frame.add(MemorySegment.ofArray(octets), 32, 10);

      assertThat(slot.send(frame)).isEqualTo(1);
      slot.receive(RawWire::isArpReply);
    }
  }

  @Test
  void statesWhatTheKernelOffers(NetworkNamespace net) throws Exception {
    try (Tap tap = Tap.open(tap0(net).withMtu(1400))) {
      var offered = tap.capabilities();
      assertThat(offered.linkType()).isEqualTo(LinkType.ETHERNET);
      assertThat(offered.mtu()).isEqualTo(1400);
      assertThat(offered.checksumIn()).isTrue();
      assertThat(offered.checksumOut()).isTrue();
      assertThat(offered.tcpSegmentation()).isEqualTo(65_535);
      assertThat(offered.receiveCoalescing()).isEqualTo(65_549);
      assertThat(offered.queues()).isEqualTo(1);
    }
    try (Tap tap = Tap.open(tap0(net).withOffload(false))) {
      var offered = tap.capabilities();
      assertThat(offered.checksumIn()).isFalse();
      assertThat(offered.checksumOut()).isFalse();
      assertThat(offered.tcpSegmentation()).isZero();
      assertThat(offered.udpSegmentation()).isZero();
      assertThat(offered.receiveCoalescing()).isEqualTo(1514);
    }
  }

  @Test
  void tellsThatTheLinkWasSwitchedAndTakesFramesAgain(NetworkNamespace net) throws Exception {
    try (Tap tap = Tap.open(tap0(net));
        var slot = new AttachedTap(tap)) {
      OutboundFrame request = AttachedTap.frame(RawWire.arpRequest("192.0.2.2", "192.0.2.1"));
      assertThat(slot.attachment.link()).isEqualTo(LinkState.DOWN);
      assertThat(slot.send(request)).isZero();

      up(net);
      assertThat(slot.host.await(() -> slot.host.transmitReadies() > 0, AttachedTap.soon()))
          .isTrue();
      assertThat(slot.host.await(() -> !slot.host.links().isEmpty(), AttachedTap.soon())).isTrue();
      assertThat(slot.host.links()).containsExactly(LinkState.UP);
      assertThat(slot.attachment.link()).isEqualTo(LinkState.UP);
      assertThat(slot.send(request)).isEqualTo(1);
      slot.receive(RawWire::isArpReply);

      net.run("ip", "link", "set", "tap0", "down");
      assertThat(slot.host.await(() -> slot.host.links().size() > 1, AttachedTap.soon())).isTrue();
      assertThat(slot.host.links()).containsExactly(LinkState.UP, LinkState.DOWN);
      assertThat(slot.host.failures()).isEmpty();
      assertThat(tap.drops()).isZero();
    }
  }

  @Test
  void doesNotSpinWhileTheLinkIsDown(NetworkNamespace net) throws Exception {
    try (Tap tap = Tap.open(tap0(net));
        var slot = new AttachedTap(tap)) {
      assertThat(slot.send(AttachedTap.frame(RawWire.arpRequest("192.0.2.2", "192.0.2.1"))))
          .isZero();
      assertSleeps(slot);
    }
  }

  // Each sleep lasts 100 ms where nothing happens: 20 of them take 2 s, and some come early.
  private static void assertSleeps(AttachedTap slot) throws InterruptedException {
    long start = AttachedTap.RUNTIME.nanoTime();
    long first = slot.idles.get();
    slot.host.await(() -> false, start + 1_000_000_000L);
    assertThat(slot.idles.get() - first).isBetween(1L, 20L);
  }

  @Test
  void reportsADeviceDeletedBehindItsBackAndSleeps(NetworkNamespace net) throws Exception {
    List<TapException> lost = new ArrayList<>();
    List<String> before = Descriptors.ofTheDriver();
    try (TapNetif tap = TapNetif.open(tap0(net), lost::add);
        var slot = new AttachedTap(tap)) {
      up(net);
      net.run("ip", "link", "del", "tap0");

      assertThat(slot.host.await(() -> !slot.host.failures().isEmpty(), AttachedTap.soon()))
          .isTrue();
      assertSleeps(slot);
      assertThat(slot.host.failures())
          .singleElement()
          .asString()
          .contains("the TAP device 'tap0' has been deleted");
      assertThat(lost).hasSize(1);
      assertThat(slot.attachment.link()).isEqualTo(LinkState.DOWN);
      assertThat(slot.send(AttachedTap.frame(RawWire.arpRequest("192.0.2.2", "192.0.2.1"))))
          .isZero();
      slot.release();
      slot.attachment.detach(AttachedTap.soon());
      assertThatExceptionOfType(TapException.class)
          .isThrownBy(() -> tap.attach(slot.host))
          .withMessage("the TAP device 'tap0' has been deleted");
    }
    assertThat(Descriptors.ofTheDriver()).isEqualTo(before);
  }

  @Test
  void refusesToAttachWhatWasDeletedWhileItWasParked(NetworkNamespace net) throws Exception {
    try (Tap tap = Tap.open(tap0(net))) {
      net.run("ip", "link", "del", "tap0");
      var host = new RecordingHost("test/net0", AttachedTap.RUNTIME, tap.capabilities());
      assertThatExceptionOfType(TapException.class)
          .isThrownBy(() -> tap.attach(host))
          .withMessageContaining("has been deleted; open it again");
    }
  }

  @Test
  void tellsThatTheMtuWasChanged(NetworkNamespace net) throws Exception {
    try (Tap tap = Tap.open(tap0(net).withOffload(false));
        var slot = new AttachedTap(tap)) {
      up(net);
      net.run("ip", "link", "set", "tap0", "mtu", "1280");

      assertThat(slot.host.await(() -> slot.host.capabilityChanges() > 0, AttachedTap.soon()))
          .isTrue();
      assertThat(tap.capabilities().mtu()).isEqualTo(1280);
      assertThat(tap.capabilities().receiveCoalescing()).isEqualTo(1294);
    }
  }

  @Test
  void dropsAndCountsWhatIsTooLong(NetworkNamespace net) throws Exception {
    try (Tap tap = Tap.open(tap0(net).withOffload(false));
        var slot = new AttachedTap(tap)) {
      up(net);
      assertThat(slot.send(AttachedTap.frame(new byte[1515]))).isEqualTo(1);
      assertThat(tap.drops()).isEqualTo(1);

      // Too short for the kernel, which refuses it.
      assertThat(slot.send(AttachedTap.frame(new byte[13]))).isEqualTo(1);
      assertThat(tap.drops()).isEqualTo(2);

      // Longer than the landings that were lent: an MTU raised meanwhile.
      net.run("ip", "link", "set", "tap0", "mtu", "9000");
      net.run("bash", "-c", "printf %2000s x > /dev/udp/192.0.2.2/9; echo > /dev/udp/192.0.2.2/9");
      slot.receive(octets -> RawWire.isUdp(octets) && octets.length == 43);
      assertThat(tap.drops()).isEqualTo(3);
    }
  }

  @Test
  void givesEverythingBackWhenDetachedAndCanBeAttachedAgain(NetworkNamespace net) throws Exception {
    try (Tap tap = Tap.open(tap0(net))) {
      List<String> open = Descriptors.ofTheDriver();
      for (int round = 0; round < 3; round++) {
        TransmitPort old;
        try (var slot = new AttachedTap(tap)) {
          up(net);
          net.run("ip", "addr", "flush", "dev", "tap0");
          old = slot.port;
          assertThat(slot.send(AttachedTap.frame(RawWire.arpRequest("192.0.2.2", "192.0.2.1"))))
              .isEqualTo(1);
          var other = new RecordingHost("test/net1", AttachedTap.RUNTIME, tap.capabilities());
          assertThatExceptionOfType(TapException.class)
              .isThrownBy(() -> tap.attach(other))
              .withMessage("the TAP device 'tap0' is attached to a slot already");
        }
        OutboundFrame[] frames = {AttachedTap.frame(new byte[60])};
        assertThat(old.transmit(frames, 1)).isZero();
        assertThat(Descriptors.ofTheDriver()).isEqualTo(open);
      }
    }
  }

  @Test
  void isNotDetachedWhileAThreadIsInside(NetworkNamespace net) throws Exception {
    try (Tap tap = Tap.open(tap0(net));
        var slot = new AttachedTap(tap)) {
      var inside = new CountDownLatch(1);
      var leave = new CountDownLatch(1);
      slot.host.onDeliver(() -> {
        inside.countDown();
        try {
          leave.await();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      });
      up(net);
      net.run("bash", "-c", "echo penstock > /dev/udp/192.0.2.2/9");
      inside.await();

      NetifAttachment attachment = slot.attachment;
      assertThat(attachment.detach(AttachedTap.RUNTIME.nanoTime() + 20_000_000)).isFalse();
      assertThatExceptionOfType(TapException.class)
          .isThrownBy(() -> tap.attach(slot.host))
          .withMessageContaining("a thread hangs in the driver");
      assertThat(slot.host.landingsOut()).isPositive();
      leave.countDown();
    }
  }

  @Test
  void leavesTheFlowsToTheDriverThatIsAttached(NetworkNamespace net) throws Exception {
    try (Tap standby = Tap.open(tap0(net));
        Tap active = Tap.open(tap0(net));
        var slot = new AttachedTap(active)) {
      assertThat(standby.capabilities()).isEqualTo(active.capabilities());
      up(net);
      net.run("bash", "-c", "for p in {2001..2032}; do echo $p > /dev/udp/192.0.2.2/$p; done");
      assertThat(slot.host.await(() -> datagrams(slot) == 32, AttachedTap.soon())).isTrue();
    }
  }

  private static long datagrams(AttachedTap slot) {
    return slot.host.frames().stream().map(ReceivedFrame::octets).filter(RawWire::isUdp).count();
  }
}
