package org.penstock.core.internal.ip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.penstock.core.internal.ip.TestNetwork.ANY;
import static org.penstock.core.internal.ip.TestNetwork.GATEWAY;
import static org.penstock.core.internal.ip.TestNetwork.PEER;
import static org.penstock.core.internal.ip.TestNetwork.PEER_MAC;
import static org.penstock.core.internal.ip.TestNetwork.US;

import java.io.ByteArrayOutputStream;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.penstock.api.IpAddress;
import org.penstock.api.netif.LinkType;
import org.penstock.api.netif.NetifCapabilities;
import org.penstock.api.view.Counter;
import org.penstock.api.view.DropReason;
import org.penstock.core.internal.ip.PacketOutput.Outcome;
import org.penstock.core.internal.ip.TestNetwork.RecordingWaiter;
import org.penstock.core.internal.wire.IpProtocol;
import org.penstock.core.internal.wire.UdpHeader;
import org.penstock.testkit.packet.ChecksumVerdict;
import org.penstock.testkit.packet.Packet;
import org.penstock.testkit.packet.PacketBuilder;

/** Packets longer than their path's MTU leave in fragments (RFC 791 §3.2). */
class Rfc791FragmentationTest {

  private static final int CELL = 3;

  private final TestNetwork net = new TestNetwork();
  private final FakeSlot slot = net.slot;

  private static byte[] bytes(int count) {
    byte[] octets = new byte[count];
    for (int i = 0; i < count; i++) {
      octets[i] = (byte) (i * 7 + (i >>> 8));
    }
    return octets;
  }

  /** Sends a UDP datagram whose payload stands in several places. */
  private Outcome datagram(IpAddress to, byte[] octets, boolean dontFragment, int pieces) {
    Outcome[] outcome = new Outcome[1];
    net.gate.in(
        CELL,
        () -> {
          Ipv4Output output = net.ip.output(CELL);
          OutboundPacket packet =
              output.begin(output.route(ANY, to), IpProtocol.UDP, UdpHeader.LENGTH);
          UdpHeader.write(packet.header(), packet.transport(), 7, 9, 8 + octets.length);
          packet.ecn(2);
          packet.dscp(10);
          packet.dontFragment(dontFragment);
          for (int i = 0; i < pieces; i++) {
            int from = octets.length * i / pieces;
            packet.payload(
                TestNetwork.offHeap(octets), from, octets.length * (i + 1) / pieces - from);
          }
          outcome[0] = output.end(null);
        });
    return outcome[0];
  }

