package org.penstock.core.internal.raw;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.penstock.core.internal.ip.TestNetwork.ANY;
import static org.penstock.core.internal.ip.TestNetwork.FAR;
import static org.penstock.core.internal.ip.TestNetwork.PEER;
import static org.penstock.core.internal.ip.TestNetwork.US;
import static org.penstock.core.internal.ip.TestNetwork.fromPeer;
import static org.penstock.testkit.packet.PacketChecks.echoReply;
import static org.penstock.testkit.packet.PacketChecks.icmp;
import static org.penstock.testkit.packet.PacketChecks.type;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.penstock.api.IpAddress;
import org.penstock.api.buffer.Landing;
import org.penstock.api.view.DropReason;
import org.penstock.core.api.IpSettings;
import org.penstock.core.api.RawPort;
import org.penstock.core.api.RawUser;
import org.penstock.core.api.UdpPort.Sent;
import org.penstock.core.internal.ip.Fragments;
import org.penstock.core.internal.ip.TestNetwork;
import org.penstock.testkit.packet.Packet;

/** Raw endpoints: copies of what comes, and packets with whatever inside. */
class RawLayerTest {

  private static final int OSPF = 89;

  private final TestNetwork net = new TestNetwork();

  /** Remembers the packets it was shown. */
  private static final class Recorder implements RawUser {
    final List<byte[]> packets = new ArrayList<>();
    boolean room = true;

    @Override
    public boolean received(IpAddress remote, IpAddress local, Landing packet) {
      packets.add(
          packet
              .segment()
              .asSlice(packet.offset(), packet.length())
              .toArray(ValueLayout.JAVA_BYTE));
      return room;
    }
  }

  @AfterEach
  void keepsItsBooks() {
    List<String> violations = new ArrayList<>();
    net.gate.in(0, () -> net.raw.checkInvariants(0, violations::add));
    assertThat(violations).isEmpty();
  }

  private <T> T in(int cell, Supplier<T> work) {
    List<T> result = new ArrayList<>();
    net.gate.in(cell, () -> result.add(work.get()));
    return result.getFirst();
  }

  private RawPort open(int protocol, IpAddress local, RawUser user) {
    return in(net.raw.cellOf(protocol), () -> net.raw.open(protocol, local, user));
  }

  private Sent send(RawPort port, IpAddress to, byte[] payload) {
    MemorySegment source = TestNetwork.offHeap(payload);
    return in(0, () -> port.send(to, source, 0, payload.length));
  }

  @Test
  void showsWholePacketsOfItsProtocol() {
    Recorder user = new Recorder();
    open(OSPF, ANY, user);

    net.receive(fromPeer().ttl(1).protocol(OSPF).payload((byte) 1, (byte) 2));
    net.receive(fromPeer().protocol(OSPF + 1).payload((byte) 3));

    assertThat(user.packets).hasSize(1);
    Packet shown = Packet.ip(user.packets.getFirst());
    assertThat(shown.ip().source()).isEqualTo(PEER);
    assertThat(shown.ip().hopLimit()).isEqualTo(1);
    assertThat(user.packets.getFirst()).hasSize(22).endsWith((byte) 1, (byte) 2);
  }

  @Test
  void saysNoMoreThatTheProtocolIsUnreachable() {
    net.resolvePeer();
    net.receive(fromPeer().protocol(OSPF).payload(new byte[8]));
    icmp(type(3, 2)).check(net.slot.only());

    RawPort port = open(OSPF, ANY, new Recorder());
    net.receive(fromPeer().protocol(OSPF).payload(new byte[8]));
    assertThat(net.slot.take()).isEmpty();

    net.gate.in(0, port::close);
    net.receive(fromPeer().protocol(OSPF).payload(new byte[8]));
    icmp(type(3, 2)).check(net.slot.only());
  }

  @Test
  void showsCopiesOfWhatTheStackHasItself() {
    net.resolvePeer();
    Recorder messages = new Recorder();
    Recorder segments = new Recorder();
    open(1, ANY, messages);
    open(6, ANY, segments);

    net.receive(fromPeer().echoRequest(7, 9).payload(new byte[100]));
    for (int port = 1; port <= 20; port++) {
      net.receive(fromPeer().tcp(port, 80).payload(new byte[50]));
    }

    icmp(echoReply(7, 9)).check(net.slot.only());
    assertThat(messages.packets).hasSize(1);
    assertThat(Packet.ip(messages.packets.getFirst()).payloadLength()).isEqualTo(100);
    assertThat(net.tcp.received).hasSize(20);
    assertThat(segments.packets).hasSize(20);
  }

  @Test
  void showsEachOfSeveralWhatIsForItsAddress() {
    net.add(net.slot, null, "192.0.2.1/24", "192.0.2.9/24");
    Recorder any = new Recorder();
    Recorder mine = new Recorder();
    Recorder other = new Recorder();
    open(OSPF, ANY, any);
    open(OSPF, US, mine);
    open(OSPF, IpAddress.parse("192.0.2.9"), other);

    net.receive(fromPeer().protocol(OSPF).payload(new byte[8]));

    assertThat(any.packets).hasSize(1);
    assertThat(mine.packets).hasSize(1);
    assertThat(other.packets).isEmpty();
  }

