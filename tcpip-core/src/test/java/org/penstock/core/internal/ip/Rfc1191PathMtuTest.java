package org.penstock.core.internal.ip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.penstock.core.internal.ip.TestNetwork.ANY;
import static org.penstock.core.internal.ip.TestNetwork.FAR;
import static org.penstock.core.internal.ip.TestNetwork.GATEWAY;
import static org.penstock.core.internal.ip.TestNetwork.OUR_MAC;
import static org.penstock.core.internal.ip.TestNetwork.PEER;
import static org.penstock.core.internal.ip.TestNetwork.PEER_MAC;
import static org.penstock.core.internal.ip.TestNetwork.SECOND;
import static org.penstock.core.internal.ip.TestNetwork.US;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.penstock.api.IpAddress;
import org.penstock.api.TransportAddress;
import org.penstock.api.buffer.Landing;
import org.penstock.api.netif.LinkType;
import org.penstock.api.netif.NetifCapabilities;
import org.penstock.api.view.Counter;
import org.penstock.core.api.TcpFailure;
import org.penstock.core.api.UdpPort;
import org.penstock.core.api.UdpPort.Sent;
import org.penstock.core.api.UdpUser;
import org.penstock.core.internal.wire.TcpHeader;
import org.penstock.testkit.packet.Packet;
import org.penstock.testkit.packet.PacketBuilder;

/** What fits through a path to a destination (RFC 1191), known to all who send there. */
class Rfc1191PathMtuTest {

  private static final int CELL = 3;
  private static final int PORT = 5000;

  private final TestNetwork net = new TestNetwork();

  @BeforeEach
  void knowTheGateway() {
    net.resolve(GATEWAY, PEER_MAC);
  }

  private <T> T in(int cell, Supplier<T> work) {
    List<T> result = new ArrayList<>();
    net.gate.in(cell, () -> result.add(work.get()));
    return result.getFirst();
  }

  /** What a transport says when it has found that a router's word is about its own packet. */
  private boolean tooBig(IpAddress to, int told, int length) {
    Ipv4Output output = net.ip.output(CELL);
    return in(CELL, () -> output.tooBig(output.route(ANY, to), told, length));
  }

  private int mtu(IpAddress to) {
    return net.ip.tables().path(ANY, to).mtu();
  }

  private UdpPort open(boolean dontFragment) {
    net.context.ports().retain(17, PORT);
    UdpUser user =
        new UdpUser() {
          @Override
          public boolean received(
              TransportAddress remote, TransportAddress local, int dscp, Landing payload) {
            return true;
          }

          @Override
          public void unreachable(TransportAddress remote, TcpFailure failure) {}
        };
    return in(
        net.udp.cellOf(PORT),
        () -> {
          UdpPort port = net.udp.open(new TransportAddress(ANY, PORT), user);
          port.dontFragment(dontFragment);
          return port;
        });
  }

  private Sent send(UdpPort port, int length) {
    MemorySegment source = TestNetwork.offHeap(new byte[length]);
    return in(
        net.udp.cellOf(PORT), () -> port.send(new TransportAddress(FAR, 53), source, 0, length));
  }

  /** A router says that it can't pass on a datagram of so many bytes. */
  private void refuse(IpAddress to, int length, int mtu) {
    byte[] quoted =
        PacketBuilder.bare()
            .ip(US, to)
            .dontFragment(true)
            .udp(PORT, 53)
            .payload(new byte[length - 28])
            .build();
    net.receive(
        PacketBuilder.ethernet(PEER_MAC, OUR_MAC)
            .ip(GATEWAY, US)
            .icmp(3, 4, mtu)
            .payload(Arrays.copyOf(quoted, 28)));
  }

  @Test
  void countsForEverybodyWhoSendsThere() {
    Path before = net.ip.tables().path(ANY, FAR);

    assertThat(tooBig(FAR, 1400, 1500)).isTrue();

    assertThat(net.ip.output(0).isCurrent(before)).isFalse();
    assertThat(mtu(FAR)).isEqualTo(1400);
    assertThat(net.ip.tables().path(ANY, FAR).linkMtu()).isEqualTo(1500);
    assertThat(mtu(IpAddress.parse("198.51.100.8"))).isEqualTo(1500);
    assertThat(net.count(Counter.IP_PATH_MTU_LOWERED)).isEqualTo(1);
  }

  @Test
  void believesNothingThatIsNotLess() {
    tooBig(FAR, 1400, 1500);

    assertThat(tooBig(FAR, 1400, 1400)).isFalse();
    assertThat(tooBig(FAR, 1500, 1500)).isFalse();
    assertThat(tooBig(FAR, 9000, 1500)).isFalse();
    assertThat(tooBig(FAR, 67, 1400)).isFalse();

    assertThat(mtu(FAR)).isEqualTo(1400);
  }

