package org.penstock.core.internal.ip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.penstock.core.internal.ip.TestNetwork.OUR_MAC;
import static org.penstock.core.internal.ip.TestNetwork.PEER;
import static org.penstock.core.internal.ip.TestNetwork.PEER_MAC;
import static org.penstock.core.internal.ip.TestNetwork.US;
import static org.penstock.core.internal.ip.TestNetwork.fromPeer;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.penstock.api.netif.LinkType;
import org.penstock.api.netif.NetifCapabilities;
import org.penstock.testkit.packet.PacketBuilder;

/** Where a raw frame is at home, and that looking for it survives anything. */
class FrameHomesTest {

  private final TestNetwork net = new TestNetwork(16);

  private int homeOf(byte[] frame) {
    return net.input.cellOf(net.slot, TestNetwork.landing(frame));
  }

  private static byte[] quoting(PacketBuilder ours) {
    byte[] quoted = ours.build();
    return fromPeer().icmp(3, 1, 0).payload(Arrays.copyOf(quoted, 28)).build();
  }

  @Test
  void segmentsAreAtHomeWithTheirFlow() {
    Set<Integer> homes = new HashSet<>();
    for (int port = 1000; port < 1100; port++) {
      byte[] segment = fromPeer().tcp(port, 80).build();
      int home = homeOf(segment);
      homes.add(home);
      assertThat(home)
          .isEqualTo(net.tcp.cellOf(0, PEER.low(), port, 0, US.low(), 80))
          .isEqualTo(homeOf(fromPeer().tcp(port, 80).payload(new byte[700]).build()));
    }
    assertThat(homes).hasSizeGreaterThan(8);
  }

  @Test
  void datagramsAreAtHomeWithTheLocalPortWhoeverSendsThem() {
    Set<Integer> homes = new HashSet<>();
    for (int port = 1; port < 200; port++) {
      assertThat(homeOf(fromPeer().udp(5000 + port, port).build())).isEqualTo(net.udp.cellOf(port));
      homes.add(net.udp.cellOf(port));
    }
    assertThat(homes).hasSize(16);
  }

  @Test
  void errorsAreAtHomeWithTheFlowTheyQuote() {
    for (int port = 1000; port < 1050; port++) {
      assertThat(homeOf(quoting(PacketBuilder.bare().ip(US, PEER).tcp(80, port))))
          .isEqualTo(homeOf(fromPeer().tcp(port, 80).build()));
      assertThat(homeOf(quoting(PacketBuilder.bare().ip(US, PEER).udp(port, 53))))
          .isEqualTo(net.udp.cellOf(port));
    }
  }

  @Test
  void echoesAndErrorsAboutThemAreAtHomeWithTheirAddresses() {
    int home = homeOf(fromPeer().echoReply(7, 1).build());

    assertThat(homeOf(fromPeer().echoRequest(99, 12).build())).isEqualTo(home);
    assertThat(homeOf(quoting(PacketBuilder.bare().ip(US, PEER).echoRequest(7, 1))))
        .isEqualTo(home);
  }

  @Test
  void fragmentsOfAPacketAreAtHomeTogether() {
    Set<Integer> homes = new HashSet<>();
    for (int id = 0; id < 100; id++) {
      PacketBuilder packet = fromPeer().udp(1, 2).id(id);
      byte[] first = packet.fragment(0, true).payload(new byte[72]).build();
      byte[] later = packet.fragment(72, false).payload(new byte[30]).build();
      assertThat(homeOf(first)).isEqualTo(homeOf(later));
      homes.add(homeOf(first));
    }
    assertThat(homes).hasSize(16);
  }

  @Test
  void everythingElseGoesToTheControlCell() {
    assertThat(homeOf(PacketBuilder.arpRequest(PEER_MAC, PEER, US))).isZero();
    assertThat(homeOf(new byte[0])).isZero();
    assertThat(homeOf(new byte[13])).isZero();
    assertThat(homeOf(Arrays.copyOf(fromPeer().tcp(1, 2).build(), 14 + 20 + 7))).isZero();
    assertThat(homeOf(fromPeer().protocol(132).payload(new byte[40]).build())).isZero();
    assertThat(homeOf(Arrays.copyOf(quoting(PacketBuilder.bare().ip(US, PEER).udp(1, 2)), 60)))
        .isZero();
  }

  @Test
  void noFrameMakesItReadTooFar() {
    FakeSlot tun = new FakeSlot(1, NetifCapabilities.plain(LinkType.IP, 1400));
    net.add(tun, null, "203.0.113.1/24");
    byte[][] seeds = {
      fromPeer().tcp(1, 2).payload(new byte[20]).build(),
      fromPeer().udp(1, 2).ipOptions(new byte[12]).build(),
      quoting(PacketBuilder.bare().ip(US, PEER).tcp(1, 2)),
      fromPeer().echoRequest(1, 2).build(),
      PacketBuilder.arpRequest(PEER_MAC, PEER, US),
      PacketBuilder.ethernet(PEER_MAC, OUR_MAC).ip(PEER, US).protocol(50).build()
    };
    Random random = new Random(1);
    for (int i = 0; i < 60_000; i++) {
      byte[] frame = seeds[random.nextInt(seeds.length)].clone();
      for (int flips = random.nextInt(4); flips >= 0; flips--) {
        frame[random.nextInt(frame.length)] = (byte) random.nextInt();
      }
      frame = Arrays.copyOf(frame, random.nextInt(frame.length + 1));
      boolean bare = random.nextBoolean() && frame.length > 14;
      byte[] octets = bare ? Arrays.copyOfRange(frame, 14, frame.length) : frame;
      SlotLink link = bare ? tun : net.slot;
      int home = net.input.cellOf(link, TestNetwork.landing(octets));
      assertThat(home).isBetween(0, 15);
      // Nor may what is behind it: no reader goes further than the frame.
      net.receive(link, TestNetwork.landing(octets));
    }
  }
}
