package org.penstock.core.internal.udp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.penstock.core.internal.ip.TestNetwork.FAR;
import static org.penstock.core.internal.ip.TestNetwork.GATEWAY;
import static org.penstock.core.internal.ip.TestNetwork.PEER;
import static org.penstock.core.internal.ip.TestNetwork.PEER_MAC;
import static org.penstock.core.internal.ip.TestNetwork.US;
import static org.penstock.core.internal.ip.TestNetwork.fromPeer;
import static org.penstock.core.internal.ip.TestNetwork.landing;
import static org.penstock.testkit.packet.PacketChecks.all;
import static org.penstock.testkit.packet.PacketChecks.destinationPort;
import static org.penstock.testkit.packet.PacketChecks.from;
import static org.penstock.testkit.packet.PacketChecks.ip;
import static org.penstock.testkit.packet.PacketChecks.payload;
import static org.penstock.testkit.packet.PacketChecks.sourcePort;
import static org.penstock.testkit.packet.PacketChecks.to;
import static org.penstock.testkit.packet.PacketChecks.toMac;
import static org.penstock.testkit.packet.PacketChecks.udp;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.penstock.api.IpAddress;
import org.penstock.api.MacAddress;
import org.penstock.api.TransportAddress;
import org.penstock.api.buffer.ChecksumState;
import org.penstock.api.buffer.GsoType;
import org.penstock.api.buffer.Landing;
import org.penstock.api.view.Counter;
import org.penstock.api.view.DropReason;
import org.penstock.api.view.PcbView;
import org.penstock.core.api.IpSettings;
import org.penstock.core.api.TcpFailure;
import org.penstock.core.api.UdpPort;
import org.penstock.core.api.UdpPort.Sent;
import org.penstock.core.api.UdpUser;
import org.penstock.core.internal.ip.FakeSlot;
import org.penstock.core.internal.ip.TestNetwork;
import org.penstock.testkit.packet.ChecksumVerdict;
import org.penstock.testkit.packet.Packet;
import org.penstock.testkit.packet.PacketBuilder;

/** UDP by RFC 768 and RFC 1122 §4.1. */
class UdpLayerTest {

  private static final int PORT = 5000;

  private final TestNetwork net = new TestNetwork();

  /** Remembers what it was shown. */
  private static class Recorder implements UdpUser {
    final List<String> received = new ArrayList<>();
    final List<String> errors = new ArrayList<>();
    final List<Integer> codepoints = new ArrayList<>();
    boolean room = true;

    @Override
    public boolean received(
        TransportAddress remote, TransportAddress local, int dscp, Landing payload) {
      codepoints.add(dscp);
      byte[] octets =
          payload
              .segment()
              .asSlice(payload.offset(), payload.length())
              .toArray(ValueLayout.JAVA_BYTE);
      received.add(remote + " > " + local + " " + Arrays.toString(octets));
      return room;
    }

    @Override
    public void unreachable(TransportAddress remote, TcpFailure failure) {
      errors.add(remote + " " + failure);
    }
  }

  private <T> T in(int port, Supplier<T> work) {
    List<T> result = new ArrayList<>();
    net.gate.in(net.udp.cellOf(port), () -> result.add(work.get()));
    return result.getFirst();
  }

  private UdpPort open(String address, int port, UdpUser user) {
    net.context.ports().retain(17, port);
    return in(port, () -> net.udp.open(TransportAddress.of(address, port), user));
  }

  private Sent send(UdpPort port, IpAddress to, int toPort, byte... octets) {
    MemorySegment source = TestNetwork.offHeap(octets);
    return in(
        port.local().port(),
        () -> port.send(new TransportAddress(to, toPort), source, 0, octets.length));
  }

  private static PacketBuilder datagram() {
    return fromPeer().udp(53, PORT).payload((byte) 1, (byte) 2, (byte) 3);
  }

