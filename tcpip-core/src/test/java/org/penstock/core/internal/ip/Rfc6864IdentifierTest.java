package org.penstock.core.internal.ip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.penstock.core.internal.ip.TestNetwork.PEER;
import static org.penstock.core.internal.ip.TestNetwork.US;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.penstock.core.internal.stack.StackContext;
import org.penstock.testkit.packet.Packet;

/** Identifiers of packets that may be fragmented (RFC 6864 §4, RFC 7739 §4). */
class Rfc6864IdentifierTest {

  private static final int OTHER = 0xc633_6407;

  private final PacketIds ids = new PacketIds(new StackContext.Secret(0x1234, 0x5678));

  private List<Integer> draw(PacketIds source, int destination, int count) {
    List<Integer> drawn = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      drawn.add(source.next(US.ipv4(), destination, 17));
    }
    return drawn;
  }

  @Test
  void usesAllBeforeAnyComesAgain() {
    List<Integer> drawn = draw(ids, PEER.ipv4(), 3 * 65_536);

    // Wherever one looks: no identifier twice within 65,536 packets.
    for (int from : new int[] {0, 1, 1000, 40_000, 65_536, 100_000, 131_072}) {
      Set<Integer> window = new HashSet<>(drawn.subList(from, from + 65_536));
      assertThat(window).hasSize(65_536);
    }
  }

  @Test
  void doesNotUseThemInOrder() {
    List<Integer> drawn = draw(ids, PEER.ipv4(), 1000);

    int steps = 0;
    for (int i = 1; i < drawn.size(); i++) {
      steps += drawn.get(i) == drawn.get(i - 1) + 1 ? 1 : 0;
    }
    assertThat(steps).isLessThan(10);
  }

  /** What one destination sees tells nothing about another's, nor about another stack's. */
  @Test
  void isNotForetoldByThoseOfOthers() {
    List<Integer> here = draw(ids, PEER.ipv4(), 1000);
    List<Integer> there = draw(ids, OTHER, 1000);
    PacketIds another = new PacketIds(new StackContext.Secret(0x1234, 0x5679));
    List<Integer> elsewhere = draw(another, PEER.ipv4(), 1000);

    assertThat(equalPlaces(here, there)).isLessThan(5);
    assertThat(equalPlaces(here, elsewhere)).isLessThan(5);
  }

  private static int equalPlaces(List<Integer> first, List<Integer> second) {
    int equal = 0;
    for (int i = 0; i < first.size(); i++) {
      equal += first.get(i).equals(second.get(i)) ? 1 : 0;
    }
    return equal;
  }

  @Test
  void isNeverTheSameForTwoCellsThatSendToOneDestination() {
    TestNetwork net = new TestNetwork();
    net.resolvePeer();
    for (int i = 0; i < 64; i++) {
      net.send(i % 8, PEER, new byte[8], null);
    }

    assertThat(net.slot.take().stream().map(packet -> packet.ip().id()).distinct()).hasSize(64);
  }

  /** RFC 6864 §4.1: it means nothing where nobody may fragment. */
  @Test
  void isZeroWhereNothingIsFragmented() {
    TestNetwork net = new TestNetwork();
    net.resolvePeer();
    net.gate.in(
        1,
        () -> {
          OutboundPacket packet =
              net.ip.output(1).begin(net.ip.tables().path(TestNetwork.ANY, PEER), 253, 0);
          packet.dontFragment(true);
          net.ip.output(1).end(null);
        });

    Packet sent = net.slot.only();
    assertThat(sent.ip().id()).isZero();
    assertThat(sent.ip().dontFragment()).isTrue();
  }
}
