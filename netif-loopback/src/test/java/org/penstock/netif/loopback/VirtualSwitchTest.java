package org.penstock.netif.loopback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.penstock.api.MacAddress;
import org.penstock.api.buffer.ChecksumState;
import org.penstock.api.buffer.GsoType;
import org.penstock.api.buffer.OutboundFrame;
import org.penstock.api.netif.LinkState;
import org.penstock.api.netif.Netif;
import org.penstock.api.netif.NetifAttachment;
import org.penstock.api.netif.NetifException;
import org.penstock.api.netif.TransmitPort;
import org.penstock.testkit.netif.ReceivedFrame;
import org.penstock.testkit.netif.RecordingHost;

/** A switch of four ports in a hand-driven clock; a station stands behind each. */
class VirtualSwitchTest {

  private static final MacAddress LIMITED = MacAddress.BROADCAST;
  private static final MacAddress GROUP = MacAddress.parse("01:00:5e:00:00:fb");
  private static final MacAddress PAUSE = MacAddress.parse("01:80:c2:00:00:01");
  private static final int FRAME = 60;

  private final ManualRuntime runtime = new ManualRuntime();
  private VirtualSwitch sw;
  private RecordingHost[] hosts;
  private NetifAttachment[] bonds;
  private TransmitPort[] ports;

  @BeforeEach
  void plugIn() throws NetifException {
    open(SwitchOptions.named("sw0").withQueueLength(8).withAgeing(Duration.ofSeconds(10)));
  }

  private void open(SwitchOptions options) throws NetifException {
    sw = new VirtualSwitch(runtime, options);
    hosts = new RecordingHost[options.ports() + 1];
    bonds = new NetifAttachment[options.ports() + 1];
    ports = new TransmitPort[options.ports() + 1];
    for (int i = 1; i <= options.ports(); i++) {
      attach(i);
    }
  }

  private void attach(int port) throws NetifException {
    hosts[port] = new RecordingHost("s" + port + "/net0", runtime, sw.port(port).capabilities());
    bonds[port] = sw.port(port).attach(hosts[port]);
    ports[port] = bonds[port].openTransmit();
  }

  private static MacAddress station(int number) {
    return new MacAddress(0x0200_0000_0000L | number);
  }

  private static OutboundFrame frame(MacAddress from, MacAddress to, int length, int mark) {
    ByteBuffer octets = ByteBuffer.allocate(length);
    octets.putShort((short) (to.bits() >>> 32)).putInt((int) to.bits());
    octets.putShort((short) (from.bits() >>> 32)).putInt((int) from.bits());
    octets.putShort((short) 0x88b5).put((byte) mark);
    OutboundFrame frame = new OutboundFrame();
    frame.add(MemorySegment.ofArray(octets.array()), 0, length);
    return frame;
  }

  /** The station behind a port sends one frame. */
  private void send(int port, MacAddress to, int mark) {
    send(port, station(port), to, mark);
  }

  private void send(int port, MacAddress from, MacAddress to, int mark) {
    OutboundFrame[] one = {frame(from, to, FRAME, mark)};
    assertThat(ports[port].transmit(one, 1)).isEqualTo(1);
  }

  /** What the stations get, port by port, as {@code port:mark}. */
  private List<String> arrivals() {
    List<String> arrivals = new ArrayList<>();
    for (int i = 1; i < hosts.length; i++) {
      bonds[i].queues().getFirst().work(64);
      for (ReceivedFrame frame : hosts[i].takeFrames()) {
        arrivals.add(i + ":" + frame.octets()[14]);
      }
    }
    return arrivals;
  }

  @Test
  void floodsUntilItHasHeardAStationAndThenForwards() {
    send(1, station(3), 1);
    assertThat(hosts[3].frames()).as("transmit never delivers").isEmpty();
    assertThat(arrivals()).containsExactly("2:1", "3:1", "4:1");
    send(3, station(1), 2);
    assertThat(arrivals()).containsExactly("1:2");
    send(1, station(3), 3);
    assertThat(arrivals()).containsExactly("3:3");
    assertThat(sw.stations()).isEqualTo(Map.of(station(1), 1, station(3), 3));
    assertThat(sw.statistics(1)).isEqualTo(new SwitchStatistics(2, 1, 0, 0, 1, 0, 0));
    assertThat(sw.statistics(3)).isEqualTo(new SwitchStatistics(1, 0, 0, 0, 2, 0, 0));
  }

  @Test
  void broadcastsAndMulticastsGoToAllOthers() {
    for (int i = 1; i <= 4; i++) {
      send(i, LIMITED, i);
    }
    assertThat(arrivals())
        .containsExactly(
            "1:2", "1:3", "1:4", "2:1", "2:3", "2:4", "3:1", "3:2", "3:4", "4:1", "4:2", "4:3");
    send(2, GROUP, 9);
    assertThat(arrivals()).containsExactly("1:9", "3:9", "4:9");
    assertThat(sw.statistics(2).flooded()).isEqualTo(2);
  }

