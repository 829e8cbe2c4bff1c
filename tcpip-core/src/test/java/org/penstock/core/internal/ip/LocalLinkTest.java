package org.penstock.core.internal.ip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.penstock.core.internal.ip.TestNetwork.ANY;
import static org.penstock.core.internal.ip.TestNetwork.US;
import static org.penstock.core.internal.ip.TestNetwork.offHeap;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.penstock.api.IpAddress;
import org.penstock.api.view.DropReason;
import org.penstock.api.view.MemoryView;
import org.penstock.core.internal.ip.PacketOutput.Outcome;
import org.penstock.core.internal.ip.TestNetwork.RecordingWaiter;
import org.penstock.core.internal.wire.TcpFlags;
import org.penstock.core.internal.wire.TcpHeader;

/** Packets to our own addresses come back without an interface, and never from within the send. */
class LocalLinkTest {

  private static final int CELL = 2;

  private final TestNetwork net = new TestNetwork();

  private Outcome segment(IpAddress to, int port, int length, TransmitWaiter waiter) {
    Ipv4Output output = net.ip.output(CELL);
    Path path = output.route(ANY, to);
    OutboundPacket packet = output.begin(path, 6, TcpHeader.MIN_LENGTH);
    TcpHeader.write(
        packet.header(),
        packet.transport(),
        port << 16 | 80,
        1,
        2,
        TcpHeader.MIN_LENGTH,
        TcpFlags.ACK,
        500,
        0);
    packet.payload(offHeap(new byte[Math.max(1, length)]), 0, length);
    return output.end(waiter);
  }

  @Test
  void comesBackInTheCellOfItsFlowAfterTheSendHasReturned() {
    for (int port = 1000; port < 1020; port++) {
      int sender = port;
      net.gate.occupy(
          CELL,
          () -> {
            assertThat(segment(US, sender, 10, null)).isEqualTo(Outcome.SENT);
            assertThat(net.tcp.received).isEmpty();
          });
      assertThat(net.tcp.received).isEmpty();
      net.gate.drain();

      int home = net.tcp.cellOf(0, US.low(), port, 0, US.low(), 80);
      assertThat(net.tcp.received)
          .containsExactly("192.0.2.1 > 192.0.2.1 30 bytes ttl 64 ecn 0 cell " + home);
      net.tcp.received.clear();
    }
    assertThat(net.slot.take()).isEmpty();
  }

  @Test
  void reachesAllOfLoopbackAlsoWithoutAnInterface() {
    net.remove(net.slot);

    net.gate.in(CELL, () -> segment(IpAddress.parse("127.0.0.9"), 1000, 0, null));

    assertThat(net.tcp.received).hasSize(1);
    assertThat(net.tcp.received.getFirst()).startsWith("127.0.0.1 > 127.0.0.9 20 bytes");
  }

  @Test
  void carriesTheLongestPacket() {
    net.gate.in(CELL, () -> segment(US, 1000, 65_535 - 40, null));

    assertThat(net.tcp.received.getFirst()).contains(" 65515 bytes ");
  }

  @Test
  void takesWhatIsKeptOutOfItsPoolsAndPutsTheRestBack() {
    net.gate.in(CELL, () -> segment(US, 1000, 10, null));
    MemoryView before = net.context.buffers().view(0, 0);
    net.tcp.keeps = true;
    net.gate.in(CELL, () -> segment(US, 1000, 10, null));

    assertThat(net.tcp.kept).hasSize(1);
    assertThat(net.context.buffers().view(0, 0).landingsFree())
        .isEqualTo(before.landingsFree() - 1);
    net.tcp.kept.getFirst().release();
    assertThat(net.context.buffers().view(0, 0).landingsFree()).isEqualTo(before.landingsFree());
  }

  @Test
  void holdsABoundedNumberAndLetsTheOthersWait() {
    List<RecordingWaiter> blocked = new ArrayList<>();
    net.gate.occupy(
        CELL,
        () -> {
          for (int i = 0; i < LocalLink.MOST_WAITING + 10; i++) {
            RecordingWaiter waiter = new RecordingWaiter();
            if (segment(US, 1000, 1, waiter) == Outcome.BLOCKED) {
              blocked.add(waiter);
            }
          }
        });

    assertThat(blocked).hasSize(10);
    net.gate.drain();

    assertThat(net.tcp.received).hasSize(LocalLink.MOST_WAITING);
    assertThat(blocked).allMatch(waiter -> waiter.ready == 1);
  }

  @Test
  void deliversInBoundedSections() {
    net.gate.occupy(
        CELL,
        () -> {
          for (int i = 0; i < LocalLink.MOST_WAITING; i++) {
            segment(US, 1000, i, null);
          }
        });
    net.gate.runOne();

    assertThat(net.tcp.received).hasSize(64);
    net.gate.drain();

    assertThat(net.tcp.received).hasSize(LocalLink.MOST_WAITING);
    for (int i = 0; i < LocalLink.MOST_WAITING; i++) {
      assertThat(net.tcp.received.get(i)).contains(" " + (20 + i) + " bytes ");
    }
  }

  @Test
  void countsWhatThereIsNoMemoryFor() {
    TestNetwork poor = new TestNetwork(8, 1 << 20);
    while (poor.context.buffers().lease(64 * 1024) != null) {
      // Until all memory is out.
    }
    poor.gate.in(
        CELL,
        () -> {
          Ipv4Output output = poor.ip.output(CELL);
          output.begin(output.route(ANY, US), 253, 0);
          assertThat(output.end(null)).isEqualTo(Outcome.SENT);
        });

    assertThat(poor.cellDrops(DropReason.NO_BUFFER)).isEqualTo(1);
  }
}
