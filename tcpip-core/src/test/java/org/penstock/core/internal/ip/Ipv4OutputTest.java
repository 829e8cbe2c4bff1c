package org.penstock.core.internal.ip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.penstock.core.internal.ip.TestNetwork.ANY;
import static org.penstock.core.internal.ip.TestNetwork.FAR;
import static org.penstock.core.internal.ip.TestNetwork.GATEWAY;
import static org.penstock.core.internal.ip.TestNetwork.PEER;
import static org.penstock.core.internal.ip.TestNetwork.PEER_MAC;
import static org.penstock.core.internal.ip.TestNetwork.US;
import static org.penstock.core.internal.ip.TestNetwork.offHeap;
import static org.penstock.testkit.packet.PacketChecks.all;
import static org.penstock.testkit.packet.PacketChecks.dontFragment;
import static org.penstock.testkit.packet.PacketChecks.from;
import static org.penstock.testkit.packet.PacketChecks.ip;
import static org.penstock.testkit.packet.PacketChecks.payload;
import static org.penstock.testkit.packet.PacketChecks.tcp;
import static org.penstock.testkit.packet.PacketChecks.to;
import static org.penstock.testkit.packet.PacketChecks.toMac;
import static org.penstock.testkit.packet.PacketChecks.ttl;
import static org.penstock.testkit.packet.PacketChecks.udp;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.penstock.api.IpAddress;
import org.penstock.api.MacAddress;
import org.penstock.api.buffer.GsoType;
import org.penstock.api.netif.LinkType;
import org.penstock.api.netif.NetifCapabilities;
import org.penstock.api.view.Counter;
import org.penstock.api.view.DropReason;
import org.penstock.core.internal.ip.FakeSlot.Sent;
import org.penstock.core.internal.ip.PacketOutput.Outcome;
import org.penstock.core.internal.ip.TestNetwork.RecordingWaiter;
import org.penstock.core.internal.wire.Checksum;
import org.penstock.core.internal.wire.TcpFlags;
import org.penstock.core.internal.wire.TcpHeader;
import org.penstock.core.internal.wire.UdpHeader;
import org.penstock.testkit.packet.Packet;
import org.penstock.testkit.packet.PacketBuilder;

/** The way down: headers, checksums, offload, gather lists, and who waits. */
class Ipv4OutputTest {

  private static final int CELL = 3;
  private static final NetifCapabilities OFFLOADING =
      new NetifCapabilities(LinkType.ETHERNET, 1500, true, true, 65_535, 0, 65_550, 1, 64, false);

  private final TestNetwork net = new TestNetwork();
  private final FakeSlot slot = net.slot;
  private final Ipv4Output output = net.ip.output(CELL);
  private Outcome outcome;

  @BeforeEach
  void knowThePeer() {
    net.resolvePeer();
  }

  private static byte[] bytes(int count) {
    byte[] octets = new byte[count];
    for (int i = 0; i < count; i++) {
      octets[i] = (byte) (i * 7 + 1);
    }
    return octets;
  }

  private static byte[] joined(byte[]... pieces) {
    int length = 0;
    for (byte[] piece : pieces) {
      length += piece.length;
    }
    byte[] all = new byte[length];
    int at = 0;
    for (byte[] piece : pieces) {
      System.arraycopy(piece, 0, all, at, piece.length);
      at += piece.length;
    }
    return all;
  }

  private Path route(IpAddress to) {
    return output.route(ANY, to);
  }

  private Outcome segment(Path path, int segmentSize, TransmitWaiter waiter, byte[]... pieces) {
    net.gate.in(CELL, () -> outcome = segmentInside(path, segmentSize, waiter, pieces));
    return outcome;
  }

  private Outcome segmentInside(
      Path path, int segmentSize, TransmitWaiter waiter, byte[]... pieces) {
    OutboundPacket packet = output.begin(path, 6, TcpHeader.MIN_LENGTH);
    TcpHeader.write(
        packet.header(),
        packet.transport(),
        80 << 16 | 1234,
        1000,
        2000,
        TcpHeader.MIN_LENGTH,
        TcpFlags.ACK,
        500,
        0);
    for (byte[] piece : pieces) {
      packet.payload(offHeap(piece), 0, piece.length);
    }
    if (segmentSize > 0) {
      packet.segment(segmentSize);
    }
    return output.end(waiter);
  }

  private Outcome datagram(Path path, byte[] octets) {
    net.gate.in(
        CELL,
        () -> {
          OutboundPacket packet = output.begin(path, 17, UdpHeader.LENGTH);
          UdpHeader.write(
              packet.header(), packet.transport(), 5, 6, UdpHeader.LENGTH + octets.length);
          packet.payload(offHeap(octets), 0, octets.length);
          outcome = output.end(null);
        });
    return outcome;
  }