  @Test
  void showsWhatWasPutTogether() {
    Recorder user = new Recorder();
    open(OSPF, ANY, user);
    byte[] packet = fromPeer().id(4).protocol(OSPF).payload(new byte[5000]).build();

    Fragments.of(packet, 1480).reversed().forEach(net::receive);

    assertThat(user.packets).hasSize(1);
    assertThat(user.packets.getFirst()).hasSize(5020);
  }

  @Test
  void mayBeClosedWhileAPacketIsShown() {
    List<RawPort> ports = new ArrayList<>();
    Recorder last = new Recorder();
    ports.add(
        open(
            OSPF,
            ANY,
            (remote, local, packet) -> {
              ports.forEach(RawPort::close);
              return true;
            }));
    ports.add(open(OSPF, ANY, last));

    net.receive(fromPeer().protocol(OSPF).payload(new byte[8]));

    assertThat(last.packets).isEmpty();
    assertThatThrownBy(() -> send(ports.getLast(), PEER, new byte[1]))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
  }

  @Test
  void countsWhatAUserHasNoRoomFor() {
    Recorder user = new Recorder();
    user.room = false;
    open(OSPF, ANY, user);

    net.receive(fromPeer().protocol(OSPF).payload(new byte[8]));

    assertThat(net.cellDrops(DropReason.RAW_QUEUE_FULL)).isEqualTo(1);
  }

  @Test
  void copiesNoMoreThanTheLimitToItsCell() {
    Recorder user = new Recorder();
    open(6, ANY, user);
    Landing segment = TestNetwork.landing(fromPeer().tcp(1, 80).build());
    int cell = net.input.cellOf(net.slot, segment);
    assertThat(cell).isNotZero();

    net.gate.occupy(
        cell,
        () -> {
          for (int i = 0; i < RawLayer.MOST_COPIES + 10; i++) {
            net.input.frame(net.slot, cell, segment, true);
          }
        });
    net.gate.drain();

    assertThat(user.packets).hasSize(RawLayer.MOST_COPIES);
    assertThat(net.cellDrops(DropReason.RAW_QUEUE_FULL)).isEqualTo(10);
  }

  @Test
  void sendsWhatItIsGiven() {
    net.resolvePeer();
    RawPort port = open(1, ANY, new Recorder());
    net.gate.in(0, () -> port.ip(new IpSettings(46, 3)));
    byte[] message = {8, 0, 0x12, 0x34, 0, 7, 0, 9};

    assertThat(send(port, PEER, message)).isEqualTo(Sent.SENT);

    Packet sent = net.slot.only();
    assertThat(sent.ip().protocol()).isEqualTo(1);
    assertThat(sent.ip().hopLimit()).isEqualTo(3);
    assertThat(sent.ip().trafficClass()).isEqualTo(46 << 2);
    // The checksum is the sender's business.
    assertThat(sent.octets()).endsWith(message);
  }

  @Test
  void sendsLongOnesInFragmentsUnlessTold() {
    net.resolvePeer();
    RawPort port = open(OSPF, US, new Recorder());

    assertThat(send(port, PEER, new byte[5000])).isEqualTo(Sent.SENT);
    assertThat(net.slot.take()).hasSize(4);

    net.gate.in(0, () -> port.dontFragment(true));
    assertThat(send(port, PEER, new byte[1481])).isEqualTo(Sent.TOO_BIG);
    assertThat(send(port, PEER, new byte[1480])).isEqualTo(Sent.SENT);
  }

  @Test
  void saysWhyItDoesNotSend() {
    RawPort port = open(OSPF, ANY, new Recorder());
    net.add(net.slot, null, "192.0.2.1/24");

    assertThat(send(port, ANY, new byte[1])).isEqualTo(Sent.INVALID_ADDRESS);
    assertThat(send(port, IpAddress.BROADCAST_IPV4, new byte[1])).isEqualTo(Sent.INVALID_ADDRESS);
    assertThat(send(port, FAR, new byte[1])).isEqualTo(Sent.UNREACHABLE);
    assertThat(send(port, PEER, new byte[65_516])).isEqualTo(Sent.TOO_BIG);
    net.gate.in(0, () -> port.broadcast(true));
    assertThat(send(port, IpAddress.BROADCAST_IPV4, new byte[1])).isEqualTo(Sent.SENT);
    assertThat(net.slot.drops()).isEqualTo(Map.of());
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 256})
  void refusesWhatIsNoProtocol(int protocol) {
    assertThatThrownBy(() -> open(protocol, ANY, new Recorder()))
        .hasMessageContaining("not between 0 and 255");
  }

  @Test
  void refusesAnAddressThatIsNotOurs() {
    assertThatThrownBy(() -> open(OSPF, PEER, new Recorder())).hasMessageContaining("not ours");
  }
}