  /** RFC 1191 §5, §7.1: routers of old do not say how much. */
  @Test
  void searchesByPlateausWhereTheRouterDoesNotSay() {
    assertThat(tooBig(FAR, 0, 1500)).isTrue();
    assertThat(mtu(FAR)).isEqualTo(1492);
    assertThat(tooBig(FAR, 0, 1492)).isTrue();
    assertThat(mtu(FAR)).isEqualTo(1006);
    // A shorter one was refused already.
    assertThat(tooBig(FAR, 0, 900)).isTrue();
    assertThat(mtu(FAR)).isEqualTo(PathMtuDiscovery.LEAST);
  }

  /** PITFALLS 24: a forged message must not have everything sent in crumbs. */
  @Test
  void goesNoLowerThanTheLeastAndLetsRoutersFragment() {
    assertThat(tooBig(FAR, 68, 1500)).isTrue();
    assertThat(mtu(FAR)).isEqualTo(552);
    assertThat(tooBig(FAR, 296, 552)).isFalse();

    Ipv4Output output = net.ip.output(CELL);
    net.gate.in(
        CELL,
        () -> {
          OutboundPacket segment = output.begin(output.route(ANY, FAR), 6, TcpHeader.MIN_LENGTH);
          TcpHeader.write(segment.header(), segment.transport(), 1, 2, 3, 20, 16, 5, 0);
          segment.payload(TestNetwork.offHeap(new byte[512]), 0, 512);
          output.end(null);
        });
    Packet sent = net.slot.only();
    assertThat(sent.ip().totalLength()).isEqualTo(552);
    assertThat(sent.ip().dontFragment()).isFalse();
  }

  @Test
  void isForgottenAfterTenMinutes() {
    tooBig(FAR, 1400, 1500);
    net.gate.advance(300 * SECOND);
    tooBig(IpAddress.parse("198.51.100.8"), 1300, 1500);

    net.gate.advance(299 * SECOND);
    assertThat(mtu(FAR)).isEqualTo(1400);
    net.gate.advance(2 * SECOND);
    assertThat(mtu(FAR)).isEqualTo(1500);
    assertThat(mtu(IpAddress.parse("198.51.100.8"))).isEqualTo(1300);
    net.gate.advance(300 * SECOND);
    assertThat(mtu(IpAddress.parse("198.51.100.8"))).isEqualTo(1500);
  }

  @Test
  void isRememberedForSoManyDestinationsAndNoMore() {
    for (int i = 0; i <= PathMtus.MOST; i++) {
      tooBig(IpAddress.ofIpv4(0xc612_0000 + i), 1400, 1500);
    }

    assertThat(net.ip.tables().snapshot().pathMtus().find(IpAddress.ofIpv4(0xc612_0000))).isNull();
    assertThat(mtu(IpAddress.ofIpv4(0xc612_0001))).isEqualTo(1400);
    assertThat(mtu(IpAddress.ofIpv4(0xc612_0000 + PathMtus.MOST))).isEqualTo(1400);
  }

  @Test
  void doesNotGoBeyondTheFirstLink() {
    tooBig(FAR, 1400, 1500);
    net.slot.capabilities(NetifCapabilities.plain(LinkType.ETHERNET, 1280));
    net.ip.tables().refresh();

    assertThat(mtu(FAR)).isEqualTo(1280);
  }

  @Test
  void datagramsThatMayBeFragmentedAreCutToThePath() {
    UdpPort port = open(false);
    tooBig(FAR, 1400, 1500);

    assertThat(send(port, 1400)).isEqualTo(Sent.SENT);

    assertThat(net.slot.take())
        .hasSize(2)
        .allMatch(each -> each.ip().totalLength() <= 1400 && !each.ip().dontFragment());
  }

  @Test
  void datagramsThatMustNotBeFragmentedTeachThePath() {
    UdpPort port = open(true);
    assertThat(send(port, 1472)).isEqualTo(Sent.SENT);
    assertThat(net.slot.only().ip().dontFragment()).isTrue();

    refuse(FAR, 1500, 1400);

    assertThat(mtu(FAR)).isEqualTo(1400);
    assertThat(send(port, 1472)).isEqualTo(Sent.TOO_BIG);
    assertThat(send(port, 1372)).isEqualTo(Sent.SENT);
  }

  /** RFC 5927 §7: a forged one is about what was never sent. */
  @Test
  void isNotTaughtByWhatWasNeverSent() {
    UdpPort port = open(true);
    refuse(FAR, 1500, 1400);
    assertThat(mtu(FAR)).isEqualTo(1500);

    send(port, 100);
    refuse(PEER, 1500, 1400);
    refuse(FAR, 9000, 1400);
    refuse(FAR, 1300, 1400);

    assertThat(mtu(FAR)).isEqualTo(1500);
    assertThat(mtu(PEER)).isEqualTo(1500);
  }

  @Test
  void isNotTaughtByDatagramsThatMayBeFragmented() {
    UdpPort port = open(false);
    send(port, 1472);

    refuse(FAR, 1500, 1400);

    assertThat(mtu(FAR)).isEqualTo(1500);
  }
}
