package org.penstock.core.internal.icmp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.penstock.core.internal.ip.TestNetwork.FAR;
import static org.penstock.core.internal.ip.TestNetwork.OUR_MAC;
import static org.penstock.core.internal.ip.TestNetwork.PEER;
import static org.penstock.core.internal.ip.TestNetwork.PEER_MAC;
import static org.penstock.core.internal.ip.TestNetwork.SECOND;
import static org.penstock.core.internal.ip.TestNetwork.US;
import static org.penstock.core.internal.ip.TestNetwork.fromPeer;
import static org.penstock.testkit.packet.PacketChecks.all;
import static org.penstock.testkit.packet.PacketChecks.from;
import static org.penstock.testkit.packet.PacketChecks.icmp;
import static org.penstock.testkit.packet.PacketChecks.ip;
import static org.penstock.testkit.packet.PacketChecks.to;
import static org.penstock.testkit.packet.PacketChecks.type;

import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.penstock.api.IpAddress;
import org.penstock.api.MacAddress;
import org.penstock.api.view.Counter;
import org.penstock.api.view.DropReason;
import org.penstock.core.api.TcpFailure;
import org.penstock.core.internal.ip.IcmpError;
import org.penstock.core.internal.ip.TestNetwork;
import org.penstock.testkit.packet.Packet;
import org.penstock.testkit.packet.PacketBuilder;

/** ICMP errors, sent by the rules of RFC 1122 §3.2.2 and believed by those of RFC 5927. */
class IcmpErrorsTest {

  private static final int UNUSED_PORT = 4711;

  private final TestNetwork net = new TestNetwork();

  @BeforeEach
  void knowThePeer() {
    net.resolvePeer();
  }

  private static PacketBuilder datagram() {
    return fromPeer().udp(53, UNUSED_PORT).payload(new byte[40]);
  }

  @Test
  void saysThatAPortIsUnreachableAndQuotesThePacket() {
    byte[] frame = datagram().build();
    net.receive(frame);

    Packet error = net.slot.only();
    all(icmp(type(3, 3)), ip(from(US), to(PEER))).check(error);
    assertThat(error.icmp().rest()).isZero();
    assertThat(error.icmp().body()).isEqualTo(Arrays.copyOfRange(frame, 14, frame.length));
    assertThat(net.count(Counter.ICMP_OUT_ERRORS)).isEqualTo(1);
    assertThat(net.count(Counter.UDP_NO_PORTS)).isEqualTo(1);
    assertThat(net.slot.drops(DropReason.NO_UDP_PORT)).isEqualTo(1);
  }

  @Test
  void quotesAsMuchAsFitsInto576Bytes() {
    net.receive(datagram().payload(new byte[1400]));

    assertThat(net.slot.only().ip().totalLength()).isEqualTo(576);
  }

  @Test
  void quotesOptionsToo() {
    net.receive(datagram().ipOptions(new byte[] {7, 7, 4, 0, 0, 0, 0, 0}));

    assertThat(net.slot.only().icmp().body()).hasSize(28 + 8 + 40);
  }

  @Test
  void sendsNothingAboutBroadcastsAndMulticasts() {
    MacAddress all = MacAddress.BROADCAST;
    for (String to : new String[] {"255.255.255.255", "192.0.2.255", "224.0.0.1"}) {
      net.receive(
          PacketBuilder.ethernet(PEER_MAC, all).ip(PEER, IpAddress.parse(to)).udp(53, UNUSED_PORT));
    }
    net.receive(
        PacketBuilder.ethernet(PEER_MAC, all)
            .ip(PEER, IpAddress.parse("224.0.0.1"))
            .protocol(132)
            .payload(new byte[8]));

    assertThat(net.slot.take()).isEmpty();
    assertThat(net.slot.drops(DropReason.NO_UDP_PORT)).isEqualTo(3);
    assertThat(net.slot.drops(DropReason.UNKNOWN_PROTOCOL)).isEqualTo(1);
  }