  @Test
  void handsADatagramToItsPort() {
    Recorder user = new Recorder();
    open("0.0.0.0", PORT, user);

    net.receive(datagram());

    assertThat(user.received).containsExactly("192.0.2.2:53 > 192.0.2.1:5000 [1, 2, 3]");
    assertThat(net.count(Counter.UDP_IN_DATAGRAMS)).isEqualTo(1);
    assertThat(net.slot.drops()).isEmpty();
  }

  @Test
  void handsEmptyDatagramsOverToo() {
    Recorder user = new Recorder();
    open("0.0.0.0", PORT, user);

    net.receive(datagram().payload());

    assertThat(user.received).containsExactly("192.0.2.2:53 > 192.0.2.1:5000 []");
  }

  @Test
  void prefersASpecifiedLocalAddress() {
    Recorder any = new Recorder();
    Recorder specified = new Recorder();
    Recorder other = new Recorder();
    net.add(net.slot, GATEWAY, "192.0.2.1/24", "192.0.2.9/24");
    open("0.0.0.0", PORT, any);
    open("192.0.2.1", PORT, specified);
    open("192.0.2.9", PORT, other);

    net.receive(datagram());
    assertThat(specified.received).hasSize(1);
    assertThat(any.received).isEmpty();
    assertThat(other.received).isEmpty();
  }

  @Test
  void handsADatagramToAllThatMatchEquallyWell() {
    Recorder first = new Recorder();
    Recorder second = new Recorder();
    open("0.0.0.0", PORT, first);
    open("0.0.0.0", PORT, second);

    net.receive(datagram());

    assertThat(first.received).hasSize(1);
    assertThat(second.received).hasSize(1);
  }

  @Test
  void handsBroadcastsToEveryAddressOfTheLink() {
    FakeSlot elsewhere = new FakeSlot(1);
    net.add(elsewhere, null, "198.51.100.1/24");
    Recorder any = new Recorder();
    Recorder ours = new Recorder();
    Recorder others = new Recorder();
    open("0.0.0.0", PORT, any);
    open("192.0.2.1", PORT, ours);
    open("198.51.100.1", PORT, others);

    for (String to : new String[] {"192.0.2.255", "255.255.255.255", "224.0.0.1"}) {
      net.receive(
          PacketBuilder.ethernet(PEER_MAC, MacAddress.BROADCAST)
              .ip(PEER, IpAddress.parse(to))
              .udp(53, PORT));
    }

    assertThat(any.received)
        .containsExactly(
            "192.0.2.2:53 > 192.0.2.255:5000 []",
            "192.0.2.2:53 > 255.255.255.255:5000 []",
            "192.0.2.2:53 > 224.0.0.1:5000 []");
    assertThat(ours.received).hasSize(3);
    assertThat(others.received).isEmpty();
  }

  @Test
  void verifiesChecksumsUnlessTheDeviceHasOrTheSenderHasNone() {
    Recorder user = new Recorder();
    open("0.0.0.0", PORT, user);

    net.receive(datagram().badTransportChecksum());
    assertThat(user.received).isEmpty();
    assertThat(net.slot.drops()).isEqualTo(Map.of(DropReason.BAD_CHECKSUM_UDP, 1));
    assertThat(net.count(Counter.UDP_IN_ERRORS)).isEqualTo(1);

    net.receive(datagram().noUdpChecksum());
    byte[] bad = datagram().badTransportChecksum().build();
    net.receive(net.slot, landing(bad, ChecksumState.VALID));
    net.receive(net.slot, landing(bad, ChecksumState.PARTIAL));
    assertThat(user.received).hasSize(3);
  }

  @Test
  void takesADatagramShorterThanItsPacketAndRefusesALongerOne() {
    Recorder user = new Recorder();
    open("0.0.0.0", PORT, user);
    byte[] frame = datagram().noUdpChecksum().build();
    frame[39] = 8 + 2;
    net.receive(frame);
    assertThat(user.received).containsExactly("192.0.2.2:53 > 192.0.2.1:5000 [1, 2]");

    frame[39] = 8 + 4;
    net.receive(frame);
    frame[39] = 7;
    net.receive(frame);
    assertThat(user.received).hasSize(1);
    assertThat(net.slot.drops()).isEqualTo(Map.of(DropReason.MALFORMED_UDP, 2));
  }

