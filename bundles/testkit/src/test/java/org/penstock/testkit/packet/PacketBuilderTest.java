package org.penstock.testkit.packet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.penstock.testkit.packet.TcpFlag.ACK;
import static org.penstock.testkit.packet.TcpFlag.PSH;
import static org.penstock.testkit.packet.TcpFlag.SYN;

import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.penstock.api.IpAddress;
import org.penstock.api.MacAddress;

class PacketBuilderTest {

  private static final MacAddress MAC_A = MacAddress.parse("02:00:00:00:00:0a");
  private static final MacAddress MAC_B = MacAddress.parse("02:00:00:00:00:0b");
  private static final IpAddress A = IpAddress.parse("192.0.2.1");
  private static final IpAddress B = IpAddress.parse("192.0.2.2");
  private static final PacketBuilder LINK = PacketBuilder.ethernet(MAC_A, MAC_B).ip(A, B);

  @Test
  void makesTheSameOctetsAsOthers() {
    // An echo request as ping makes it, of one word of data: checksums worked out by hand.
    byte[] echo =
        PacketBuilder.bare()
            .ip(A, B)
            .dontFragment(false)
            .echoRequest(1, 1)
            .payload((byte) 0xab, (byte) 0xcd)
            .build();
    // 4500 001e 0000 0000 4001 ....: sum of words 4500+001e+4001+c000+0201+c000+0202 = 20922
    assertThat(HexFormat.of().formatHex(echo))
        .isEqualTo(
            "4500001e00000000" + "4001f6dbc0000201c0000202" + "0800" + "4c30" + "00010001abcd");
  }

  @Test
  void roundTripsTcpWithEveryOption() {
    TcpOption[] options = {
      new TcpOption.Mss(1460),
      new TcpOption.SackPermitted(),
      new TcpOption.Timestamps(0xffff_fffeL, 7),
      new TcpOption.Nop(),
      new TcpOption.WindowScale(14),
      new TcpOption.Sack(List.of(new TcpOption.Sack.Block(0xffff_fff0L, 16))),
      new TcpOption.Other(253, new byte[] {1, 2}),
    };
    Packet packet =
        LINK.ttl(9)
            .id(77)
            .trafficClass(3)
            .tcp(80, 49_152)
            .flags(SYN, ACK)
            .seq(-1)
            .ack(5)
            .window(1000)
            .urgent(3)
            .options(options)
            .payload((byte) 1, (byte) 2, (byte) 3)
            .packet();
    assertThat(packet.faults()).isEmpty();
    assertThat(packet.hasBadChecksum()).isFalse();
    assertThat(packet.tcp().checksum()).isEqualTo(ChecksumVerdict.GOOD);
    assertThat(packet.ip().checksum()).isEqualTo(ChecksumVerdict.GOOD);
    assertThat(packet.ip().hopLimit()).isEqualTo(9);
    assertThat(packet.ip().id()).isEqualTo(77);
    assertThat(packet.ip().trafficClass()).isEqualTo(3);
    assertThat(packet.tcp().seq()).isEqualTo(0xffff_ffffL);
    assertThat(packet.tcp().options()).startsWith(options);
    assertThat(packet.payload()).containsExactly(1, 2, 3);
  }

  @Test
  void roundTripsUdpAndIcmpOfBothFamilies() {
    IpAddress six = IpAddress.parse("2001:db8::1");
    Packet udp6 = PacketBuilder.bare().ip(six, six).udp(53, 54).payload((byte) 9).packet();
    assertThat(udp6.udp()).isEqualTo(new UdpHeader(53, 54, 9, ChecksumVerdict.GOOD));
    assertThat(LINK.udp(1, 2).packet().udp().checksum()).isEqualTo(ChecksumVerdict.GOOD);
    assertThat(LINK.udp(1, 2).noUdpChecksum().packet().udp().checksum())
        .isEqualTo(ChecksumVerdict.ABSENT);
    assertThat(LINK.echoReply(3, 4).payload(new byte[7]).packet().icmp())
        .isEqualTo(new IcmpMessage(0, 0, 3 << 16 | 4, new byte[7], ChecksumVerdict.GOOD));
    assertThatThrownBy(() -> LINK.ip(A, six)).hasMessageContaining("different families");
  }

  @Test
  void aUdpChecksumOfZeroIsSentAsItsOtherForm() {
    // Payload chosen so that the sum is 0xffff: what is left after everything else.
    byte[] probe = LINK.udp(1, 2).payload((byte) 0, (byte) 0).build();
    byte[] payload = {probe[14 + 20 + 6], probe[14 + 20 + 7]};
    byte[] frame = LINK.udp(1, 2).payload(payload).build();
    assertThat(new OctetReader(frame).u16(14 + 20 + 6)).isEqualTo(0xffff);
    assertThat(Packet.ethernet(frame).udp().checksum()).isEqualTo(ChecksumVerdict.GOOD);
  }

  @Test
  void spoilsOnRequest() {
    assertThat(LINK.tcp(1, 2).badTransportChecksum().packet().tcp().checksum())
        .isEqualTo(ChecksumVerdict.BAD);
    assertThat(LINK.udp(1, 2).badTransportChecksum().packet().udp().checksum())
        .isEqualTo(ChecksumVerdict.BAD);
    assertThat(LINK.echoRequest(1, 2).badTransportChecksum().packet().icmp().checksum())
        .isEqualTo(ChecksumVerdict.BAD);
    Packet ip = LINK.tcp(1, 2).badIpChecksum().packet();
    assertThat(ip.ip().checksum()).isEqualTo(ChecksumVerdict.BAD);
    assertThat(ip.tcp().checksum()).isEqualTo(ChecksumVerdict.GOOD);
    assertThat(LINK.tcp(1, 2).rawOptions((byte) 2, (byte) 0).packet().faults())
        .containsExactly("TCP option 2 of length 0");
  }

  @Test
  void isATemplate() {
    PacketBuilder base = LINK.tcp(1, 2).flags(ACK);
    byte[] before = base.build();
    base.flags(ACK, PSH).seq(9).payload((byte) 1).build();
    assertThat(base.build()).isEqualTo(before);
  }

  @Test
  void fragments() {
    Packet first = LINK.udp(1, 2).payload(new byte[8]).fragment(0, true).packet();
    assertThat(first.isUdp()).isTrue();
    assertThat(first.udp().checksum()).isEqualTo(ChecksumVerdict.UNKNOWN);
    Packet later = LINK.udp(1, 2).payload(new byte[8]).fragment(16, false).packet();
    assertThat(later.isUdp()).isFalse();
    assertThat(later.ip().fragmentOffset()).isEqualTo(16);
    assertThat(later.payloadLength()).isEqualTo(8);
  }
}
