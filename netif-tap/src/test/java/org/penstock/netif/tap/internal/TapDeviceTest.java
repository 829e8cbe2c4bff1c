package org.penstock.netif.tap.internal;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.penstock.api.MacAddress;
import org.penstock.netif.tap.TapException;
import org.penstock.netif.tap.TapSettings;
import org.penstock.testkit.NetworkNamespace;
import org.penstock.testkit.NetworkNamespaceExtension;

/** The device against the kernel, each test in a network namespace of its own. */
@ExtendWith(NetworkNamespaceExtension.class)
class TapDeviceTest {
  private static final MacAddress MAC = MacAddress.parse("02:00:5e:10:00:01");

  private static TapSettings tap0(NetworkNamespace net) {
    return TapSettings.of("tap0").withNetns(net.name());
  }

  private static String links(NetworkNamespace net) {
    return net.run("ip", "-o", "link", "show");
  }

  @Test
  void appearsInTheNamespaceAndGoesWithItsDescriptor(NetworkNamespace net) throws Exception {
    List<String> before = Descriptors.ofTheDriver();
    try (TapDevice tap = TapDevice.open(tap0(net).withMtu(1400).withMac(MAC))) {
      assertThat(links(net)).contains("tap0").contains("mtu 1400").contains("02:00:5e:10:00:01");
      assertThat(tap.created()).isTrue();
      assertThat(tap.persistent()).isFalse();
      assertThat(tap.name()).isEqualTo("tap0");
      assertThat(tap.mtu()).isEqualTo(1400);
      assertThat(tap.mac()).isEqualTo(MAC);
      assertThat(tap.index()).isPositive();
      assertThat(Descriptors.ofTheDriver()).contains("/dev/net/tun");
    }
    assertThat(links(net)).doesNotContain("tap0");
    assertThat(Descriptors.ofTheDriver()).isEqualTo(before);
  }

  @Test
  void carriesFramesBothWays(NetworkNamespace net) throws Exception {
    try (TapDevice tap = TapDevice.open(tap0(net));
        var wire = new RawWire(tap)) {
      net.run("ip", "addr", "add", "192.0.2.1/24", "dev", "tap0");
      net.run("ip", "link", "set", "tap0", "up");

      // From us: the kernel answers our request.
      wire.send(RawWire.arpRequest("192.0.2.2", "192.0.2.1"));
      byte[] reply = wire.receive(RawWire::isArpReply);
      assertThat(RawWire.arpSender(reply)).isEqualTo("192.0.2.1 at " + tap.mac());

      // From the kernel: the datagram that our answer (an entry made by our request) lets go.
      net.run("bash", "-c", "echo penstock > /dev/udp/192.0.2.2/9");
      byte[] datagram = wire.receive(RawWire::isUdp);
      assertThat(new String(datagram, 42, 9, US_ASCII)).isEqualTo("penstock\n");
    }
  }

  @Test
  void leavesChecksumsToUsOnlyWhereOffloadIsWanted(NetworkNamespace net) throws Exception {
    for (boolean offload : new boolean[] {true, false}) {
      try (TapDevice tap = TapDevice.open(tap0(net).withOffload(offload));
          var wire = new RawWire(tap)) {
        net.run("ip", "addr", "add", "192.0.2.1/24", "dev", "tap0");
        net.run("ip", "link", "set", "tap0", "up");
        net.run("ip", "neigh", "add", "192.0.2.2", "lladdr", RawWire.OUR_MAC, "dev", "tap0");
        net.run("bash", "-c", "echo penstock > /dev/udp/192.0.2.2/9");

        wire.receive(RawWire::isUdp);

        assertThat(tap.headerBytes()).isEqualTo(VirtioNetHeader.BYTES);
        assertThat((tap.offload() & TapDevice.TUN_F_CSUM) != 0).isEqualTo(offload);
        assertThat(VirtioNetHeader.flags(wire.header(), 0))
            .isEqualTo(offload ? VirtioNetHeader.NEEDS_CSUM : 0);
        if (offload) {
          assertThat(VirtioNetHeader.csumStart(wire.header(), 0)).isEqualTo(34);
          assertThat(VirtioNetHeader.csumOffset(wire.header(), 0)).isEqualTo(6);
        }
      }
    }
  }

  @Test
  void staysWhenPersistentUntilItIsRemoved(NetworkNamespace net) throws Exception {
    TapSettings settings = tap0(net).withPersistent(true);
    TapDevice.open(settings).close();
    assertThat(links(net)).contains("tap0");

    // Persistent before: not ours to remove, whatever we were told.
    try (TapDevice again = TapDevice.open(settings.withPersistent(false))) {
      assertThat(again.created()).isFalse();
      assertThat(again.persistent()).isTrue();
    }
    assertThat(links(net)).contains("tap0");

    TapDevice.remove(settings);
    assertThat(links(net)).doesNotContain("tap0");
    assertThatExceptionOfType(TapException.class)
        .isThrownBy(() -> TapDevice.remove(settings))
        .withMessage("there is no TAP device 'tap0' in network namespace %s", net.name());
    assertThat(links(net)).doesNotContain("tap0");
  }

  @Test
  void canBeOpenedTwiceAtOnce(NetworkNamespace net) throws Exception {
    try (TapDevice first = TapDevice.open(tap0(net));
        TapDevice second = TapDevice.open(tap0(net))) {
      assertThat(first.multiQueue()).isTrue();
      assertThat(first.created()).isTrue();
      assertThat(second.created()).isFalse();
      assertThat(second.index()).isEqualTo(first.index());
      assertThat(second.fallbacks()).isEmpty();
    }
    assertThat(links(net)).doesNotContain("tap0");
  }