  @Test
  void cutsApartWhatTheDevicePutTogether() {
    Recorder user = new Recorder();
    open("0.0.0.0", PORT, user);
    byte[] frame = datagram().payload(new byte[] {1, 2, 3, 4, 5, 6, 7}).build();
    Landing landing = landing(frame, ChecksumState.PARTIAL);
    landing.gso(GsoType.UDP, 3, 42);

    net.receive(net.slot, landing);

    assertThat(user.received)
        .containsExactly(
            "192.0.2.2:53 > 192.0.2.1:5000 [1, 2, 3]",
            "192.0.2.2:53 > 192.0.2.1:5000 [4, 5, 6]",
            "192.0.2.2:53 > 192.0.2.1:5000 [7]");
    assertThat(landing.length()).isEqualTo(frame.length);
    assertThat(landing.gsoType()).isEqualTo(GsoType.UDP);
    assertThat(landing.checksum()).isEqualTo(ChecksumState.PARTIAL);
  }

  @Test
  void countsWhatNobodyHadRoomFor() {
    Recorder user = new Recorder();
    user.room = false;
    open("0.0.0.0", PORT, user);

    net.receive(datagram());

    assertThat(net.cellDrops(DropReason.UDP_QUEUE_FULL)).isEqualTo(1);
    assertThat(net.count(Counter.UDP_IN_DATAGRAMS)).isZero();
    assertThat(net.slot.take()).isEmpty();
  }

  @Test
  void closingWhileADatagramIsHandedOutIsSafe() {
    List<UdpPort> ports = new ArrayList<>();
    Recorder second = new Recorder();
    UdpUser closesAll =
        new Recorder() {
          @Override
          public boolean received(
              TransportAddress remote, TransportAddress local, int dscp, Landing payload) {
            ports.forEach(UdpPort::close);
            return super.received(remote, local, dscp, payload);
          }
        };
    ports.add(open("0.0.0.0", PORT, closesAll));
    ports.add(open("0.0.0.0", PORT, second));

    net.receive(datagram());
    assertThat(second.received).isEmpty();

    net.resolvePeer();
    net.receive(datagram());
    assertThat(net.slot.drops(DropReason.NO_UDP_PORT)).isEqualTo(1);
    in(
        PORT,
        () -> {
          assertThatThrownBy(() ->
                  ports.getFirst().send(new TransportAddress(PEER, 1), MemorySegment.NULL, 0, 0))
              .isInstanceOf(IllegalStateException.class)
              .hasMessageContaining("closed");
          return null;
        });
  }

  @Test
  void openingWhileADatagramIsHandedOutDoesNotSeeIt() {
    Recorder late = new Recorder();
    UdpUser opens =
        new Recorder() {
          @Override
          public boolean received(
              TransportAddress remote, TransportAddress local, int dscp, Landing payload) {
            net.udp.open(TransportAddress.of("0.0.0.0", PORT), late);
            return true;
          }
        };
    open("0.0.0.0", PORT, opens);

    net.receive(datagram());
    assertThat(late.received).isEmpty();
    net.receive(datagram());
    assertThat(late.received).hasSize(1);
  }

  @Test
  void sendsADatagram() {
    net.resolvePeer();
    UdpPort port = open("0.0.0.0", PORT, new Recorder());

    assertThat(send(port, PEER, 53, (byte) 4, (byte) 5)).isEqualTo(Sent.SENT);

    all(
            udp(
                sourcePort(PORT),
                destinationPort(53),
                payload(new byte[] {4, 5}),
                from(US),
                to(PEER)),
            toMac(PEER_MAC))
        .check(net.slot.only());
    assertThat(net.count(Counter.UDP_OUT_DATAGRAMS)).isEqualTo(1);
  }

