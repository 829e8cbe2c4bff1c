package org.penstock.core.internal.ip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.penstock.core.internal.ip.TestNetwork.SECOND;
import static org.penstock.core.internal.ip.TestNetwork.fromPeer;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.penstock.api.view.Counter;
import org.penstock.api.view.DropReason;

/**
 * A datagram whose fragments overlap is dropped whole, as RFC 5722 demands of IPv6. Differs from
 * RFC 791 §3.2, which has the newer octets win: what an honest sender or router makes never
 * overlaps. A fragment that came twice with the same octets is no overlap. PITFALLS 21.
 */
class Rfc5722OverlappingFragmentTest {

  private final TestNetwork net = new TestNetwork();
  private final byte[] segment = fromPeer().id(1).tcp(1234, 80).payload(new byte[780]).build();

  @ParameterizedTest
  @CsvSource({
    "200, 400, 192, 408", // covers it
    "200, 400, 120, 208", // its beginning
    "200, 400, 392, 480", // its end
    "0, 400, 24, 800", // from inside to the end
  })
  void dropsTheWholeDatagram(int from, int to, int otherFrom, int otherTo) {
    net.receive(Fragments.piece(segment, from, to));
    net.receive(Fragments.piece(segment, otherFrom, otherTo));
    assertThat(net.slot.drops()).isEqualTo(Map.of(DropReason.FRAGMENT_OVERLAP, 1));

    // Those that are still to come, too.
    Fragments.of(segment, 200).forEach(net::receive);

    assertThat(net.tcp.received).isEmpty();
    assertThat(net.slot.drops()).isEqualTo(Map.of(DropReason.FRAGMENT_OVERLAP, 5));
    assertThat(net.count(Counter.IP_REASSEMBLY_FAILS)).isEqualTo(1);
    assertThat(net.ip.fragmentBytes()).isZero();
  }

  @Test
  void dropsWhatCameTwiceWithOtherOctets() {
    byte[] other = Fragments.piece(segment, 200, 400);
    other[other.length - 1] ^= 1;

    net.receive(Fragments.piece(segment, 200, 400));
    net.receive(other);

    assertThat(net.slot.drops()).isEqualTo(Map.of(DropReason.FRAGMENT_OVERLAP, 1));
  }

  @ParameterizedTest
  @CsvSource({
    "400, 800, false, 400, 800, true", // was the last, and is not
    "200, 400, false, 400, 600, true", // beyond the last
    "400, 600, true, 200, 400, false", // the last, and others beyond
    "200, 400, false, 400, 600, false", // two last ones
  })
  void dropsWhatDisagreesAboutTheEnd(
      int from, int to, boolean more, int otherFrom, int otherTo, boolean otherMore) {
    net.receive(Fragments.piece(segment, from, to, more));
    net.receive(Fragments.piece(segment, otherFrom, otherTo, otherMore));

    assertThat(net.slot.drops()).isEqualTo(Map.of(DropReason.FRAGMENT_OVERLAP, 1));
    assertThat(net.ip.fragmentBytes()).isZero();
  }

  @Test
  void forgetsAfterTheTimeout() {
    net.receive(Fragments.piece(segment, 0, 400));
    net.receive(Fragments.piece(segment, 200, 600));
    net.gate.advance(31 * SECOND);

    Fragments.of(segment, 200).forEach(net::receive);

    assertThat(net.tcp.received).hasSize(1);
    // No error about it either.
    assertThat(net.slot.take()).isEmpty();
  }
}