  @Test
  void framesForTheWireAloneAreFiltered() {
    send(1, PAUSE, 1);
    assertThat(arrivals()).isEmpty();
    assertThat(sw.statistics(1).filtered()).isEqualTo(1);
  }

  @Test
  void stationsBehindOnePortTalkWithoutTheSwitch() {
    send(1, station(11), LIMITED, 0);
    send(1, station(12), LIMITED, 0);
    arrivals();
    send(1, station(11), station(12), 1);
    assertThat(arrivals()).isEmpty();
    assertThat(sw.statistics(1).filtered()).isEqualTo(1);
  }

  @Test
  void noGroupIsLearned() {
    send(1, GROUP, station(9), 0);
    assertThat(sw.stations()).isEmpty();
  }

  @Test
  void forgetsAStationThatIsSilent() {
    send(3, LIMITED, 0);
    arrivals();
    runtime.advanceTo(Duration.ofSeconds(10).toNanos());
    send(1, station(3), 1);
    assertThat(arrivals()).containsExactly("3:1");
    runtime.advanceTo(Duration.ofSeconds(10).toNanos() + 1);
    send(1, station(3), 2);
    assertThat(arrivals()).containsExactly("2:2", "3:2", "4:2");
  }

  @Test
  void followsAStationThatMoves() {
    send(3, station(9), LIMITED, 0);
    send(4, station(9), LIMITED, 0);
    arrivals();
    send(1, station(9), 1);
    assertThat(arrivals()).containsExactly("4:1");
    assertThat(sw.moves()).isEqualTo(1);
  }

  @Test
  void stationsBehindAPortThatDetachedOrLostItsWireAreForgotten() throws NetifException {
    send(3, LIMITED, 0);
    send(4, LIMITED, 0);
    arrivals();
    assertThat(bonds[3].detach(Long.MAX_VALUE)).isTrue();
    sw.plugged(4, false);
    assertThat(sw.stations()).isEmpty();
    // The station has gone to port 2 meanwhile, and has said nothing there.
    send(1, station(3), 1);
    assertThat(arrivals()).containsExactly("2:1");
    attach(3);
    send(1, station(3), 2);
    assertThat(arrivals()).containsExactly("2:2", "3:2");
  }

  @Test
  void aPortUnpluggedWhileItsStackSendsIsNoBlackHole() {
    runtime.meanwhile(() -> sw.plugged(3, false));
    send(3, LIMITED, 0);
    arrivals();
    assertThat(sw.stations()).as("learned after the port was forgotten").containsKey(station(3));
    send(1, station(3), 2);
    assertThat(arrivals()).containsExactly("2:2", "4:2");
  }

  @Test
  void eachPortHasItsOwnLink() throws NetifException {
    VirtualSwitch other = new VirtualSwitch(runtime, SwitchOptions.named("sw1"));
    RecordingHost host = new RecordingHost("s/net0", runtime, other.port(1).capabilities());
    NetifAttachment alone = other.port(1).attach(host);
    assertThat(alone.link()).as("nobody else is there").isEqualTo(LinkState.UP);
    other.plugged(2, false);
    assertThat(host.links()).isEmpty();
    other.plugged(1, false);
    other.plugged(1, false);
    assertThat(alone.link()).isEqualTo(LinkState.DOWN);
    other.plugged(1, true);
    assertThat(host.links()).containsExactly(LinkState.DOWN, LinkState.UP);
    assertThat(alone.detach(Long.MAX_VALUE)).isTrue();
    assertThat(alone.link()).isEqualTo(LinkState.DOWN);
  }

  @Test
  void aStationThatDoesNotReadHoldsUpNobodyElse() {
    send(2, LIMITED, 0);
    send(3, LIMITED, 0);
    arrivals();
    for (int i = 0; i < 11; i++) {
      send(1, station(2), i);
      send(1, station(3), i);
      if (i % 4 == 3) {
        bonds[3].queues().getFirst().work(64);
      }
    }
    bonds[3].queues().getFirst().work(64);
    assertThat(hosts[3].takeFrames()).hasSize(11);
    assertThat(arrivals()).containsExactly("2:0", "2:1", "2:2", "2:3", "2:4", "2:5", "2:6", "2:7");
    assertThat(sw.statistics(2).full()).isEqualTo(3);
    assertThat(sw.port(2).drops()).isEqualTo(3);
    assertThat(sw.statistics(3).full()).isZero();
    assertThat(hosts[1].transmitReadies()).isZero();
    send(1, station(2), 99);
    assertThat(arrivals()).as("there is room again").containsExactly("2:99");
  }

  @Test
  void aFullQueueKeepsAFloodFromNobodyElse() {
    for (int i = 0; i < 8; i++) {
      send(1, LIMITED, i);
    }
    bonds[3].queues().getFirst().work(64);
    send(1, LIMITED, 8);
    assertThat(sw.statistics(2).full()).isEqualTo(1);
    assertThat(sw.statistics(3).full()).isZero();
    assertThat(sw.statistics(4).full()).isEqualTo(1);
    assertThat(arrivals()).contains("3:8").doesNotContain("2:8", "4:8");
  }