  @Test
  void sendsNothingAboutErrors() {
    byte[] quoted = PacketBuilder.bare().ip(US, PEER).udp(UNUSED_PORT, 9).build();
    net.receive(fromPeer().icmp(3, 3, 0).payload(quoted));
    net.receive(fromPeer().icmp(5, 0, 0).payload(quoted));
    net.receive(fromPeer().icmp(4, 0, 0).payload(quoted));

    assertThat(net.slot.take()).isEmpty();
  }

  /** RFC 6633 §3; redirects differ from RFC 1122 §3.2.2.2. PITFALLS 24. */
  @Test
  void ignoresRedirectsAndSourceQuenches() {
    byte[] quoted = PacketBuilder.bare().ip(US, FAR).tcp(49_152, 80).build();
    net.receive(fromPeer().icmp(5, 1, PEER.ipv4()).payload(quoted));
    net.receive(fromPeer().icmp(4, 0, 0).payload(quoted));

    assertThat(net.ip.tables().path(TestNetwork.ANY, FAR).nextHop()).isEqualTo(TestNetwork.GATEWAY);
    assertThat(net.tcp.errors).isEmpty();
    assertThat(net.slot.drops()).isEqualTo(Map.of(DropReason.ICMP_IGNORED, 2));
    assertThat(net.count(Counter.ICMP_IN_REDIRECTS)).isEqualTo(1);
    assertThat(net.count(Counter.ICMP_IN_SOURCE_QUENCHES)).isEqualTo(1);
  }

  @Test
  void sendsNothingAboutFragments() {
    net.receive(datagram().id(1).fragment(0, true));
    net.receive(datagram().id(2).fragment(48, false));

    assertThat(net.slot.take()).isEmpty();
  }

  @Test
  void sendsNoMoreThanTheRateAllows() {
    for (int i = 0; i < 1000; i++) {
      net.receive(datagram());
    }

    int burst = net.slot.take().size();
    // Each takes one to three of fifty tokens.
    assertThat(burst).isBetween(50 / 3, 50);
    assertThat(net.slot.drops(DropReason.ICMP_RATE_LIMITED)).isEqualTo(1000 - burst);
    assertThat(net.slot.drops(DropReason.NO_UDP_PORT)).isEqualTo(1000);

    net.gate.advance(SECOND);
    for (int i = 0; i < 1000; i++) {
      net.receive(datagram());
    }
    assertThat(net.slot.take().size()).isBetween(50 / 3, 50);
  }

  @Test
  void limitsTheLongRunToAThousandASecond() {
    RateLimit limit = new RateLimit(1_000_000, 50);
    int passed = 0;
    for (int i = 0; i < 100_000; i++) {
      passed += limit.take(i * 100_000L, 1) ? 1 : 0;
    }

    assertThat(passed).isBetween(10_000, 10_050);
  }

  @Test
  void tellsTcpOfAnErrorAboutItsSegment() {
    byte[] quoted = PacketBuilder.bare().ip(US, FAR).tcp(49_152, 80).seq(0xdead_beefL).build();
    net.receive(
        PacketBuilder.ethernet(PEER_MAC, OUR_MAC)
            .ip(IpAddress.parse("203.0.113.1"), US)
            .icmp(3, 4, 1400)
            .payload(Arrays.copyOf(quoted, 28)));

    assertThat(net.tcp.errors)
        .containsExactly(
            new IcmpError(
                IcmpError.Kind.TOO_BIG,
                TcpFailure.NETWORK_UNREACHABLE,
                IpAddress.parse("203.0.113.1"),
                US,
                49_152,
                FAR,
                80,
                0xdead_beef,
                40,
                1400));
  }