  @Test
  void neverSendsTheChecksumThatMeansNone() {
    net.resolvePeer();
    UdpPort port = open("0.0.0.0", PORT, new Recorder());
    for (int i = 0; i < 65_536; i += 3) {
      send(port, PEER, 53, (byte) (i >>> 8), (byte) i);
      Packet sent = net.slot.only();
      assertThat(sent.udp().checksum()).isEqualTo(ChecksumVerdict.GOOD);
    }
  }

  @Test
  void sendsWithTheIpHeaderItsUserWants() {
    net.resolvePeer();
    UdpPort port = open("0.0.0.0", PORT, new Recorder());
    assertThat(send(port, PEER, 53, (byte) 1)).isEqualTo(Sent.SENT);
    in(
        PORT,
        () -> {
          port.ip(new IpSettings(46, 7));
          return null;
        });
    assertThat(send(port, PEER, 53, (byte) 1)).isEqualTo(Sent.SENT);
    // One datagram alone.
    MemorySegment source = TestNetwork.offHeap(new byte[1]);
    IpSettings own = new IpSettings(10, 0);
    in(PORT, () -> port.send(new TransportAddress(PEER, 53), source, 0, 1, own));
    assertThat(send(port, PEER, 53, (byte) 1)).isEqualTo(Sent.SENT);

    assertThat(
            net.slot.take().stream()
                .map(each -> each.ip().trafficClass() + " " + each.ip().hopLimit()))
        .containsExactly("0 64", 46 * 4 + " 7", "40 64", 46 * 4 + " 7");
  }

  @Test
  void tellsTheDiffServCodepointOfWhatArrives() {
    Recorder user = new Recorder();
    open("0.0.0.0", PORT, user);

    net.receive(datagram());
    net.receive(fromPeer().trafficClass(46 << 2 | 1).udp(53, PORT).payload((byte) 1));

    assertThat(user.codepoints).containsExactly(0, 46);
  }

  @Test
  void sendsFromMemoryOnTheHeap() {
    net.resolvePeer();
    UdpPort port = open("0.0.0.0", PORT, new Recorder());
    MemorySegment heap = MemorySegment.ofArray(new byte[] {9, 8, 7, 6});

    assertThat(in(PORT, () -> port.send(new TransportAddress(PEER, 53), heap, 1, 2)))
        .isEqualTo(Sent.SENT);

    udp(payload(new byte[] {8, 7})).check(net.slot.only());
    var memory = net.context.buffers().view(0, 0);
    assertThat(memory.chunkBytesFree()).isEqualTo(memory.chunkBytes());
  }

  @Test
  void sendsFromItsOwnAddress() {
    net.add(net.slot, GATEWAY, "192.0.2.1/24", "192.0.2.9/24");
    net.resolvePeer();
    UdpPort port = open("192.0.2.9", PORT, new Recorder());

    send(port, PEER, 53);

    ip(from(IpAddress.parse("192.0.2.9"))).check(net.slot.only());
  }

  @Test
  void sendsBroadcasts() {
    UdpPort port = open("0.0.0.0", PORT, new Recorder());
    net.gate.in(net.udp.cellOf(PORT), () -> port.broadcast(true));

    for (String address : List.of("255.255.255.255", "192.0.2.255")) {
      assertThat(send(port, IpAddress.parse(address), 67, (byte) 1)).isEqualTo(Sent.SENT);

      all(udp(to(IpAddress.parse(address))), toMac(MacAddress.BROADCAST)).check(net.slot.only());
    }
  }