  private static byte[] joined(List<Packet> fragments) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    int offset = 0;
    for (Packet fragment : fragments) {
      assertThat(fragment.ip().fragmentOffset()).isEqualTo(offset);
      assertThat(fragment.ip().checksum()).isEqualTo(ChecksumVerdict.GOOD);
      byte[] octets = fragment.octets();
      all.write(octets, 34, octets.length - 34);
      offset += octets.length - 34;
    }
    return all.toByteArray();
  }

  @ParameterizedTest
  @CsvSource({"1473, 2", "2952, 2", "2953, 3", "60000, 41", "65507, 45"})
  void cutsADatagramAtMultiplesOfEight(int length, int count) {
    net.resolvePeer();

    assertThat(datagram(PEER, bytes(length), false, 1)).isEqualTo(Outcome.SENT);

    List<Packet> fragments = slot.take();
    assertThat(fragments).hasSize(count);
    assertThat(fragments.stream().map(each -> each.ip().id()).distinct()).hasSize(1);
    for (int i = 0; i < count; i++) {
      Packet each = fragments.get(i);
      assertThat(each.ip().moreFragments()).isEqualTo(i < count - 1);
      assertThat(each.ip().dontFragment()).isFalse();
      assertThat(each.ip().totalLength()).isLessThanOrEqualTo(1500);
      assertThat(each.ethernet().destination()).isEqualTo(PEER_MAC);
      // RFC 3168 §5.3: the codepoint is in every fragment, and so is what the user asked for.
      assertThat(each.ip().trafficClass()).isEqualTo(10 << 2 | 2);
    }
    assertThat(joined(fragments)).hasSize(8 + length).endsWith(bytes(length));
    assertThat(net.count(Counter.IP_FRAGMENTED)).isEqualTo(1);
    assertThat(net.count(Counter.IP_FRAGMENTS_CREATED)).isEqualTo(count);
  }

  @Test
  void leavesWhatFitsInOnePiece() {
    net.resolvePeer();

    datagram(PEER, bytes(1472), false, 1);

    assertThat(slot.only().ip().isFragment()).isFalse();
    assertThat(net.count(Counter.IP_FRAGMENTED)).isZero();
  }

  @Test
  void refusesWhatMustNotBeFragmented() {
    net.resolvePeer();

    assertThat(datagram(PEER, bytes(1473), true, 1)).isEqualTo(Outcome.UNREACHABLE);
    assertThat(slot.take()).isEmpty();
    assertThat(slot.drops(DropReason.TOO_BIG)).isEqualTo(1);
    assertThat(datagram(PEER, bytes(1472), true, 1)).isEqualTo(Outcome.SENT);
    assertThat(slot.only().ip().dontFragment()).isTrue();
  }

  @Test
  void refusesWhatNoDatagramCanCarry() {
    net.resolvePeer();

    assertThat(datagram(PEER, bytes(65_508), false, 1)).isEqualTo(Outcome.UNREACHABLE);
    assertThat(slot.drops(DropReason.TOO_BIG)).isEqualTo(1);
  }

  @Test
  void sendsPayloadFromWhereItStands() {
    net.resolvePeer();

    datagram(PEER, bytes(4000), false, 3);

    assertThat(slot.raw()).hasSize(3);
    // Header, transport header and the first slice; nothing was copied together.
    assertThat(slot.raw().get(0).pieces()).isEqualTo(4);
    assertThat(joined(slot.take())).endsWith(bytes(4000));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void copiesFragmentsThatADeviceCannotGather(int gather) {
    slot.capabilities(
        new NetifCapabilities(LinkType.ETHERNET, 1500, true, true, 0, 0, 1514, 1, gather, false));
    net.resolvePeer();

    datagram(PEER, bytes(4000), false, 5);

    assertThat(slot.raw())
        .allSatisfy(sent -> assertThat(sent.pieces()).isLessThanOrEqualTo(gather))
        // No device sees the whole, so none can sum it up.
        .allSatisfy(sent -> assertThat(sent.checksumStart()).isNegative());
    assertThat(joined(slot.take())).endsWith(bytes(4000));
  }

  @Test
  void theOtherSidePutsThemTogether() {
    net.resolvePeer();
    TestNetwork other = new TestNetwork();
    other.add(other.slot, null, "192.0.2.2/24");
    other.resolve(US, TestNetwork.OTHER_MAC);

    datagram(PEER, bytes(30_000), false, 2);
    for (FakeSlot.Sent sent : slot.raw()) {
      byte[] frame = sent.octets().clone();
      // There both are the other way round.
      frame[5] = 1;
      frame[11] = 3;
      other.receive(frame);
    }

    // Port 9 is not open there: that it is told so says that the checksum was right.
    assertThat(other.count(Counter.IP_REASSEMBLED)).isEqualTo(1);
    assertThat(other.count(Counter.UDP_NO_PORTS)).isEqualTo(1);
    assertThat(other.count(Counter.UDP_IN_ERRORS)).isZero();
  }

  @Test
  void waitsWholeForItsNeighbour() {
    datagram(GATEWAY, bytes(60_000), false, 1);
    datagram(GATEWAY, bytes(65_507), false, 1);
    datagram(GATEWAY, bytes(100), false, 1);
    slot.take();

    net.receive(PacketBuilder.arpReply(PEER_MAC, GATEWAY, TestNetwork.OUR_MAC, US));

    List<Packet> sent = slot.take();
    assertThat(sent).hasSize(41 + 45 + 1);
    assertThat(joined(sent.subList(0, 41))).endsWith(bytes(60_000));
    assertThat(joined(sent.subList(41, 86))).endsWith(bytes(65_507));
    assertThat(sent.getLast().payload()).isEqualTo(bytes(100));
  }

  @Test
  void countsADatagramOfWhichTheDriverTookAPart() {
    net.resolvePeer();
    slot.room(2);

    assertThat(datagram(PEER, bytes(10_000), false, 1)).isEqualTo(Outcome.BLOCKED);

    assertThat(net.count(Counter.IP_FRAGMENTATION_FAILS)).isEqualTo(1);
    assertThat(net.count(Counter.IP_FRAGMENTED)).isZero();
    assertThat(slot.drops(DropReason.TRANSMIT_REFUSED)).isEqualTo(1);
  }

  @Test
  void hasAWaiterSendAllOfItAgain() {
    net.resolvePeer();
    slot.room(2);
    RecordingWaiter waiter = new RecordingWaiter();

    assertThat(net.send(CELL, PEER, bytes(4000), waiter)).isEqualTo(Outcome.BLOCKED);
    slot.room(10);
    net.gate.in(CELL, () -> net.ip.output(CELL).resume(0));

    assertThat(waiter.ready).isEqualTo(1);
    assertThat(slot.drops()).isEmpty();
  }
}