  @ParameterizedTest
  @CsvSource({
    "3, 0, UNREACHABLE, NETWORK_UNREACHABLE",
    "3, 1, UNREACHABLE, HOST_UNREACHABLE",
    "3, 2, REFUSED, PORT_UNREACHABLE",
    "3, 3, REFUSED, PORT_UNREACHABLE",
    "3, 4, TOO_BIG, NETWORK_UNREACHABLE",
    "3, 5, UNREACHABLE, NETWORK_UNREACHABLE",
    "3, 6, UNREACHABLE, NETWORK_UNREACHABLE",
    "3, 7, UNREACHABLE, HOST_UNREACHABLE",
    "3, 9, PROHIBITED, NETWORK_UNREACHABLE",
    "3, 10, PROHIBITED, HOST_UNREACHABLE",
    "3, 11, UNREACHABLE, NETWORK_UNREACHABLE",
    "3, 12, UNREACHABLE, HOST_UNREACHABLE",
    "3, 13, PROHIBITED, HOST_UNREACHABLE",
    "3, 200, UNREACHABLE, HOST_UNREACHABLE",
    "11, 0, UNREACHABLE, HOST_UNREACHABLE",
    "11, 1, UNREACHABLE, HOST_UNREACHABLE",
    "12, 0, PARAMETER_PROBLEM, HOST_UNREACHABLE"
  })
  void knowsWhatAnErrorMeans(int type, int code, IcmpError.Kind kind, TcpFailure failure) {
    byte[] quoted = PacketBuilder.bare().ip(US, PEER).tcp(49_152, 80).build();
    net.receive(fromPeer().icmp(type, code, 0).payload(quoted));

    assertThat(net.tcp.errors).hasSize(1);
    assertThat(net.tcp.errors.getFirst().kind()).isEqualTo(kind);
    assertThat(net.tcp.errors.getFirst().failure()).isEqualTo(failure);
  }

  @ParameterizedTest
  @CsvSource({"4, 0", "5, 1", "13, 0", "17, 0", "99, 0", "9, 0"})
  void hasNoUseForOtherMessages(int type, int code) {
    byte[] quoted = PacketBuilder.bare().ip(US, PEER).tcp(49_152, 80).build();
    net.receive(fromPeer().icmp(type, code, 0).payload(quoted));

    assertThat(net.tcp.errors).isEmpty();
    assertThat(net.slot.drops(DropReason.ICMP_IGNORED)).isEqualTo(1);
    assertThat(net.slot.take()).isEmpty();
  }

  @Test
  void ignoresErrorsAboutPacketsThatAreNotOurs() {
    byte[] others = PacketBuilder.bare().ip(FAR, PEER).tcp(49_152, 80).build();
    net.receive(fromPeer().icmp(3, 1, 0).payload(others));
    byte[] unknown = PacketBuilder.bare().ip(US, PEER).protocol(132).payload(new byte[8]).build();
    net.receive(fromPeer().icmp(3, 2, 0).payload(unknown));
    byte[] ours = PacketBuilder.bare().ip(US, PEER).tcp(49_152, 80).build();
    net.receive(
        PacketBuilder.ethernet(PEER_MAC, MacAddress.BROADCAST)
            .ip(PEER, IpAddress.parse("192.0.2.255"))
            .icmp(3, 1, 0)
            .payload(ours));

    assertThat(net.tcp.errors).isEmpty();
    assertThat(net.slot.drops(DropReason.ICMP_IGNORED)).isEqualTo(3);
  }

  @Test
  void refusesErrorsThatQuoteTooLittle() {
    byte[] quoted = PacketBuilder.bare().ip(US, PEER).tcp(49_152, 80).build();
    net.receive(fromPeer().icmp(3, 1, 0).payload(Arrays.copyOf(quoted, 27)));
    net.receive(fromPeer().icmp(3, 1, 0).payload());
    quoted[0] = 0x4f;
    net.receive(fromPeer().icmp(3, 1, 0).payload(quoted));

    assertThat(net.tcp.errors).isEmpty();
    assertThat(net.slot.drops(DropReason.MALFORMED_ICMP)).isEqualTo(3);
  }

  @Test
  void refusesABadChecksumWhateverTheDeviceSays() {
    byte[] quoted = PacketBuilder.bare().ip(US, PEER).tcp(49_152, 80).build();
    byte[] frame = fromPeer().icmp(3, 1, 0).payload(quoted).badTransportChecksum().build();
    net.receive(net.slot, TestNetwork.landing(frame, org.penstock.api.buffer.ChecksumState.VALID));

    assertThat(net.tcp.errors).isEmpty();
    assertThat(net.slot.drops(DropReason.BAD_CHECKSUM_ICMP)).isEqualTo(1);
  }
}
