package org.penstock.core.internal.stack;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.penstock.core.api.Ports;
import org.penstock.core.api.Tcp;
import org.penstock.core.api.Udp;

/** RFC 6056: ephemeral ports that nobody guesses. PITFALLS 23, and 9: when all were used. */
class Rfc6056PortTest {

  private static final int COUNT = Ports.LAST_EPHEMERAL - Ports.FIRST_EPHEMERAL + 1;

  private final Random random = new Random(6056);
  private final PortTable ports = new PortTable(random::nextLong);

  @Test
  void theySpreadEvenlyOverTheWholeRange() {
    int[] sixteenths = new int[16];
    for (int i = 0; i < 16_000; i++) {
      int port = ports.draw(Tcp.PROTOCOL);
      assertThat(port).isBetween(Ports.FIRST_EPHEMERAL, Ports.LAST_EPHEMERAL);
      sixteenths[(port - Ports.FIRST_EPHEMERAL) * 16 / COUNT]++;
      ports.release(Tcp.PROTOCOL, port);
    }
    for (int count : sixteenths) {
      assertThat(count).isBetween(850, 1150);
    }
  }

  @Test
  void oneTellsNothingOfTheNext() {
    int near = 0;
    int before = ports.draw(Tcp.PROTOCOL);
    for (int i = 0; i < 4_000; i++) {
      int port = ports.draw(Tcp.PROTOCOL);
      near += Math.abs(port - before) <= 64 ? 1 : 0;
      before = port;
    }
    // By chance 129 of 16,384 are that near: about 31 in 4,000.
    assertThat(near).isLessThan(80);
  }

  @Test
  void aLongRowOfHeldPortsDoesNotMakeThePortBehindItLikely() {
    // Half of the range is held, in one row.
    for (int i = 0; i < COUNT / 2; i++) {
      ports.retain(Tcp.PROTOCOL, Ports.FIRST_EPHEMERAL + i);
    }
    Set<Integer> drawn = new HashSet<>();
    for (int i = 0; i < 1_000; i++) {
      int port = ports.draw(Tcp.PROTOCOL);
      drawn.add(port);
      ports.release(Tcp.PROTOCOL, port);
    }
    // By algorithm 1 half of the draws would have given one and the same.
    assertThat(drawn).hasSizeGreaterThan(900);
  }

  @Test
  void theLastFreePortIsFoundAndThenThereIsNone() {
    Set<Integer> drawn = new HashSet<>();
    for (int i = 0; i < COUNT; i++) {
      drawn.add(ports.draw(Tcp.PROTOCOL));
    }
    assertThat(drawn).hasSize(COUNT).doesNotContain(-1);
    assertThat(ports.draw(Tcp.PROTOCOL)).isEqualTo(-1);
    assertThat(ports.draw(Udp.PROTOCOL)).isPositive();
  }

  @Test
  void portsThatCameBackAreDrawnAgainForEver() {
    for (int i = 0; i < 200_000; i++) {
      int port = ports.draw(Tcp.PROTOCOL);
      assertThat(port).isPositive();
      ports.release(Tcp.PROTOCOL, port);
    }
  }

  @Test
  void twoStacksDrawDifferently() {
    Random other = new Random(1);
    assertThat(new PortTable(other::nextLong).draw(Tcp.PROTOCOL))
        .isNotEqualTo(ports.draw(Tcp.PROTOCOL));
  }
}