  @Test
  void writesEveryHeaderAndTheChecksumOverPiecesOfOddLength() {
    byte[] first = bytes(7);
    byte[] second = bytes(1);
    byte[] third = bytes(33);

    assertThat(segment(route(PEER), 0, null, first, second, third)).isEqualTo(Outcome.SENT);

    Packet sent = slot.only();
    all(
            tcp(payload(joined(first, second, third))),
            ip(from(US), to(PEER), ttl(64), dontFragment(true)),
            toMac(PEER_MAC))
        .check(sent);
    assertThat(sent.ip().id()).isZero();
    assertThat(net.count(Counter.IP_OUT_TRANSMITS)).isEqualTo(1);
  }

  @Test
  void setsTheTrafficClassAndTimeToLive() {
    net.gate.in(
        CELL,
        () -> {
          OutboundPacket packet = output.begin(route(PEER), 253, 0);
          packet.ecn(2);
          packet.dscp(46);
          packet.timeToLive(7);
          output.end(null);
          output.begin(route(PEER), 253, 0);
          output.end(null);
        });

    List<Packet> sent = slot.take();
    assertThat(sent.get(0).ip().trafficClass()).isEqualTo(46 << 2 | 2);
    assertThat(sent.get(0).ip().hopLimit()).isEqualTo(7);
    // Neither stays with the block.
    assertThat(sent.get(1).ip().trafficClass()).isZero();
    assertThat(sent.get(1).ip().hopLimit()).isEqualTo(64);
  }

  @Test
  void leavesTheChecksumToADeviceThatComputesIt() {
    slot.capabilities(OFFLOADING);

    segment(route(PEER), 0, null, bytes(100));

    Sent sent = slot.raw().getFirst();
    assertThat(sent.checksumStart()).isEqualTo(34);
    assertThat(sent.checksumOffset()).isEqualTo(16);
    assertThat(sent.gsoType()).isEqualTo(GsoType.NONE);
    int field = (sent.octets()[50] & 0xff) << 8 | sent.octets()[51] & 0xff;
    assertThat(field)
        .isEqualTo(Checksum.fold(Checksum.pseudoHeader(US.ipv4(), PEER.ipv4(), 6, 120)));
  }

  @Test
  void leavesSegmentationToADeviceThatCuts() {
    slot.capabilities(OFFLOADING);
    Path path = route(PEER);
    assertThat(output.segmentation(path)).isEqualTo(65_535);

    assertThat(segment(path, 1460, new RecordingWaiter(), bytes(30_000), bytes(20_000)))
        .isEqualTo(Outcome.SENT);

    Sent sent = slot.raw().getFirst();
    assertThat(sent.gsoType()).isEqualTo(GsoType.TCP_IPV4);
    assertThat(sent.gsoSize()).isEqualTo(1460);
    assertThat(sent.headerLength()).isEqualTo(54);
    assertThat(sent.octets()).hasSize(54 + 50_000);
    assertThat(sent.pieces()).isEqualTo(3);
    assertThat(Packet.ethernet(sent.octets()).ip().totalLength()).isEqualTo(50_040);
  }

  @Test
  void offersNoSegmentationWithoutChecksums() {
    assertThat(output.segmentation(route(PEER))).isZero();
    slot.capabilities(
        new NetifCapabilities(
            LinkType.ETHERNET, 1500, false, false, 65_535, 0, 1514, 1, 64, false));

    assertThat(output.segmentation(route(PEER))).isZero();
  }

  @Test
  void hasTheTransportCutAgainWhenTheDriverHasBecomeALesserOne() {
    slot.capabilities(OFFLOADING);
    Path path = route(PEER);
    List<Outcome> outcomes = new ArrayList<>();
    TransmitWaiter waiter =
        new TransmitWaiter() {
          @Override
          protected void transmitReady() {
            outcomes.add(segmentInside(path, 0, this, bytes(1000)));
          }

          @Override
          protected void transmitFailed() {}
        };
    slot.capabilities(NetifCapabilities.plain(LinkType.ETHERNET, 1500));

    assertThat(segment(path, 1460, waiter, bytes(30_000))).isEqualTo(Outcome.BLOCKED);

    assertThat(outcomes).containsExactly(Outcome.SENT);
    tcp(payload(bytes(1000))).check(slot.only());
  }