  @Test
  void takesADeviceWithASingleQueueAndSaysSo(NetworkNamespace net) throws Exception {
    net.run("ip", "tuntap", "add", "tap0", "mode", "tap");
    try (TapDevice tap = TapDevice.open(tap0(net))) {
      assertThat(tap.multiQueue()).isFalse();
      assertThat(tap.headerBytes()).isEqualTo(VirtioNetHeader.BYTES);
      assertThat(tap.fallbacks())
          .singleElement()
          .asString()
          .contains("single queue")
          .contains("multi_queue");
      assertThatExceptionOfType(TapException.class)
          .isThrownBy(() -> TapDevice.open(tap0(net)))
          .withMessageContaining("another process has it open and it has a single queue");
    }
  }

  @Test
  void refusesAnInterfaceThatIsNoTap(NetworkNamespace net) throws Exception {
    List<String> before = Descriptors.ofTheDriver();
    net.run("ip", "link", "add", "tap0", "type", "bridge");

    assertThatExceptionOfType(TapException.class)
        .isThrownBy(() -> TapDevice.open(tap0(net)))
        .withMessageContaining("an interface of this name exists and is no TAP");
    assertThat(Descriptors.ofTheDriver()).isEqualTo(before);
  }

  @Test
  void saysHowToMakeTheNamespaceThatIsMissing() throws Exception {
    List<String> before = Descriptors.ofTheDriver();

    assertThatExceptionOfType(TapException.class)
        .isThrownBy(() -> TapDevice.open(TapSettings.of("tap0").withNetns("penstock-none")))
        .withMessage(
            "cannot open the network namespace /run/netns/penstock-none: No such file or directory"
                + " (errno 2); create it with 'ip netns add penstock-none'");
    assertThatExceptionOfType(TapException.class)
        .isThrownBy(() -> TapDevice.open(TapSettings.of("tap0").withNetns("/proc/self/status")))
        .withMessageContaining("stands for no network namespace");
    assertThat(Descriptors.ofTheDriver()).isEqualTo(before);
  }

  @Test
  void announcesThatItsLinkWasSwitched(NetworkNamespace net) throws Exception {
    try (TapDevice tap = TapDevice.open(tap0(net));
        PollSet changes = new PollSet(tap.changesFd());
        Arena arena = Arena.ofConfined()) {
      tap.drainChanges();
      assertThat(tap.link()).isEqualTo(TapDevice.Link.DOWN);
      MemorySegment frame = arena.allocate(VirtioNetHeader.BYTES + 60);
      assertThat(Libc.writeOrErrno(tap.fd(), frame, frame.byteSize())).isEqualTo(-Errno.EIO);

      net.run("ip", "link", "set", "tap0", "up", "mtu", "1300");
      assertThat(changes.await(RawWire.PATIENCE)).isEqualTo(1);
      tap.drainChanges();
      assertThat(changes.await(0)).isZero();
      assertThat(tap.link()).isEqualTo(TapDevice.Link.UP);
      assertThat(tap.mtu()).isEqualTo(1300);
    }
  }

  @Test
  void tellsThatItWasDeletedBehindOurBack(NetworkNamespace net) throws Exception {
    try (TapDevice tap = TapDevice.open(tap0(net));
        PollSet set = new PollSet(tap.fd());
        Arena arena = Arena.ofConfined()) {
      net.run("ip", "link", "del", "tap0");

      assertThat(set.await(RawWire.PATIENCE)).isEqualTo(1);
      assertThat(set.events(0) & Libc.POLLERR).isNotZero();
      assertThat(tap.link()).isEqualTo(TapDevice.Link.GONE);
      MemorySegment buffer = arena.allocate(2000);
      assertThat(tap.read(buffer, 2000)).isEqualTo(-1);
      assertThat(tap.readOrErrno(buffer, 2000)).isEqualTo(-Errno.EBADFD);
      assertThat(tap.name()).isEqualTo("tap0");
      assertThat(tap.mac()).isEqualTo(MacAddress.ZERO);
    }
  }

  @Test
  void knowsTheNameItWasGivenMeanwhile(NetworkNamespace net) throws Exception {
    try (TapDevice tap = TapDevice.open(tap0(net))) {
      net.run("ip", "link", "set", "tap0", "name", "tap9");

      assertThat(tap.name()).isEqualTo("tap9");
      assertThat(tap.mtu()).isEqualTo(1500);
      assertThat(tap.link()).isEqualTo(TapDevice.Link.DOWN);
    }
  }

  @Test
  void getsNothingWhileItIsParked(NetworkNamespace net) throws Exception {
    try (TapDevice first = TapDevice.open(tap0(net));
        TapDevice second = TapDevice.open(tap0(net));
        var wire = new RawWire(second)) {
      net.run("ip", "addr", "add", "192.0.2.1/24", "dev", "tap0");
      net.run("ip", "link", "set", "tap0", "up");
      first.park();

      net.run("ip", "neigh", "add", "192.0.2.2", "lladdr", RawWire.OUR_MAC, "dev", "tap0");
      // 32 flows: with both queues in service the kernel would spread them.
      net.run("bash", "-c", "for p in {2001..2032}; do echo $p > /dev/udp/192.0.2.2/$p; done");
      for (int flow = 0; flow < 32; flow++) {
        wire.receive(RawWire::isUdp);
      }

      first.unpark();
      assertThat(first.link()).isEqualTo(TapDevice.Link.UP);
      first.park();
      net.run("ip", "link", "del", "tap0");
      assertThatExceptionOfType(TapException.class)
          .isThrownBy(first::unpark)
          .withMessageContaining("has been deleted");
    }
  }
}
