package org.penstock.core.internal.ip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.penstock.core.internal.ip.TestNetwork.OTHER_MAC;
import static org.penstock.core.internal.ip.TestNetwork.OUR_MAC;
import static org.penstock.core.internal.ip.TestNetwork.PEER;
import static org.penstock.core.internal.ip.TestNetwork.PEER_MAC;
import static org.penstock.core.internal.ip.TestNetwork.US;
import static org.penstock.core.internal.ip.TestNetwork.fromPeer;
import static org.penstock.testkit.packet.PacketChecks.icmp;
import static org.penstock.testkit.packet.PacketChecks.type;

import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.penstock.api.IpAddress;
import org.penstock.api.MacAddress;
import org.penstock.api.buffer.Landing;
import org.penstock.api.netif.LinkType;
import org.penstock.api.netif.NetifCapabilities;
import org.penstock.api.view.Counter;
import org.penstock.api.view.DropReason;
import org.penstock.testkit.packet.PacketBuilder;

/** What passes the link and IP headers, by RFC 894 and RFC 1122 §3.2.1. */
class Ipv4InputTest {

  private static final IpAddress BROADCAST = IpAddress.parse("192.0.2.255");

  private final TestNetwork net = new TestNetwork();

  private void expectDropped(byte[] frame, DropReason reason) {
    net.receive(frame);

    assertThat(net.slot.drops()).isEqualTo(Map.of(reason, 1));
    assertThat(net.tcp.received).isEmpty();
    assertThat(net.slot.take()).isEmpty();
  }

  private static PacketBuilder segment() {
    return fromPeer().tcp(1234, 80);
  }

  @Test
  void passesAPacketOn() {
    net.receive(segment().ttl(9).trafficClass(3).payload((byte) 1, (byte) 2));

    assertThat(net.tcp.received).hasSize(1);
    assertThat(net.tcp.received.getFirst())
        .startsWith("192.0.2.2 > 192.0.2.1 22 bytes ttl 9 ecn 3 cell ");
    assertThat(net.slot.drops()).isEmpty();
    assertThat(net.count(Counter.IP_IN_RECEIVES)).isEqualTo(1);
    assertThat(net.count(Counter.IP_IN_DELIVERS)).isEqualTo(1);
  }

  @Test
  void leavesTheLandingToWhoeverKeepsIt() {
    net.tcp.keeps = true;
    assertThat(net.receive(segment().build())).isTrue();
    assertThat(net.tcp.kept).hasSize(1);

    net.tcp.keeps = false;
    assertThat(net.receive(segment().build())).isFalse();
  }

  @Test
  void letsNobodyKeepWhatMustNotBeKept() {
    net.tcp.keeps = true;
    var landing = TestNetwork.landing(segment().build());
    int cell = net.input.cellOf(net.slot, landing);

    net.gate.in(cell, () -> assertThat(net.input.frame(net.slot, cell, landing, false)).isFalse());

    assertThat(net.tcp.received).hasSize(1);
    assertThat(net.tcp.kept).isEmpty();
  }

  @Test
  void cutsThePaddingOfShortFrames() {
    byte[] frame = segment().build();

    net.receive(Arrays.copyOf(frame, 64));

    assertThat(net.tcp.received.getFirst()).contains(" 20 bytes ");
  }

  @Test
  void stepsOverOptions() {
    // Record route and padding: nothing we would act on.
    net.receive(
        segment().ipOptions((byte) 7, (byte) 7, (byte) 4, (byte) 0, (byte) 0, (byte) 0, (byte) 0));

    assertThat(net.tcp.received.getFirst()).contains(" 20 bytes ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0700", "0701", "07ff", "0728", "01010107", "8300"})
  void refusesOptionsThatEndNowhere(String options) {
    byte[] octets = java.util.HexFormat.of().parseHex(options);

    expectDropped(segment().ipOptions(octets).build(), DropReason.MALFORMED_IPV4);
  }

  @ParameterizedTest
  @ValueSource(strings = {"83070404040404", "89070404040404"})
  void refusesSourceRoutes(String options) {
    byte[] octets = java.util.HexFormat.of().parseHex(options);

    expectDropped(segment().ipOptions(octets).build(), DropReason.NOT_OUR_ADDRESS);
  }

  @Test
  void refusesABadHeaderChecksum() {
    expectDropped(segment().badIpChecksum().build(), DropReason.BAD_CHECKSUM_IPV4);
  }

  @Test
  void refusesAnotherVersion() {
    byte[] frame = segment().build();
    frame[14] = 0x55;

    expectDropped(frame, DropReason.MALFORMED_IPV4);
  }

  @Test
  void refusesALengthBeyondTheFrame() {
    byte[] frame = segment().build();

    expectDropped(Arrays.copyOf(frame, frame.length - 1), DropReason.MALFORMED_IPV4);
  }

  @Test
  void acceptsWhatArrivesWithNoHopsLeft() {
    net.receive(segment().ttl(0));
    net.receive(segment().ttl(1));

    assertThat(net.tcp.received).hasSize(2);
  }

  @Test
  void refusesOtherStationsFrames() {
    byte[] frame = PacketBuilder.ethernet(PEER_MAC, OTHER_MAC).ip(PEER, US).tcp(1, 2).build();

    expectDropped(frame, DropReason.NOT_FOR_US);
  }

  @Test
  void refusesFramesFromAGroup() {
    MacAddress group = MacAddress.parse("01:00:5e:00:00:01");
    byte[] frame = PacketBuilder.ethernet(group, OUR_MAC).ip(PEER, US).tcp(1, 2).build();

    expectDropped(frame, DropReason.BAD_SOURCE_ADDRESS);
  }

  @Test
  void refusesFramesWithoutAWholeHeader() {
    expectDropped(new byte[13], DropReason.MALFORMED_ETHERNET);
  }

