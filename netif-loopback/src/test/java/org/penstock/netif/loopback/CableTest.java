package org.penstock.netif.loopback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.penstock.api.buffer.ChecksumState;
import org.penstock.api.buffer.GsoType;
import org.penstock.api.buffer.OutboundFrame;
import org.penstock.api.netif.LinkState;
import org.penstock.api.netif.NetifAttachment;
import org.penstock.api.netif.NetifException;
import org.penstock.api.netif.QueueAgent;
import org.penstock.api.netif.TransmitPort;
import org.penstock.testkit.netif.ReceivedFrame;
import org.penstock.testkit.netif.RecordingHost;

/** A cable in a hand-driven clock. */
class CableTest {

  private final ManualRuntime runtime = new ManualRuntime();
  private Cable cable;
  private RecordingHost[] hosts;
  private NetifAttachment[] bonds;

  @BeforeEach
  void plugIn() throws NetifException {
    open(CableOptions.named("wire").withQueueLength(8));
  }

  private void open(CableOptions options) throws NetifException {
    cable = new Cable(runtime, options);
    hosts = new RecordingHost[2];
    bonds = new NetifAttachment[2];
    for (int i = 0; i < 2; i++) {
      hosts[i] = new RecordingHost("s" + i + "/net0", runtime, cable.end(i).capabilities());
      bonds[i] = cable.end(i).attach(hosts[i]);
    }
  }

  private QueueAgent agent(int end) {
    return bonds[end].queues().getFirst();
  }

  private static OutboundFrame frame(int length, int first) {
    byte[] octets = new byte[length];
    octets[0] = (byte) first;
    octets[length - 1] = (byte) first;
    return frame(octets);
  }

  private static OutboundFrame frame(byte[] octets) {
    OutboundFrame frame = new OutboundFrame();
    frame.add(MemorySegment.ofArray(octets), 0, octets.length);
    return frame;
  }

  private static OutboundFrame[] frames(int count, int length) {
    OutboundFrame[] frames = new OutboundFrame[count];
    for (int i = 0; i < count; i++) {
      frames[i] = frame(length, i);
    }
    return frames;
  }

  private List<Integer> firsts(int end) {
    return hosts[end].takeFrames().stream().map(f -> f.octets()[0] & 0xff).toList();
  }

  @Test
  void carriesFramesBothWaysInOrder() {
    TransmitPort a = bonds[0].openTransmit();
    TransmitPort b = bonds[1].openTransmit();
    assertThat(a.transmit(frames(5, 60), 5)).isEqualTo(5);
    assertThat(b.transmit(frames(2, 1514), 2)).isEqualTo(2);
    assertThat(hosts[1].frames()).as("transmit never delivers").isEmpty();

    assertThat(agent(1).work(64)).isEqualTo(5);
    assertThat(agent(0).work(64)).isEqualTo(2);
    assertThat(agent(0).work(64)).isZero();

    assertThat(firsts(1)).containsExactly(0, 1, 2, 3, 4);
    assertThat(hosts[0].frames()).extracting(f -> f.octets().length).containsExactly(1514, 1514);
    assertThat(cable.statistics(0)).isEqualTo(new WireStatistics(5, 5, 0, 0, 0));
    assertThat(cable.statistics(1)).isEqualTo(new WireStatistics(2, 2, 0, 0, 0));
  }

  @Test
  void takesFewerWhenFullAndTellsWhenThereIsRoom() {
    TransmitPort port = bonds[0].openTransmit();
    assertThat(port.transmit(frames(12, 60), 12)).isEqualTo(8);
    assertThat(port.transmit(frames(1, 60), 1)).isZero();
    assertThat(hosts[0].transmitReadies()).isZero();
    assertThat(agent(1).work(3)).isEqualTo(3);
    assertThat(hosts[0].transmitReadies()).isEqualTo(1);
    assertThat(port.transmit(frames(12, 60), 12)).isEqualTo(3);
    assertThat(cable.statistics(0).full()).isEqualTo(3);
  }

  @Test
  void losesWhatIsTooLongOrLeavesWorkNotOffered() throws NetifException {
    open(CableOptions.named("wire").withOffload(Offload.NONE));
    OutboundFrame partial = frame(60, 1);
    partial.partialChecksum(34, 16);
    OutboundFrame[] batch = {frame(1515, 0), partial, frame(1514, 2)};
    assertThat(bonds[0].openTransmit().transmit(batch, 3)).isEqualTo(3);
    agent(1).work(64);
    assertThat(firsts(1)).containsExactly(2);
    assertThat(cable.statistics(0).refused()).isEqualTo(2);
  }

  @Test
  void passesSuperFramesWholeWithPartialChecksum() {
    OutboundFrame large = frame(60_054, 7);
    large.partialChecksum(34, 16);
    large.gso(GsoType.TCP_IPV4, 1460, 54);
    bonds[0].openTransmit().transmit(new OutboundFrame[] {large}, 1);
    agent(1).work(64);
    ReceivedFrame got = hosts[1].frames().getFirst();
    assertThat(got.octets()).hasSize(60_054);
    assertThat(got.checksum()).isEqualTo(ChecksumState.PARTIAL);
    assertThat(got.gsoType()).isEqualTo(GsoType.TCP_IPV4);
    assertThat(got.gsoSize()).isEqualTo(1460);
    assertThat(got.headerLength()).isEqualTo(54);
  }

