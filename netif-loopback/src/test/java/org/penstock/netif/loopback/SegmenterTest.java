package org.penstock.netif.loopback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.penstock.testkit.packet.TcpFlag.ACK;
import static org.penstock.testkit.packet.TcpFlag.CWR;
import static org.penstock.testkit.packet.TcpFlag.FIN;
import static org.penstock.testkit.packet.TcpFlag.PSH;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.penstock.api.IpAddress;
import org.penstock.api.MacAddress;
import org.penstock.api.buffer.ChecksumState;
import org.penstock.api.buffer.GsoType;
import org.penstock.api.buffer.OutboundFrame;
import org.penstock.api.netif.NetifException;
import org.penstock.api.runtime.SystemRuntime;
import org.penstock.testkit.SeededContent;
import org.penstock.testkit.netif.AttachedNetif;
import org.penstock.testkit.netif.ReceivedFrame;
import org.penstock.testkit.packet.ChecksumVerdict;
import org.penstock.testkit.packet.Packet;
import org.penstock.testkit.packet.PacketBuilder;
import org.penstock.testkit.packet.TcpFlag;
import org.penstock.testkit.packet.TcpOption;

/** What a stage sees, and what arrives behind it: packets as on a wire. */
class SegmenterTest {

  private static final MacAddress A = MacAddress.parse("02:00:00:00:00:0a");
  private static final MacAddress B = MacAddress.parse("02:00:00:00:00:0b");
  private static final PacketBuilder IPV4 =
      PacketBuilder.ethernet(A, B)
          .ip(IpAddress.parse("192.0.2.1"), IpAddress.parse("192.0.2.2"))
          .id(0xffff);
  private static final PacketBuilder IPV6 =
      PacketBuilder.ethernet(A, B)
          .ip(IpAddress.parse("2001:db8::1"), IpAddress.parse("2001:db8::2"));

  private final Arena arena = Arena.ofAuto();
  private Cable cable;
  private AttachedNetif near;
  private AttachedNetif far;

  @BeforeEach
  void join() throws NetifException {
    cable = new Cable(SystemRuntime.get(), CableOptions.named("wire"));
    near = new AttachedNetif(cable.end(0), "a/net0", SystemRuntime.get());
    far = new AttachedNetif(cable.end(1), "b/net0", SystemRuntime.get());
    cable.stage(1, (sent, frame, arrivals) -> arrivals.at(sent));
  }

  /** A frame whose checksum is left to the device: the field holds the pseudo-header's sum. */
  private OutboundFrame partial(byte[] octets, int start, int offset) {
    Packet whole = Packet.ethernet(octets);
    byte[] left = octets.clone();
    int sum = 0;
    byte[] from = whole.ip().source().octets();
    byte[] to = whole.ip().destination().octets();
    for (int i = 0; i < from.length; i += 2) {
      sum +=
          ((from[i] & 255) << 8 | (from[i + 1] & 255)) + ((to[i] & 255) << 8 | (to[i + 1] & 255));
    }
    sum += whole.ip().protocol() + octets.length - start;
    sum = (sum & 0xffff) + (sum >>> 16);
    sum = (sum & 0xffff) + (sum >>> 16);
    left[start + offset] = (byte) (sum >>> 8);
    left[start + offset + 1] = (byte) sum;
    OutboundFrame frame = AttachedNetif.outbound(arena, left);
    frame.partialChecksum(start, offset);
    return frame;
  }

  private List<ReceivedFrame> pass(OutboundFrame frame) {
    assertThat(near.port().transmit(new OutboundFrame[] {frame}, 1)).isEqualTo(1);
    far.work();
    return far.host().takeFrames();
  }

  @Test
  void completesAChecksumThatWasLeftOut() {
    byte[] tcp =
        IPV4.tcp(1, 2).flags(ACK).payload(new SeededContent(1, 101).octets(0, 101)).build();
    List<ReceivedFrame> got = pass(partial(tcp, 34, 16));
    assertThat(got).hasSize(1);
    assertThat(got.getFirst().checksum()).isEqualTo(ChecksumState.UNVERIFIED);
    assertThat(got.getFirst().octets()).isEqualTo(tcp);

    byte[] udp = IPV6.udp(1, 2).payload(new SeededContent(2, 50).octets(0, 50)).build();
    assertThat(pass(partial(udp, 54, 6)).getFirst().octets()).isEqualTo(udp);
  }

