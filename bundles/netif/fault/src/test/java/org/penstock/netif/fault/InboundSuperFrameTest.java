package org.penstock.netif.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.penstock.api.IpAddress;
import org.penstock.api.MacAddress;
import org.penstock.api.buffer.ChecksumState;
import org.penstock.api.buffer.GsoType;
import org.penstock.api.buffer.Landing;
import org.penstock.api.buffer.OutboundFrame;
import org.penstock.api.netif.LinkState;
import org.penstock.api.netif.LinkType;
import org.penstock.api.netif.MulticastFilter;
import org.penstock.api.netif.NetifAttachment;
import org.penstock.api.netif.NetifCapabilities;
import org.penstock.api.netif.NetifWrapping;
import org.penstock.api.netif.QueueAgent;
import org.penstock.api.netif.TransmitPort;
import org.penstock.api.runtime.SystemRuntime;
import org.penstock.testkit.SeededContent;
import org.penstock.testkit.netif.ReceivedFrame;
import org.penstock.testkit.netif.RecordingHost;
import org.penstock.testkit.packet.ChecksumVerdict;
import org.penstock.testkit.packet.Packet;
import org.penstock.testkit.packet.PacketBuilder;

/** A super-frame that a driver received is judged packet by packet, as a wire would carry it. */
class InboundSuperFrameTest {

  private static final NetifCapabilities DRIVER =
      new NetifCapabilities(
          LinkType.ETHERNET, 1500, true, true, 65_535, 65_535, 65_549, 1, 255, false);
  private static final int HEADROOM = 16;
  private static final int LENGTH = 5000;
  private static final int SIZE = 1400;

  private final FaultInjector injector = new FaultInjector("fault", FaultSettings.NONE);
  private final RecordingHost host =
      new RecordingHost("a/net0", SystemRuntime.get(), injector.capabilities(DRIVER));
  private final NetifWrapping wrapping = injector.wrap(host, new Silent(), DRIVER);
  private final SeededContent content = new SeededContent(3, LENGTH);

  private List<Packet> receive(byte[] octets, GsoType type, int headers, ChecksumState checksum) {
    MemorySegment memory = Arena.ofAuto().allocate(HEADROOM + octets.length);
    MemorySegment.copy(MemorySegment.ofArray(octets), 0, memory, HEADROOM, octets.length);
    Landing landing = new Landing(memory, home -> {});
    landing.describe(HEADROOM, octets.length, 0);
    landing.checksum(checksum);
    if (type != GsoType.NONE) {
      landing.gso(type, SIZE, headers);
    }
    assertThat(wrapping.receive(new Landing[] {landing}, 1)).as("none goes on by itself").isZero();
    return host.takeFrames().stream().map(ReceivedFrame::octets).map(Packet::ethernet).toList();
  }

  private static PacketBuilder ip(boolean four) {
    return PacketBuilder.ethernet(
            MacAddress.parse("02:00:00:00:00:0a"), MacAddress.parse("02:00:00:00:00:0b"))
        .ip(
            IpAddress.parse(four ? "192.0.2.1" : "2001:db8::1"),
            IpAddress.parse(four ? "192.0.2.2" : "2001:db8::2"));
  }

  @ParameterizedTest
  @EnumSource(names = {"TCP_IPV4", "TCP_IPV6"})
  void cutsTcp(GsoType type) {
    boolean four = type == GsoType.TCP_IPV4;
    byte[] whole = ip(four).tcp(1, 2).seq(100).payload(content.octets(0, LENGTH)).build();
    List<Packet> packets = receive(whole, type, four ? 54 : 74, ChecksumState.PARTIAL);
    assertThat(packets).hasSize(4);
    ByteArrayOutputStream payload = new ByteArrayOutputStream();
    for (Packet packet : packets) {
      assertThat(packet.faults()).isEmpty();
      assertThat(packet.tcp().checksum()).isEqualTo(ChecksumVerdict.GOOD);
      payload.writeBytes(packet.payload());
    }
    assertThat(payload.toByteArray()).isEqualTo(content.octets(0, LENGTH));
  }

  @ParameterizedTest
  @EnumSource(names = {"TCP_IPV4", "TCP_IPV6"})
  void cutsUdp(GsoType family) {
    boolean four = family == GsoType.TCP_IPV4;
    byte[] whole = ip(four).udp(1, 2).payload(content.octets(0, LENGTH)).build();
    List<Packet> packets = receive(whole, GsoType.UDP, four ? 42 : 62, ChecksumState.PARTIAL);
    assertThat(packets).hasSize(4);
    ByteArrayOutputStream payload = new ByteArrayOutputStream();
    for (Packet packet : packets) {
      assertThat(packet.faults()).isEmpty();
      assertThat(packet.udp().checksum()).isEqualTo(ChecksumVerdict.GOOD);
      payload.writeBytes(packet.payload());
    }
    assertThat(payload.toByteArray()).isEqualTo(content.octets(0, LENGTH));
    assertThat(injector.in().frames()).isEqualTo(4);
  }

  @Test
  void completesAChecksumThatWasLeftOut() {
    byte[] whole = ip(true).udp(1, 2).payload(content.octets(0, 77)).build();
    byte[] left = whole.clone();
    int sum = 17 + left.length - 34;
    for (int i = 26; i < 34; i += 2) {
      sum += (left[i] & 255) << 8 | left[i + 1] & 255;
    }
    sum = (sum & 0xffff) + (sum >>> 16);
    left[40] = (byte) (sum >>> 8);
    left[41] = (byte) sum;
    assertThat(receive(left, GsoType.NONE, 0, ChecksumState.PARTIAL))
        .singleElement()
        .satisfies(packet -> assertThat(packet.udp().checksum()).isEqualTo(ChecksumVerdict.GOOD));
  }

  @Test
  void countsWhatItCanNotCut() {
    byte[] noIp = new byte[3000];
    assertThat(receive(noIp, GsoType.TCP_IPV4, 54, ChecksumState.PARTIAL)).isEmpty();
    assertThat(injector.in().refused()).isEqualTo(1);
  }

  /** A driver that sends nothing. */
  private static final class Silent implements NetifAttachment {
    @Override
    public List<QueueAgent> queues() {
      return List.of();
    }

    @Override
    public TransmitPort openTransmit() {
      return new TransmitPort() {
        @Override
        public int transmit(OutboundFrame[] frames, int count) {
          return count;
        }

        @Override
        public void close() {}
      };
    }

    @Override
    public LinkState link() {
      return LinkState.UP;
    }

    @Override
    public void multicast(MulticastFilter filter) {}

    @Override
    public boolean detach(long deadlineNanos) {
      return true;
    }
  }
}