  @Test
  void linkIsUpWhilePluggedInAndBothEndsAreAttached() throws NetifException {
    assertThat(hosts[0].links()).containsExactly(LinkState.UP);
    assertThat(hosts[1].links()).as("read from link() after attach").isEmpty();
    assertThat(bonds[1].link()).isEqualTo(LinkState.UP);

    cable.plugged(false);
    cable.plugged(false);
    assertThat(bonds[0].link()).isEqualTo(LinkState.DOWN);
    assertThat(hosts[1].links()).containsExactly(LinkState.DOWN);
    assertThat(bonds[0].openTransmit().transmit(frames(2, 60), 2)).isEqualTo(2);
    cable.plugged(true);
    assertThat(agent(1).work(64)).as("frames sent without a link are lost").isZero();
    assertThat(cable.statistics(0).noLink()).isEqualTo(2);

    assertThat(bonds[1].detach(Long.MAX_VALUE)).isTrue();
    assertThat(hosts[0].links())
        .containsExactly(LinkState.UP, LinkState.DOWN, LinkState.UP, LinkState.DOWN);
    RecordingHost again = new RecordingHost("s1/net1", runtime, cable.end(1).capabilities());
    assertThat(cable.end(1).attach(again).link()).isEqualTo(LinkState.UP);
    assertThat(hosts[0].links()).endsWith(LinkState.UP);
  }

  @Test
  void whatWasSentBeforeTheSenderDetachedStillArrives() {
    bonds[0].openTransmit().transmit(frames(3, 60), 3);
    assertThat(bonds[0].detach(Long.MAX_VALUE)).isTrue();
    assertThat(agent(1).work(64)).isEqualTo(3);
  }

  @Test
  void refusesASecondAttach() {
    assertThatThrownBy(() -> cable.end(0).attach(hosts[1]))
        .isInstanceOf(NetifException.class)
        .hasMessageContaining("wire.a is attached to s0/net0 already");
  }

  @Test
  void aStageDelaysReordersDuplicatesChangesAndDrops() {
    cable.stage(
        1,
        (sent, frame, arrivals) -> {
          int id = frame.get(java.lang.foreign.ValueLayout.JAVA_BYTE, 0);
          switch (id) {
            case 0 -> arrivals.at(sent + 1000);
            case 1 -> arrivals.at(sent + 500);
            case 2 -> {
              arrivals.at(sent);
              arrivals.at(sent + 700);
            }
            case 3 -> {
              byte[] other = new byte[60];
              other[0] = 99;
              arrivals.at(sent + 700, MemorySegment.ofArray(other));
            }
            default -> {}
          }
        });
    runtime.advanceTo(10_000);
    bonds[0].openTransmit().transmit(frames(5, 60), 5);
    assertThat(agent(1).nextDue()).isEqualTo(10_000);
    assertThat(agent(1).work(64)).isEqualTo(1);
    assertThat(firsts(1)).containsExactly(2);
    List<String> arrivals = new ArrayList<>();
    for (long due = agent(1).nextDue(); due != Long.MAX_VALUE; due = agent(1).nextDue()) {
      runtime.advanceTo(due);
      assertThat(agent(1).work(64)).isPositive();
      arrivals.add(due + " " + firsts(1));
    }
    assertThat(arrivals).containsExactly("10500 [1]", "10700 [2, 99]", "11000 [0]");
    assertThat(hosts[1].violations()).isEmpty();
  }

  @Test
  void delayedFramesTakeRoom() {
    cable.stage(1, (sent, frame, arrivals) -> arrivals.at(sent + 1000));
    TransmitPort port = bonds[0].openTransmit();
    assertThat(port.transmit(frames(9, 60), 9)).isEqualTo(8);
    assertThat(agent(1).work(64)).isZero();
    assertThat(hosts[0].transmitReadies()).isZero();
    runtime.advanceTo(1000);
    assertThat(agent(1).work(64)).isEqualTo(8);
    assertThat(hosts[0].transmitReadies()).isEqualTo(1);
  }

  @Test
  void aStageThatThrowsFailsTheDevice() {
    IllegalStateException broken = new IllegalStateException("broken");
    cable.stage(
        1,
        (sent, frame, arrivals) -> {
          throw broken;
        });
    bonds[0].openTransmit().transmit(frames(1, 60), 1);
    assertThat(agent(1).work(64)).isZero();
    assertThat(hosts[1].failures()).containsExactly(broken);
  }

  @Test
  void detachGivesEverythingBackAndForgetsWhatWasOnItsWay() throws NetifException {
    TransmitPort a = bonds[0].openTransmit();
    TransmitPort b = bonds[1].openTransmit();
    a.transmit(frames(1, 60), 1);
    agent(1).work(64);
    a.transmit(frames(9, 60), 9);
    assertThat(bonds[1].detach(Long.MAX_VALUE)).isTrue();
    hosts[1].ended();
    assertThat(hosts[0].transmitReadies()).as("the full queue is gone").isEqualTo(1);
    assertThat(b.transmit(frames(1, 60), 1)).isZero();
    RecordingHost again = new RecordingHost("s1/net1", runtime, cable.end(1).capabilities());
    NetifAttachment bond = cable.end(1).attach(again);
    assertThat(bond.queues().getFirst().work(64)).isZero();
    assertThat(hosts[1].violations()).isEmpty();
  }

  @Test
  void optionsSayWhatIsAllowed() {
    assertThatThrownBy(() -> CableOptions.named("x").withMtu(67))
        .hasMessage("mtu 67 is not between 68 and 65535 bytes");
    assertThatThrownBy(() -> CableOptions.named("x").withQueueLength(0))
        .hasMessage("queue length 0 is not between 1 and 1048576 frames");
    assertThatThrownBy(() -> CableOptions.named(" "))
        .hasMessageContaining("name ' ' must not be empty");
    assertThatThrownBy(() -> cable.end(2)).hasMessage("a cable has the ends 0 and 1, not 2");
  }
}