  @Test
  void aUdpChecksumOfZeroIsSentAsItsOtherForm() {
    byte[] probe = IPV4.udp(1, 2).payload((byte) 0, (byte) 0).build();
    byte[] zero = IPV4.udp(1, 2).payload(probe[40], probe[41]).build();
    assertThat(Packet.ethernet(pass(partial(zero, 34, 6)).getFirst().octets()).udp().checksum())
        .isEqualTo(ChecksumVerdict.GOOD);
  }

  @Test
  void cutsASuperFrameOfEitherFamily() {
    cut(IPV4, 34, GsoType.TCP_IPV4, 10_000, 1448, 7);
    cut(IPV6, 54, GsoType.TCP_IPV6, 60_000, 1428, 43);
    cut(IPV4, 34, GsoType.TCP_IPV4, 2 * 1448, 1448, 2);
    cut(IPV4, 34, GsoType.TCP_IPV4, 300, 1448, 1);
  }

  private void cut(
      PacketBuilder ip, int transport, GsoType type, int length, int size, int expected) {
    SeededContent content = new SeededContent(length, length);
    byte[] whole =
        ip.tcp(80, 49_152)
            .flags(ACK, PSH, FIN, CWR)
            .seq(0xffff_f000L)
            .ack(77)
            .window(500)
            .options(new TcpOption.Nop(), new TcpOption.Nop(), new TcpOption.Timestamps(1, 2))
            .payload(content.octets(0, length))
            .build();
    OutboundFrame frame = partial(whole, transport, 16);
    frame.gso(type, size, transport + 32);
    List<ReceivedFrame> got = pass(frame);

    assertThat(got).hasSize(expected);
    ByteArrayOutputStream payload = new ByteArrayOutputStream();
    for (int i = 0; i < got.size(); i++) {
      assertThat(got.get(i).gsoType()).isEqualTo(GsoType.NONE);
      assertThat(got.get(i).checksum()).isEqualTo(ChecksumState.UNVERIFIED);
      Packet packet = Packet.ethernet(got.get(i).octets());
      assertThat(packet.faults()).isEmpty();
      assertThat(packet.hasBadChecksum()).as("%s", packet).isFalse();
      assertThat(packet.tcp().checksum()).isEqualTo(ChecksumVerdict.GOOD);
      assertThat(packet.tcp().seq()).isEqualTo(0xffff_f000L + (long) i * size & 0xffff_ffffL);
      assertThat(packet.tcp().ack()).isEqualTo(77);
      assertThat(packet.tcp().options()).contains(new TcpOption.Timestamps(1, 2));
      boolean first = i == 0;
      boolean last = i == got.size() - 1;
      Set<TcpFlag> flags =
          first && last
              ? Set.of(ACK, PSH, FIN, CWR)
              : first ? Set.of(ACK, CWR) : last ? Set.of(ACK, PSH, FIN) : Set.of(ACK);
      assertThat(packet.tcp().flags()).isEqualTo(flags);
      if (type == GsoType.TCP_IPV4) {
        assertThat(packet.ip().id()).isEqualTo(0xffff + i & 0xffff);
      }
      assertThat(packet.payloadLength()).isLessThanOrEqualTo(size);
      payload.writeBytes(packet.payload());
    }
    assertThat(payload.toByteArray()).isEqualTo(content.octets(0, length));
  }

  @Test
  void losesASuperFrameWhoseHeadersAreNot() {
    OutboundFrame frame = AttachedNetif.outbound(arena, new byte[5000]);
    frame.partialChecksum(34, 16);
    frame.gso(GsoType.TCP_IPV4, 1460, 54);
    assertThat(pass(frame)).isEmpty();
    assertThat(cable.statistics(0).refused()).isEqualTo(1);
    OutboundFrame outside = AttachedNetif.outbound(arena, new byte[60]);
    outside.partialChecksum(60, 16);
    assertThat(pass(outside)).as("a checksum outside of the frame is left alone").hasSize(1);
  }
}