  @Test
  void losesWhatIsTooLongOrTooShortOrLeavesWorkNotOffered() throws NetifException {
    open(SwitchOptions.named("sw0").withOffload(Offload.NONE));
    OutboundFrame partial = frame(station(1), LIMITED, FRAME, 1);
    partial.partialChecksum(34, 16);
    OutboundFrame stump = new OutboundFrame();
    stump.add(MemorySegment.ofArray(new byte[13]), 0, 13);
    OutboundFrame[] batch = {
      frame(station(1), LIMITED, 1515, 0), partial, stump, frame(station(1), LIMITED, 1514, 2)
    };
    assertThat(ports[1].transmit(batch, 4)).isEqualTo(4);
    assertThat(arrivals()).containsExactly("2:2", "3:2", "4:2");
    assertThat(sw.statistics(1).refused()).isEqualTo(3);
    assertThat(sw.port(1).drops()).isEqualTo(3);
  }

  @Test
  void passesSuperFramesWholeWithPartialChecksum() throws NetifException {
    open(SwitchOptions.named("sw0").withMtu(9000));
    for (MacAddress to : List.of(LIMITED, station(2))) {
      OutboundFrame large = frame(station(1), to, 60_054, 7);
      large.partialChecksum(34, 16);
      large.gso(GsoType.TCP_IPV4, 8960, 54);
      assertThat(ports[1].transmit(new OutboundFrame[] {large}, 1)).isEqualTo(1);
      bonds[2].queues().getFirst().work(64);
      ReceivedFrame got = hosts[2].takeFrames().getFirst();
      assertThat(got.octets()).hasSize(60_054);
      assertThat(got.checksum()).isEqualTo(ChecksumState.PARTIAL);
      assertThat(got.gsoType()).isEqualTo(GsoType.TCP_IPV4);
      assertThat(got.gsoSize()).isEqualTo(8960);
      assertThat(got.headerLength()).isEqualTo(54);
      send(2, LIMITED, 0);
    }
  }

  @Test
  void readsAddressesThatLieInManyPieces() {
    OutboundFrame frame = new OutboundFrame();
    byte[] octets = new byte[FRAME];
    ByteBuffer.wrap(octets).putShort((short) 0x0200).putInt(3).putShort((short) 0x0200).putInt(1);
    for (int i = 0; i < FRAME; i++) {
      frame.add(MemorySegment.ofArray(octets), i, 1);
    }
    send(3, LIMITED, 0);
    arrivals();
    assertThat(ports[1].transmit(new OutboundFrame[] {frame}, 1)).isEqualTo(1);
    assertThat(arrivals()).containsExactly("3:0");
    assertThat(sw.stations()).containsEntry(station(1), 1);
  }

  @Test
  void aStageDelaysWhatGoesToOnePort() {
    sw.stage(2, (sent, frame, arrivals) -> arrivals.at(sent + 1000));
    send(1, LIMITED, 1);
    assertThat(arrivals()).containsExactly("3:1", "4:1");
    runtime.advanceTo(1000);
    assertThat(arrivals()).containsExactly("2:1");
  }

  @Test
  void whatIsOnItsWayToAPortThatIsUnpluggedIsLost() {
    send(1, LIMITED, 1);
    sw.plugged(2, false);
    assertThat(arrivals()).containsExactly("3:1", "4:1");
    assertThat(sw.statistics(2).noLink()).isEqualTo(1);
  }

  @Test
  void whatWasSentBeforeTheSenderDetachedStillArrives() {
    send(1, LIMITED, 1);
    assertThat(bonds[1].detach(Long.MAX_VALUE)).isTrue();
    hosts[1].ended();
    assertThat(hosts[1].violations()).isEmpty();
    bonds[2].queues().getFirst().work(64);
    assertThat(hosts[2].frames()).hasSize(1);
  }

  @Test
  void saysWhatIsAllowed() {
    assertThat(sw.ports())
        .extracting(Netif::name)
        .containsExactly("sw0/1", "sw0/2", "sw0/3", "sw0/4");
    assertThatThrownBy(() -> sw.port(0)).hasMessage("sw0 has the ports 1 to 4, not 0");
    assertThatThrownBy(() -> sw.plugged(5, true)).hasMessage("sw0 has the ports 1 to 4, not 5");
    SwitchOptions good = SwitchOptions.named("sw0");
    assertThatThrownBy(() -> good.withPorts(1)).hasMessage("ports 1 is not between 2 and 256");
    assertThatThrownBy(() -> good.withAddresses(7))
        .hasMessage("addresses 7 is not between 8 and 65536");
    assertThatThrownBy(() -> good.withAgeing(Duration.ZERO))
        .hasMessage("ageing 0 is not between 1 and 1000000 seconds");
    assertThatThrownBy(() -> good.withMtu(67))
        .hasMessage("mtu 67 is not between 68 and 65535 bytes");
    assertThatThrownBy(() -> sw.port(1).attach(hosts[2]))
        .isInstanceOf(NetifException.class)
        .hasMessageContaining("sw0/1 is attached to s1/net0 already");
  }
}
