package org.penstock.core.internal.ip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.penstock.core.internal.ip.TestNetwork.fromPeer;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.penstock.api.view.DropReason;

/** Fragments that cut or cover a TCP header (RFC 1858, RFC 3128). PITFALLS 21. */
class Rfc1858TinyFragmentTest {

  private final TestNetwork net = new TestNetwork();
  private final byte[] segment = fromPeer().id(1).tcp(1234, 80).payload(new byte[200]).build();

  @ParameterizedTest
  @CsvSource({"0, 8", "0, 16", "8, 64", "16, 64"})
  void refusesWhatCutsTheHeader(int from, int to) {
    net.receive(Fragments.piece(segment, from, to));

    assertThat(net.slot.drops()).isEqualTo(Map.of(DropReason.FRAGMENT_TINY, 1));
    assertThat(net.ip.fragmentBytes()).isZero();
  }

  @Test
  void takesTheLeastThatHoldsIt() {
    net.receive(Fragments.piece(segment, 0, 24));
    net.receive(Fragments.piece(segment, 24, 220));

    assertThat(net.tcp.received).hasSize(1);
    assertThat(net.slot.drops()).isEmpty();
  }

  @Test
  void takesSmallFragmentsOfOtherProtocols() {
    byte[] datagram = fromPeer().id(1).udp(1, 2).payload(new byte[24]).build();

    Fragments.of(datagram, 8).forEach(net::receive);

    assertThat(net.slot.drops()).doesNotContainKey(DropReason.FRAGMENT_TINY);
    assertThat(net.slot.drops()).containsEntry(DropReason.NO_UDP_PORT, 1);
  }
}