  /** RFC 1122 §2.4, §4.1.3.3. */
  @Test
  void isToldOfANeighbourThatDoesNotAnswer() {
    Recorder user = new Recorder();
    Recorder other = new Recorder();
    UdpPort port = open("0.0.0.0", PORT, user);
    open("0.0.0.0", PORT + 1, other);

    assertThat(send(port, PEER, 53, (byte) 1)).isEqualTo(Sent.SENT);
    assertThat(send(port, PEER, 54, new byte[4000])).isEqualTo(Sent.SENT);
    net.gate.advance(4 * TestNetwork.SECOND);

    assertThat(user.errors)
        .containsExactly("192.0.2.2:53 HOST_UNREACHABLE", "192.0.2.2:54 HOST_UNREACHABLE");
    assertThat(other.errors).isEmpty();
  }

  @Test
  void sendsNoBroadcastWithoutPermission() {
    UdpPort port = open("0.0.0.0", PORT, new Recorder());

    assertThat(send(port, IpAddress.BROADCAST_IPV4, 67)).isEqualTo(Sent.INVALID_ADDRESS);
    assertThat(send(port, IpAddress.parse("192.0.2.255"), 67)).isEqualTo(Sent.INVALID_ADDRESS);

    assertThat(net.slot.take()).isEmpty();
  }

  @Test
  void saysWhyItDoesNotSend() {
    net.resolvePeer();
    UdpPort port = open("0.0.0.0", PORT, new Recorder());

    assertThat(send(port, PEER, 0)).isEqualTo(Sent.INVALID_ADDRESS);
    assertThat(send(port, IpAddress.ANY_IPV4, 53)).isEqualTo(Sent.INVALID_ADDRESS);
    assertThat(send(port, IpAddress.parse("2001:db8::1"), 53)).isEqualTo(Sent.INVALID_ADDRESS);
    assertThat(send(port, PEER, 53, new byte[65_508])).isEqualTo(Sent.TOO_BIG);
    net.gate.in(net.udp.cellOf(PORT), () -> port.dontFragment(true));
    assertThat(send(port, PEER, 53, new byte[1473])).isEqualTo(Sent.TOO_BIG);
    assertThat(send(port, PEER, 53, new byte[1472])).isEqualTo(Sent.SENT);
    net.slot.room(0);
    assertThat(send(port, PEER, 53)).isEqualTo(Sent.DROPPED);
    net.slot.up(false);
    assertThat(send(port, PEER, 53)).isEqualTo(Sent.UNREACHABLE);
    net.add(net.slot, null, "192.0.2.1/24");
    assertThat(send(port, FAR, 53)).isEqualTo(Sent.UNREACHABLE);

    assertThat(net.cellDrops(DropReason.TOO_BIG)).isEqualTo(2);
    assertThat(net.cellDrops(DropReason.NO_ROUTE)).isEqualTo(1);
    assertThat(net.slot.drops())
        .isEqualTo(Map.of(DropReason.TRANSMIT_REFUSED, 1, DropReason.INTERFACE_DOWN, 1));
  }

  @Test
  void looksTheWayUpAgainWhenRoutesChange() {
    net.resolvePeer();
    UdpPort port = open("0.0.0.0", PORT, new Recorder());
    send(port, PEER, 53);
    net.slot.take();
    FakeSlot other = new FakeSlot(1);
    net.remove(net.slot);
    net.add(other, null, "192.0.2.7/24");

    send(port, PEER, 53);

    assertThat(net.slot.take()).isEmpty();
    assertThat(other.only().arp().senderIp()).isEqualTo(IpAddress.parse("192.0.2.7"));
  }

  @Test
  void reachesOurselves() {
    Recorder user = new Recorder();
    UdpPort port = open("0.0.0.0", PORT, user);

    send(port, US, PORT, (byte) 1);
    send(port, IpAddress.parse("127.0.0.1"), PORT, (byte) 2);

    assertThat(user.received)
        .containsExactly(
            "192.0.2.1:5000 > 192.0.2.1:5000 [1]", "127.0.0.1:5000 > 127.0.0.1:5000 [2]");
  }