  @Test
  void makesAFrameAnewWhenTheDriverChangesWhileItIsMade() {
    slot.capabilities(OFFLOADING);
    Sender sender = new Sender(5);
    slot.capabilitiesAfterNextLook(NetifCapabilities.plain(LinkType.ETHERNET, 1500));

    net.gate.in(CELL, sender::send);
    assertThat(sender.isWaiting()).isTrue();
    assertThat(slot.take()).isEmpty();
    net.gate.in(CELL, () -> output.resume(0));

    tcp(payload(new byte[] {5})).check(slot.only());
  }

  /** The control cell learns of it; the cell that waits has not been told yet. */
  private void gatewayAnswers() {
    net.gate.occupy(
        0,
        () ->
            net.input.frame(
                slot,
                0,
                TestNetwork.landing(
                    PacketBuilder.arpReply(PEER_MAC, GATEWAY, TestNetwork.OUR_MAC, US)),
                true));
  }

  @Test
  void sendsWhatWaitedForANeighbourBeforeWhatIsNewer() {
    net.send(CELL, GATEWAY, bytes(4), null);
    slot.take();
    gatewayAnswers();
    net.send(CELL, GATEWAY, bytes(5), null);

    List<Packet> sent = slot.take();
    assertThat(sent).hasSize(2);
    ip(to(GATEWAY), payload(bytes(4))).check(sent.get(0));
    ip(to(GATEWAY), payload(bytes(5))).check(sent.get(1));
  }

