package org.penstock.core.internal.ip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.penstock.core.internal.ip.TestNetwork.OUR_MAC;
import static org.penstock.core.internal.ip.TestNetwork.PEER;
import static org.penstock.core.internal.ip.TestNetwork.PEER_MAC;
import static org.penstock.core.internal.ip.TestNetwork.SECOND;
import static org.penstock.core.internal.ip.TestNetwork.US;
import static org.penstock.core.internal.ip.TestNetwork.fromPeer;
import static org.penstock.testkit.packet.PacketChecks.icmp;
import static org.penstock.testkit.packet.PacketChecks.to;
import static org.penstock.testkit.packet.PacketChecks.type;

import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.penstock.api.IpAddress;
import org.penstock.api.MacAddress;
import org.penstock.api.TransportAddress;
import org.penstock.api.buffer.Landing;
import org.penstock.api.view.Counter;
import org.penstock.api.view.DropReason;
import org.penstock.core.api.TcpFailure;
import org.penstock.core.api.UdpUser;
import org.penstock.testkit.packet.Packet;
import org.penstock.testkit.packet.PacketBuilder;

/** Fragments are put together again (RFC 791 §3.2, RFC 815, RFC 1122 §3.3.2), within limits. */
class Rfc815ReassemblyTest {

  private static final int PORT = 5000;

  private final TestNetwork net = new TestNetwork();
  private final List<byte[]> received = new ArrayList<>();

  @BeforeEach
  void openAPort() {
    net.resolvePeer();
    net.context.ports().retain(17, PORT);
    UdpUser user =
        new UdpUser() {
          @Override
          public boolean received(
              TransportAddress remote, TransportAddress local, int dscp, Landing payload) {
            received.add(
                payload
                    .segment()
                    .asSlice(payload.offset(), payload.length())
                    .toArray(ValueLayout.JAVA_BYTE));
            return true;
          }

          @Override
          public void unreachable(TransportAddress remote, TcpFailure failure) {}
        };
    net.gate.in(
        net.udp.cellOf(PORT),
        () -> net.udp.open(new TransportAddress(IpAddress.ANY_IPV4, PORT), user));
  }

  @AfterEach
  void holdsNothingInTheEnd() {
    net.gate.advance(31 * SECOND);
    assertThat(net.ip.fragmentBytes()).isZero();
  }

  private static byte[] bytes(int count) {
    byte[] octets = new byte[count];
    new Random(count).nextBytes(octets);
    return octets;
  }

  private static PacketBuilder datagram(int id, int payload) {
    return fromPeer().id(id).udp(53, PORT).payload(bytes(payload));
  }

  private static byte[] frame(int id, int payload) {
    return datagram(id, payload).build();
  }

  private void receive(List<byte[]> frames) {
    frames.forEach(net::receive);
  }