  @Test
  void tellsAPortOfErrorsAboutItsDatagrams() {
    Recorder user = new Recorder();
    Recorder other = new Recorder();
    net.add(net.slot, GATEWAY, "192.0.2.1/24", "192.0.2.9/24");
    open("0.0.0.0", PORT, user);
    open("192.0.2.9", PORT, other);
    byte[] quoted = PacketBuilder.bare().ip(US, FAR).udp(PORT, 53).build();

    net.receive(fromPeer().icmp(3, 3, 0).payload(quoted));
    net.receive(fromPeer().icmp(3, 4, 1000).payload(quoted));

    assertThat(user.errors).containsExactly("198.51.100.7:53 PORT_UNREACHABLE");
    assertThat(other.errors).isEmpty();
  }

  @Test
  void tellsOurselvesThatNobodyListens() {
    Recorder user = new Recorder();
    UdpPort port = open("0.0.0.0", PORT, user);

    send(port, US, 4711, (byte) 1);

    assertThat(user.errors).containsExactly("192.0.2.1:4711 PORT_UNREACHABLE");
  }

  @Test
  void showsItsPorts() {
    open("192.0.2.1", PORT, new Recorder());
    List<PcbView> views = new ArrayList<>();
    List<String> violations = new ArrayList<>();
    for (int cell = 0; cell < 8; cell++) {
      int index = cell;
      net.gate.in(
          cell,
          () -> {
            net.udp.views(index, views::add);
            net.udp.checkInvariants(index, violations::add);
          });
    }

    assertThat(views)
        .containsExactly(
            new PcbView(
                "udp",
                PcbView.List.BOUND,
                "-",
                TransportAddress.of("192.0.2.1", PORT),
                TransportAddress.ANY_IPV4,
                "address",
                0,
                0,
                0,
                0,
                0,
                "",
                net.udp.cellOf(PORT)));
    assertThat(violations).isEmpty();
  }

  @Test
  void noticesAPortWithoutAReference() {
    open("0.0.0.0", PORT, new Recorder());
    net.context.ports().release(17, PORT);
    List<String> violations = new ArrayList<>();
    int cell = net.udp.cellOf(PORT);
    net.gate.in(cell, () -> net.udp.checkInvariants(cell, violations::add));

    assertThat(violations).hasSize(1);
    assertThat(violations.getFirst()).contains("0.0.0.0:5000").contains("no reference");
  }

  @Test
  void findsEveryOneOfThousandsOfPorts() {
    List<UdpPort> ports = new ArrayList<>();
    Recorder user = new Recorder();
    for (int port = 1; port <= 3000; port++) {
      ports.add(open("0.0.0.0", port, user));
    }
    for (int port = 1; port <= 3000; port++) {
      net.receive(fromPeer().udp(9, port));
    }
    assertThat(user.received).hasSize(3000);
    for (UdpPort port : ports) {
      net.gate.in(net.udp.cellOf(port.local().port()), port::close);
    }
    List<PcbView> views = new ArrayList<>();
    for (int cell = 0; cell < 8; cell++) {
      int index = cell;
      net.gate.in(cell, () -> net.udp.views(index, views::add));
    }

    assertThat(views).isEmpty();
  }

  @Test
  void refusesAddressesThatAreNotOursAndOtherCells() {
    in(
        PORT,
        () -> {
          assertThatThrownBy(
                  () -> net.udp.open(TransportAddress.of("192.0.2.77", PORT), new Recorder()))
              .isInstanceOf(IllegalArgumentException.class)
              .hasMessageContaining("192.0.2.77:5000");
          assertThatThrownBy(() -> net.udp.open(TransportAddress.of("0.0.0.0", 0), new Recorder()))
              .isInstanceOf(IllegalArgumentException.class)
              .hasMessageContaining("0.0.0.0:0");
          return null;
        });
    assertThatThrownBy(() -> net.udp.open(TransportAddress.of("0.0.0.0", PORT), new Recorder()))
        .isInstanceOf(IllegalStateException.class);
  }
}
