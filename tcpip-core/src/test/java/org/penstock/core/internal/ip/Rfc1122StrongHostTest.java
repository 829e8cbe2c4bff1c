package org.penstock.core.internal.ip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.penstock.core.internal.ip.TestNetwork.ANY;
import static org.penstock.core.internal.ip.TestNetwork.FAR;
import static org.penstock.core.internal.ip.TestNetwork.GATEWAY;
import static org.penstock.core.internal.ip.TestNetwork.OTHER_MAC;
import static org.penstock.core.internal.ip.TestNetwork.OUR_MAC;
import static org.penstock.core.internal.ip.TestNetwork.PEER;
import static org.penstock.core.internal.ip.TestNetwork.PEER_MAC;
import static org.penstock.core.internal.ip.TestNetwork.US;
import static org.penstock.testkit.packet.PacketChecks.arpReply;

import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.penstock.api.IpAddress;
import org.penstock.api.IpPrefix;
import org.penstock.api.view.DropReason;
import org.penstock.testkit.packet.PacketBuilder;

/**
 * Several interfaces, by the strong model of RFC 1122 §3.3.4.2: (A) what comes by an interface is
 * for an address of that interface; (B) what is sent from an address leaves by its interface.
 */
class Rfc1122StrongHostTest {

  private static final IpAddress OTHER_US = IpAddress.parse("198.51.100.1");
  private static final IpAddress OTHER_GATEWAY = IpAddress.parse("198.51.100.254");

  private final TestNetwork net = new TestNetwork();
  private final FakeSlot other = new FakeSlot(1);

  @BeforeEach
  void addAnInterface() {
    net.add(other, null, "198.51.100.1/24");
  }

  private static PacketBuilder from(IpAddress source, IpAddress destination) {
    return PacketBuilder.ethernet(PEER_MAC, OUR_MAC).ip(source, destination);
  }

  @Test
  void takesWhatIsForAnAddressOfTheInterface() {
    net.receive(from(PEER, US).tcp(1, 2));
    net.receive(other, TestNetwork.landing(from(FAR, OTHER_US).tcp(1, 2).build()));

    assertThat(net.tcp.received).hasSize(2);
  }

  @Test
  void refusesWhatIsForAnAddressOfAnotherInterface() {
    net.receive(from(PEER, OTHER_US).tcp(1, 2));
    net.receive(other, TestNetwork.landing(from(FAR, US).tcp(1, 2).build()));

    assertThat(net.tcp.received).isEmpty();
    assertThat(net.slot.drops()).isEqualTo(Map.of(DropReason.NOT_OUR_ADDRESS, 1));
    assertThat(other.drops()).isEqualTo(Map.of(DropReason.NOT_OUR_ADDRESS, 1));
  }

  @Test
  void answersNoArpForAnAddressOfAnotherInterface() {
    net.receive(PacketBuilder.arpRequest(OTHER_MAC, PEER, OTHER_US));
    assertThat(net.slot.take()).isEmpty();

    net.receive(PacketBuilder.arpRequest(OTHER_MAC, PEER, US));
    arpReply(US, OUR_MAC).check(net.slot.only());
  }

  @Test
  void leavesByTheInterfaceOfTheSource() {
    IpAddress remote = IpAddress.parse("203.0.113.9");
    assertThat(net.ip.tables().path(US, remote).slot()).isZero();
    // No way there by that interface, though there is one by the other.
    assertThat(net.ip.tables().path(OTHER_US, remote)).isNull();
    assertThat(net.ip.tables().path(OTHER_US, PEER)).isNull();

    net.add(other, OTHER_GATEWAY, "198.51.100.1/24");

    assertThat(net.ip.tables().path(OTHER_US, remote).nextHop()).isEqualTo(OTHER_GATEWAY);
    assertThat(net.ip.tables().path(US, remote).nextHop()).isEqualTo(GATEWAY);
  }

  /** Even the longer prefix of another interface does not count. */
  @Test
  void leavesByTheInterfaceOfTheSourceWhereAnotherHasABetterRoute() {
    IpAddress remote = IpAddress.parse("203.0.113.9");
    net.ip.tables().addRoute(IpPrefix.parse("203.0.113.0/24"), OTHER_GATEWAY, 1, 5);

    assertThat(net.ip.tables().path(US, remote).nextHop()).isEqualTo(GATEWAY);
    assertThat(net.ip.tables().path(ANY, remote).nextHop()).isEqualTo(OTHER_GATEWAY);
    assertThat(net.ip.tables().path(ANY, remote).local()).isEqualTo(OTHER_US);
  }

  @Test
  void sendsBroadcastsByTheInterfaceOfTheSource() {
    IpAddress limited = IpAddress.BROADCAST_IPV4;

    assertThat(net.ip.tables().path(OTHER_US, limited).slot()).isEqualTo(1);
    assertThat(net.ip.tables().path(US, limited).slot()).isZero();
  }

  @Test
  void reachesEachOfItsAddressesFromWithin() {
    assertThat(net.ip.tables().path(US, OTHER_US).slot()).isEqualTo(LocalLink.NUMBER);
  }
}