  @ParameterizedTest
  @ValueSource(ints = {0x86dd, 0x8100, 0x88cc, 0x0026})
  void refusesWhatIsNeitherIpv4NorArp(int type) {
    byte[] frame = segment().build();
    frame[12] = (byte) (type >>> 8);
    frame[13] = (byte) type;

    expectDropped(frame, DropReason.UNKNOWN_ETHERTYPE);
  }

  @Test
  void refusesIpv6WhereThereIsNoLinkHeader() {
    FakeSlot tun = new FakeSlot(1, NetifCapabilities.plain(LinkType.IP, 1400));
    net.add(tun, null, "203.0.113.1/24");
    byte[] packet =
        PacketBuilder.bare()
            .ip(IpAddress.parse("fe80::2"), IpAddress.parse("ff02::2"))
            .protocol(59)
            .build();

    net.receive(tun, TestNetwork.landing(packet));

    assertThat(tun.drops()).isEqualTo(Map.of(DropReason.UNKNOWN_ETHERTYPE, 1));
  }

  @Test
  void entersTheNeighbourCacheFromNoOtherCell() {
    byte[] request = PacketBuilder.arpRequest(PEER_MAC, PEER, US);
    net.gate.in(3, () -> net.input.frame(net.slot, 3, TestNetwork.landing(request), true));

    assertThat(net.slot.take()).isEmpty();
    assertThat(net.slot.drops()).isEqualTo(Map.of(DropReason.UNKNOWN_ETHERTYPE, 1));
  }

  @Test
  void takesAFrameForWhatItsDriverSaysItIs() {
    // While a driver of one kind takes over from another the slot reads both.
    byte[] packet = PacketBuilder.bare().ip(PEER, US).tcp(1, 2).build();
    for (byte[] octets : new byte[][] {packet, fromPeer().tcp(1, 2).build()}) {
      LinkType link = octets.length == packet.length ? LinkType.IP : LinkType.ETHERNET;
      for (LinkType bound : LinkType.values()) {
        net.slot.capabilities(NetifCapabilities.plain(bound, 1500));
        Landing landing = TestNetwork.landing(octets);
        int cell = net.input.cellOf(link, landing);
        net.gate.in(cell, () -> net.input.frame(net.slot, link, cell, landing, true));
      }
    }

    assertThat(net.tcp.received).hasSize(4).containsOnly(net.tcp.received.getFirst());
    assertThat(net.slot.drops()).isEmpty();
  }

  @Test
  void takesPacketsWhereThereIsNoLinkHeader() {
    FakeSlot tun = new FakeSlot(1, NetifCapabilities.plain(LinkType.IP, 1400));
    net.add(tun, null, "203.0.113.1/24");
    byte[] packet =
        PacketBuilder.bare()
            .ip(IpAddress.parse("203.0.113.2"), IpAddress.parse("203.0.113.1"))
            .tcp(1, 2)
            .build();

    net.receive(tun, TestNetwork.landing(packet));

    assertThat(net.tcp.received).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0.0.0.0",
        "0.1.2.3",
        "127.0.0.1",
        "224.0.0.1",
        "239.1.2.3",
        "240.0.0.1",
        "255.255.255.255",
        "192.0.2.255",
        "192.0.2.1"
      })
  void refusesMartianSources(String source) {
    byte[] frame =
        PacketBuilder.ethernet(PEER_MAC, OUR_MAC).ip(IpAddress.parse(source), US).tcp(1, 2).build();

    expectDropped(frame, DropReason.BAD_SOURCE_ADDRESS);
  }

  @ParameterizedTest
  @ValueSource(strings = {"192.0.2.3", "198.51.100.1", "127.0.0.1", "0.0.0.0", "198.51.100.255"})
  void refusesOthersDestinations(String destination) {
    byte[] frame =
        PacketBuilder.ethernet(PEER_MAC, OUR_MAC)
            .ip(PEER, IpAddress.parse(destination))
            .tcp(1, 2)
            .build();

    expectDropped(frame, DropReason.NOT_OUR_ADDRESS);
  }

  @Test
  void refusesUnicastPacketsInLinkBroadcasts() {
    byte[] frame =
        PacketBuilder.ethernet(PEER_MAC, MacAddress.BROADCAST).ip(PEER, US).tcp(1, 2).build();

    expectDropped(frame, DropReason.NOT_FOR_US);
  }

  @Test
  void refusesSegmentsToMoreThanOneHost() {
    byte[] frame =
        PacketBuilder.ethernet(PEER_MAC, MacAddress.BROADCAST)
            .ip(PEER, BROADCAST)
            .tcp(1, 80)
            .build();

    expectDropped(frame, DropReason.NOT_OUR_ADDRESS);
  }

  @Test
  void refusesGroupsThatNobodyJoined() {
    byte[] frame =
        PacketBuilder.ethernet(PEER_MAC, MacAddress.parse("01:00:5e:00:00:fb"))
            .ip(PEER, IpAddress.parse("224.0.0.251"))
            .udp(5353, 5353)
            .build();

    expectDropped(frame, DropReason.NOT_OUR_ADDRESS);
  }

  @Test
  void refusesFragmentsBeyondTheLongestPacket() {
    expectDropped(
        segment().fragment(65_528, false).payload(new byte[64]).build(), DropReason.MALFORMED_IPV4);
  }

  @Test
  void saysThatAProtocolIsUnknown() {
    net.resolvePeer();
    net.receive(fromPeer().protocol(132).payload(new byte[16]));

    icmp(type(3, 2)).check(net.slot.only());
    assertThat(net.slot.drops()).isEqualTo(Map.of(DropReason.UNKNOWN_PROTOCOL, 1));
  }
}