  @Test
  void sendsWhatWaitedForANeighbourByADriverWithoutLinkHeaders() {
    net.send(CELL, GATEWAY, bytes(4), null);
    slot.take();
    gatewayAnswers();
    slot.capabilities(NetifCapabilities.plain(LinkType.IP, 1500));
    net.gate.drain();

    ip(to(GATEWAY), payload(bytes(4))).check(slot.only());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5})
  void copiesWhatADeviceCannotGather(int gather) {
    slot.capabilities(
        new NetifCapabilities(LinkType.ETHERNET, 1500, false, false, 0, 0, 1514, 1, gather, false));

    segment(route(PEER), 0, null, bytes(10), bytes(11), bytes(12), bytes(13), bytes(14));

    Sent sent = slot.raw().getFirst();
    assertThat(sent.pieces()).isEqualTo(gather);
    tcp(payload(joined(bytes(10), bytes(11), bytes(12), bytes(13), bytes(14)))).check(slot.only());
  }

  @Test
  void sendsBroadcastsToEveryStation() {
    datagram(route(IpAddress.BROADCAST_IPV4), bytes(3));
    datagram(route(IpAddress.parse("192.0.2.255")), bytes(3));

    assertThat(slot.take()).hasSize(2).allMatch(all(udp(), toMac(MacAddress.BROADCAST))::matches);
  }

  @Test
  void sendsMulticastsOneHopToTheGroupsLinkAddress() {
    datagram(route(IpAddress.parse("239.129.1.2")), bytes(3));

    all(udp(ttl(1)), toMac(MacAddress.parse("01:00:5e:01:01:02"))).check(slot.only());
  }

  @Test
  void refusesASegmentThatIsLongerThanThePath() {
    assertThat(segment(route(PEER), 0, null, bytes(1461))).isEqualTo(Outcome.UNREACHABLE);
    assertThat(slot.drops(DropReason.TOO_BIG)).isEqualTo(1);
    assertThat(segment(route(PEER), 0, null, bytes(1460))).isEqualTo(Outcome.SENT);
    assertThat(slot.only().payloadLength()).isEqualTo(1460);
  }

  @Test
  void dropsWhatTheDriverRefusesIfNobodyWaits() {
    slot.room(0);

    assertThat(datagram(route(PEER), bytes(1))).isEqualTo(Outcome.BLOCKED);
    assertThat(slot.drops(DropReason.TRANSMIT_REFUSED)).isEqualTo(1);
    slot.up(false);
    assertThat(datagram(route(PEER), bytes(1))).isEqualTo(Outcome.BLOCKED);
    assertThat(slot.drops(DropReason.INTERFACE_DOWN)).isEqualTo(1);
  }

  private final class Sender extends TransmitWaiter {
    private final byte mark;
    private final Path path = route(PEER);

    Sender(int mark) {
      this.mark = (byte) mark;
    }

    void send() {
      segmentInside(path, 0, this, new byte[] {mark});
    }

    @Override
    protected void transmitReady() {
      send();
    }

    @Override
    protected void transmitFailed() {
      throw new AssertionError("failed");
    }
  }

  @Test
  void tellsWaitersInTheirOrderAsFarAsThereIsRoom() {
    slot.room(0);
    for (int i = 0; i < 5; i++) {
      Sender sender = new Sender(i);
      net.gate.in(CELL, sender::send);
      assertThat(sender.isWaiting()).isTrue();
    }
    slot.room(2);
    net.gate.in(CELL, () -> output.resume(0));
    assertThat(slot.take()).extracting(sent -> (int) sent.payload()[0]).containsExactly(0, 1);

    slot.room(2);
    net.gate.in(CELL, () -> output.resume(0));
    assertThat(slot.take()).extracting(sent -> (int) sent.payload()[0]).containsExactly(3, 4);

    slot.room(9);
    net.gate.in(CELL, () -> output.resume(0));
    assertThat(slot.take()).extracting(sent -> (int) sent.payload()[0]).containsExactly(2);
    net.gate.in(CELL, () -> output.resume(0));
    assertThat(slot.take()).isEmpty();
  }

  @Test
  void tellsHundredsOfWaitersInBoundedSections() {
    slot.up(false);
    for (int i = 0; i < 500; i++) {
      net.gate.in(CELL, new Sender(i)::send);
    }
    slot.up(true);

    net.gate.occupy(CELL, () -> output.resume(0));
    assertThat(slot.take()).hasSize(64);
    net.gate.drain();

    assertThat(slot.take()).hasSize(500 - 64);
  }

  @Test
  void goesOnTellingWaitersAfterOneThrew() {
    slot.up(false);
    net.gate.in(
        CELL,
        () ->
            segmentInside(
                route(PEER),
                0,
                new TransmitWaiter() {
                  @Override
                  protected void transmitReady() {
                    throw new IllegalStateException("broken");
                  }

                  @Override
                  protected void transmitFailed() {}
                }));
    net.gate.in(CELL, new Sender(1)::send);
    slot.up(true);

    assertThatThrownBy(() -> net.gate.occupy(CELL, () -> output.resume(0))).hasMessage("broken");
    net.gate.drain();

    assertThat(slot.take()).hasSize(1);
  }

  @Test
  void hasWhoeverWaitsForARemovedSlotLookForAnotherWay() {
    slot.up(false);
    RecordingWaiter waiter = new RecordingWaiter();
    Path path = route(PEER);
    segment(path, 0, waiter, bytes(1));

    net.remove(slot);

    assertThat(waiter.ready).isEqualTo(1);
    assertThat(output.isCurrent(path)).isFalse();
    assertThat(output.route(ANY, PEER)).isNull();
    assertThat(segment(path, 0, waiter, bytes(1))).isEqualTo(Outcome.UNREACHABLE);
    assertThat(net.cellDrops(DropReason.NO_ROUTE)).isEqualTo(1);
  }

  @Test
  void sendsByTheInterfaceThatCameInPlaceOfAnother() {
    // A path names its slot and no driver (gVisor 4530): a new way is looked up after a change.
    Path path = route(FAR);
    net.remove(slot);
    FakeSlot other = new FakeSlot(1, NetifCapabilities.plain(LinkType.IP, 1400));
    net.add(other, GATEWAY, "192.0.2.1/24");

    assertThat(output.isCurrent(path)).isFalse();
    assertThat(segment(route(FAR), 0, null, bytes(10))).isEqualTo(Outcome.SENT);

    tcp(to(FAR)).check(other.only());
  }

  @Test
  void keepsForAnUnresolvedNeighbourWhatAnyDriverCanSend() {
    slot.capabilities(OFFLOADING);
    net.send(0, GATEWAY, bytes(1), null);
    datagram(route(FAR), bytes(9));
    slot.capabilities(NetifCapabilities.plain(LinkType.ETHERNET, 1500));
    slot.take();

    net.receive(PacketBuilder.arpReply(PEER_MAC, GATEWAY, TestNetwork.OUR_MAC, US));

    assertThat(slot.raw()).allMatch(sent -> sent.checksumStart() < 0);
    assertThat(slot.take()).filteredOn(udp(payload(bytes(9)))::matches).hasSize(1);
  }

  @Test
  void refusesHeadersThatFitNowhere() {
    net.gate.in(
        CELL,
        () -> {
          assertThatThrownBy(() -> output.begin(route(PEER), 6, 61))
              .isInstanceOf(IllegalArgumentException.class)
              .hasMessageContaining("61");
          assertThatThrownBy(() -> output.end(null)).isInstanceOf(IllegalStateException.class);
        });
  }

  @Test
  void hasNoWayForIpv6Yet() {
    assertThat(output.route(IpAddress.ANY_IPV6, IpAddress.parse("2001:db8::2"))).isNull();
  }
}