  @ParameterizedTest
  @CsvSource({
    "2000, 1480",
    "4036, 1480",
    "4096, 1480",
    "30000, 1480",
    "65507, 1480",
    "3000, 8",
    "65507, 552",
    "9, 8",
    "65000, 65000"
  })
  void putsADatagramTogether(int payload, int octets) {
    List<byte[]> fragments = Fragments.of(frame(1, payload), octets);

    receive(fragments);

    assertThat(received).hasSize(1);
    assertThat(received.getFirst()).isEqualTo(bytes(payload));
    assertThat(net.slot.drops()).isEmpty();
    assertThat(net.count(Counter.IP_IN_RECEIVES)).isEqualTo(fragments.size());
    assertThat(net.count(Counter.IP_IN_DELIVERS)).isEqualTo(1);
    assertThat(net.count(Counter.IP_REASSEMBLY_REQUESTS)).isEqualTo(fragments.size());
    assertThat(net.count(Counter.IP_REASSEMBLED)).isEqualTo(1);
    assertThat(net.ip.fragmentBytes()).isZero();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void inAnyOrder(long seed) {
    List<byte[]> fragments = Fragments.of(frame(1, 40_000), 1480);
    Collections.shuffle(fragments, new Random(seed));

    receive(fragments);

    assertThat(received).hasSize(1);
    assertThat(received.getFirst()).isEqualTo(bytes(40_000));
  }

  @Test
  void fromTheLastToTheFirst() {
    receive(Fragments.of(frame(1, 10_000), 1000).reversed());

    assertThat(received.getFirst()).isEqualTo(bytes(10_000));
  }

  @Test
  void keepsDatagramsApart() {
    List<byte[]> first = Fragments.of(frame(1, 3000), 1480);
    List<byte[]> second = Fragments.of(frame(2, 5000), 1480);
    IpAddress other = IpAddress.parse("192.0.2.3");
    byte[] third =
        PacketBuilder.ethernet(PEER_MAC, OUR_MAC)
            .ip(other, US)
            .id(1)
            .udp(53, PORT)
            .payload(bytes(2500))
            .build();

    for (int i = 0; i < 2; i++) {
      net.receive(first.get(i));
      net.receive(second.get(i));
      net.receive(Fragments.of(third, 1480).get(i));
    }
    net.receive(first.get(2));
    net.receive(second.get(2));
    net.receive(second.get(3));

    assertThat(received).containsExactlyInAnyOrder(bytes(2500), bytes(3000), bytes(5000));
  }

  @Test
  void ignoresWhatCameTwice() {
    List<byte[]> fragments = Fragments.of(frame(1, 5000), 1480);

    net.receive(fragments.get(1));
    net.receive(fragments.get(1));
    net.receive(fragments.get(0));
    net.receive(fragments.get(0));
    net.receive(fragments.get(3));
    net.receive(fragments.get(3));
    net.receive(fragments.get(2));

    assertThat(received.getFirst()).isEqualTo(bytes(5000));
    assertThat(net.slot.drops()).isEqualTo(Map.of(DropReason.FRAGMENT_DUPLICATE, 3));
  }

  @Test
  void checksTheChecksumOfTheWhole() {
    byte[] frame = frame(1, 3000);
    frame[frame.length - 1] ^= 1;

    receive(Fragments.of(frame, 1480));

    assertThat(received).isEmpty();
    assertThat(net.slot.drops()).isEqualTo(Map.of(DropReason.BAD_CHECKSUM_UDP, 1));
  }

  @Test
  void answersAFragmentedEchoInFragments() {
    byte[] request = fromPeer().id(9).echoRequest(7, 8).payload(bytes(60_000)).build();

    receive(Fragments.of(request, 1480));

    List<Packet> reply = net.slot.take();
    assertThat(reply).hasSize(41);
    assertThat(reply.stream().mapToInt(each -> each.octets().length - 34).sum()).isEqualTo(60_008);
    assertThat(net.slot.drops()).isEmpty();
  }

  @Test
  void handsSegmentsToTheirFlowsCell() {
    byte[] whole = fromPeer().id(1).tcp(1234, 80).payload(bytes(3000)).build();
    receive(Fragments.of(whole, 1480));
    net.receive(fromPeer().tcp(1234, 80).payload(bytes(100)));

    assertThat(net.tcp.received).hasSize(2);
    String cell = net.tcp.received.get(1).replaceFirst(".* cell ", "");
    assertThat(net.tcp.received.getFirst()).contains(" 3020 bytes ").endsWith(" cell " + cell);
  }

  @Test
  void givesTheLandingToWhoeverKeepsIt() {
    net.tcp.keeps = true;
    byte[] whole = fromPeer().id(1).tcp(1234, 80).payload(bytes(3000)).build();

    receive(Fragments.of(whole, 1480));

    assertThat(net.tcp.kept).hasSize(1);
    Landing kept = net.tcp.kept.getFirst();
    assertThat(kept.segment().asSlice(kept.offset() + 54, 3000).toArray(ValueLayout.JAVA_BYTE))
        .isEqualTo(bytes(3000));
    kept.release();
  }

  /** RFC 1122 §3.3.2: the error is sent if, and only if, the first fragment is there. */
  @Test
  void saysThatTheRestDidNotComeInTime() {
    byte[] frame = frame(1, 3000);
    net.receive(Fragments.piece(frame, 0, 1480));
    net.gate.advance(29 * SECOND);
    assertThat(net.slot.take()).isEmpty();

    net.gate.advance(2 * SECOND);

    Packet error = net.slot.only();
    icmp(type(11, 1), to(PEER)).check(error);
    // As much of the first fragment as fits into 576 octets (RFC 1812 §4.3.2.3).
    assertThat(error.ip().totalLength()).isEqualTo(576);
    assertThat(net.slot.drops()).isEqualTo(Map.of(DropReason.FRAGMENT_TIMEOUT, 1));
    assertThat(net.count(Counter.IP_REASSEMBLY_FAILS)).isEqualTo(1);
  }

  @Test
  void saysNothingIfTheFirstDidNotCome() {
    net.receive(Fragments.piece(frame(1, 3000), 1480, 2960));

    net.gate.advance(31 * SECOND);

    assertThat(net.slot.take()).isEmpty();
    assertThat(net.slot.drops()).isEqualTo(Map.of(DropReason.FRAGMENT_TIMEOUT, 1));
  }

  @Test
  void saysNothingAboutBroadcastsAndErrors() {
    byte[] broadcast =
        PacketBuilder.ethernet(PEER_MAC, MacAddress.BROADCAST)
            .ip(PEER, IpAddress.parse("192.0.2.255"))
            .id(1)
            .udp(53, PORT)
            .payload(bytes(3000))
            .build();
    byte[] error = fromPeer().id(2).icmp(3, 1, 0).payload(bytes(3000)).build();
    net.receive(Fragments.piece(broadcast, 0, 1480));
    net.receive(Fragments.piece(error, 0, 1480));

    net.gate.advance(31 * SECOND);

    assertThat(net.slot.take()).isEmpty();
    assertThat(net.slot.drops()).isEqualTo(Map.of(DropReason.FRAGMENT_TIMEOUT, 2));
  }

  @Test
  void beginsAnewAfterTheTimeWasUp() {
    byte[] frame = frame(1, 2000);
    net.receive(Fragments.piece(frame, 1480, 2008));
    net.gate.advance(31 * SECOND);

    receive(Fragments.of(frame, 1480));

    assertThat(received).hasSize(1);
  }

  @Test
  void countsTheTimeFromTheFirstThatCame() {
    byte[] frame = frame(1, 4000);
    net.receive(Fragments.piece(frame, 1480, 2960));
    net.gate.advance(20 * SECOND);
    net.receive(Fragments.piece(frame, 2960, 4008));
    net.gate.advance(11 * SECOND);
    net.receive(Fragments.piece(frame, 0, 1480));

    assertThat(received).isEmpty();
  }

  /** PITFALLS 21: sizes that are not a multiple of 8, and ends beyond the longest datagram. */
  @Test
  void refusesSizesThatAreNoMultipleOfEight() {
    byte[] frame = frame(1, 3000);

    net.receive(Fragments.piece(frame, 0, 1001, true));
    net.receive(Fragments.piece(frame, 16, 16, true));

    assertThat(net.slot.drops()).isEqualTo(Map.of(DropReason.MALFORMED_IPV4, 2));
    assertThat(net.ip.fragmentBytes()).isZero();
  }

  @Test
  void refusesWhatEndsBeyondTheLongestDatagram() {
    net.receive(fromPeer().udp(53, PORT).fragment(65_512, false).payload(new byte[8]));

    assertThat(net.slot.drops()).isEqualTo(Map.of(DropReason.MALFORMED_IPV4, 1));
    assertThat(net.ip.fragmentBytes()).isZero();
  }

  /** PITFALLS 21: every other fragment, so that each leaves a hole. */
  @Test
  void givesUpOnTooManyHoles() {
    List<byte[]> fragments = Fragments.of(frame(1, 8 * 200), 8);
    for (int i = 1; i < 2 * PartialDatagram.MOST_RANGES; i += 2) {
      net.receive(fragments.get(i));
    }
    assertThat(net.slot.drops()).isEmpty();

    net.receive(fragments.get(2 * PartialDatagram.MOST_RANGES + 1));
    receive(fragments);

    assertThat(received).isEmpty();
    assertThat(net.slot.drops()).isEqualTo(Map.of(DropReason.FRAGMENT_HOLES, 1 + fragments.size()));
    assertThat(net.ip.fragmentBytes()).isZero();
  }

  @Test
  void holdsNoMoreThanItsShareForOneSource() {
    for (int id = 0; id < 5000; id++) {
      net.receive(Fragments.piece(frame(id, 3000), 1480, 2960));
    }

    assertThat(net.ip.fragmentBytes())
        .isLessThanOrEqualTo(FragmentMemory.MOST_BYTES / FragmentMemory.SHARES);
    // The newest still have their chance.
    receive(Fragments.of(frame(9999, 3000), 1480));
    assertThat(received).hasSize(1);
  }

  @Test
  void leavesRoomForOthersWhenOneSourceFloods() {
    for (int id = 0; id < 5000; id++) {
      net.receive(Fragments.piece(frame(id, 60_000), 57_720, 59_200));
    }
    byte[] other =
        PacketBuilder.ethernet(PEER_MAC, OUR_MAC)
            .ip(IpAddress.parse("192.0.2.3"), US)
            .id(1)
            .udp(53, PORT)
            .payload(bytes(60_000))
            .build();
    List<byte[]> fragments = Fragments.of(other, 1480);
    net.receive(fragments.getFirst());
    for (int id = 5000; id < 6000; id++) {
      net.receive(Fragments.piece(frame(id, 60_000), 57_720, 59_200));
    }
    receive(fragments.subList(1, fragments.size()));

    assertThat(received).hasSize(1);
  }

  @Test
  void holdsNoMoreThanTheStacksLimit() {
    for (int i = 0; i < 3000; i++) {
      byte[] frame =
          PacketBuilder.ethernet(PEER_MAC, OUR_MAC)
              .ip(IpAddress.ofIpv4(0xc633_6400 + i), US)
              .id(i)
              .udp(53, PORT)
              .payload(bytes(3000))
              .build();
      net.receive(Fragments.piece(frame, 0, 1480));
    }
    assertThat(net.ip.fragmentBytes()).isLessThanOrEqualTo(FragmentMemory.MOST_BYTES);
    assertThat(net.slot.drops(DropReason.FRAGMENT_LIMIT)).isGreaterThan(1000);

    receive(Fragments.of(frame(1, 3000), 1480));
    assertThat(received).hasSize(1);
  }

  @Test
  void survivesAnythingThatLooksLikeFragments() {
    for (long seed = 0; seed < 300; seed++) {
      Random random = new Random(seed);
      byte[] frame = frame((int) seed, 4000);
      for (int i = 0; i < 30; i++) {
        int from = random.nextInt(500) * 8;
        int to = Math.min(4008, from + 8 + random.nextInt(1500));
        boolean more = random.nextInt(4) > 0;
        byte[] piece = Fragments.piece(frame, from, more ? to - (to - from) % 8 : to, more);
        if (random.nextInt(4) == 0) {
          piece[piece.length - 1] ^= 1;
        }
        net.receive(piece);
      }
    }
    net.gate.advance(31 * SECOND);

    assertThat(received).allMatch(bytes -> Arrays.equals(bytes, bytes(4000)));
  }
}
