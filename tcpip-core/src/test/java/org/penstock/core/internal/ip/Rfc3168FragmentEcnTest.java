package org.penstock.core.internal.ip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.penstock.core.internal.ip.TestNetwork.fromPeer;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.penstock.api.view.DropReason;

/** The ECN codepoint of a datagram that came in fragments (RFC 3168 §5.3). */
class Rfc3168FragmentEcnTest {

  private final TestNetwork net = new TestNetwork();
  private final byte[] segment = fromPeer().id(1).tcp(1234, 80).payload(new byte[580]).build();

  private void receive(int first, int second, int third) {
    net.receive(Fragments.withTrafficClass(Fragments.piece(segment, 0, 200), 0xb8 | first));
    net.receive(Fragments.withTrafficClass(Fragments.piece(segment, 200, 400), 0xb8 | second));
    net.receive(Fragments.withTrafficClass(Fragments.piece(segment, 400, 600), 0xb8 | third));
  }

  @ParameterizedTest
  @CsvSource({
    "2, 3, 2, 3", // one mark marks all
    "3, 2, 1, 3",
    "2, 1, 3, 3",
    "3, 3, 3, 3",
    "2, 2, 2, 2",
    "1, 1, 1, 1",
    "0, 0, 0, 0",
    "2, 1, 2, 0",
    "2, 0, 2, 0",
  })
  void losesNoMark(int first, int second, int third, int whole) {
    receive(first, second, third);

    assertThat(net.tcp.received).hasSize(1);
    assertThat(net.tcp.received.getFirst()).contains(" ecn " + whole + " ");
  }

  @ParameterizedTest
  @CsvSource({"0, 3, 0", "3, 0, 2", "2, 3, 0"})
  void dropsAMarkThatNobodyCanHaveMade(int first, int second, int third) {
    receive(first, second, third);

    assertThat(net.tcp.received).isEmpty();
    assertThat(net.slot.drops()).isEqualTo(Map.of(DropReason.FRAGMENT_ECN, 1));
    assertThat(net.ip.fragmentBytes()).isZero();
  }
}
