package org.penstock.testkit.packet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.penstock.api.IpAddress;
import org.penstock.api.MacAddress;

/** Against octets that other programs made, so that builder and decoder do not agree in error. */
class PacketTest {

  // The example of an IPv4 header with checksum 0xb861 that is used everywhere, from
  // 192.168.0.1 to 192.168.0.199, UDP, 115 octets: only its header stands here.
  private static final String KNOWN_IPV4_HEADER = "45000073000040004011b861c0a80001c0a800c7";

  // A SYN of Linux as captured on an Ethernet: MSS 1460, SACK, timestamps, window scale 7.
  private static final String LINUX_SYN =
      "020000000002020000000001080045000"
          + "03c1c4640004006"
          + "9a73c0000201c0000202"
          + "d431005018c0ff3b00000000a002faf0"
          + "0000"
          + "0000020405b40402080a9b5c3e2f0000000001030307";

  private static byte[] hex(String text) {
    return HexFormat.of().parseHex(text);
  }

  @Test
  void verifiesAKnownIpv4Checksum() {
    byte[] packet = new byte[115];
    System.arraycopy(hex(KNOWN_IPV4_HEADER), 0, packet, 0, 20);
    assertThat(Packet.ip(packet).ip().checksum()).isEqualTo(ChecksumVerdict.GOOD);
    assertThat(Packet.ip(packet).ip().source()).isEqualTo(IpAddress.parse("192.168.0.1"));
    assertThat(Packet.ip(packet).ip().totalLength()).isEqualTo(115);
    packet[8]++;
    assertThat(Packet.ip(packet).ip().checksum()).isEqualTo(ChecksumVerdict.BAD);
  }

  @Test
  void verifiesTheChecksumExampleOfRfc1071() {
    // RFC 1071 §3: 00 01 f2 03 f4 f5 f6 f7 sum to ddf2.
    OctetReader reader = new OctetReader(hex("0001f203f4f5f6f7"));
    assertThat(OctetReader.fold(reader.sum(0, 8))).isEqualTo(0xddf2);
    assertThat(OctetReader.fold(reader.sum(0, 7))).as("odd length").isEqualTo(0xdcfb);
  }

  @Test
  void decodesASynOfAnotherStack() {
    Packet syn = Packet.ethernet(hex(LINUX_SYN));
    assertThat(syn.faults()).isEmpty();
    assertThat(syn.ethernet().source()).isEqualTo(MacAddress.parse("02:00:00:00:00:01"));
    assertThat(syn.ip().dontFragment()).isTrue();
    assertThat(syn.ip().id()).isEqualTo(0x1c46);
    TcpHeader tcp = syn.tcp();
    assertThat(tcp.sourcePort()).isEqualTo(54_321);
    assertThat(tcp.destinationPort()).isEqualTo(80);
    assertThat(tcp.seq()).isEqualTo(0x18c0ff3bL);
    assertThat(tcp.flags()).isEqualTo(Set.of(TcpFlag.SYN));
    assertThat(tcp.window()).isEqualTo(64_240);
    assertThat(tcp.options())
        .containsExactly(
            new TcpOption.Mss(1460),
            new TcpOption.SackPermitted(),
            new TcpOption.Timestamps(0x9b5c3e2fL, 0),
            new TcpOption.Nop(),
            new TcpOption.WindowScale(7));
    assertThat(syn.payloadLength()).isZero();
    assertThat(tcp.checksum()).as("the field is zero here").isEqualTo(ChecksumVerdict.BAD);
  }

  @Test
  void decodesArp() {
    Packet request =
        Packet.ethernet(
            hex(
                "ffffffffffff020000000001080600010800060400010200"
                    + "00000001c0000201000000000000c0000202"));
    assertThat(request.arp())
        .isEqualTo(
            new ArpMessage(
                ArpMessage.REQUEST,
                MacAddress.parse("02:00:00:00:00:01"),
                IpAddress.parse("192.0.2.1"),
                MacAddress.ZERO,
                IpAddress.parse("192.0.2.2")));
  }

  @Test
  void paddingIsNotPayload() {
    byte[] padded = new byte[60];
    byte[] packet = hex("4500001d0000000040110000c0000201c0000202" + "0001000200090000" + "78");
    System.arraycopy(hex("0200000000010200000000020800"), 0, padded, 0, 14);
    System.arraycopy(packet, 0, padded, 14, packet.length);
    Packet udp = Packet.ethernet(padded);
    assertThat(udp.payload()).containsExactly('x');
    assertThat(udp.udp().checksum()).isEqualTo(ChecksumVerdict.ABSENT);
  }

  @Test
  void saysWhatIsMalformed() {
    byte[] syn = hex(LINUX_SYN);
    byte[] cut = java.util.Arrays.copyOf(syn, 40);
    assertThat(Packet.ethernet(cut).isTcp()).isFalse();
    assertThat(Packet.ethernet(cut).faults())
        .containsExactly(
            "IPv4 total length 60 in a frame that has 26 octets",
            "TCP header cut short: 6 of 20 octets");
    byte[] option = syn.clone();
    option[54 + 1] = 1;
    assertThat(Packet.ethernet(option).faults()).containsExactly("TCP option 2 of length 1");
    byte[] offset = syn.clone();
    offset[46] = 0x40;
    assertThat(Packet.ethernet(offset).faults()).containsExactly("TCP data offset 16 in 40 octets");
    assertThatThrownBy(() -> Packet.ethernet(offset).tcp())
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("no TCP header in: IP 192.0.2.1 > 192.0.2.2");
  }

  @Test
  void neverFails() {
    Random random = new Random(1);
    List<byte[]> bases =
        List.of(
            hex(LINUX_SYN),
            PacketBuilder.bare()
                .ip(IpAddress.parse("2001:db8::1"), IpAddress.parse("2001:db8::2"))
                .udp(1, 2)
                .payload(new byte[20])
                .build());
    for (int i = 0; i < 20_000; i++) {
      byte[] octets = bases.get(i & 1).clone();
      for (int flips = random.nextInt(6); flips >= 0; flips--) {
        octets[random.nextInt(octets.length)] = (byte) random.nextInt();
      }
      byte[] cut = java.util.Arrays.copyOf(octets, random.nextInt(octets.length + 1));
      assertThat(Packet.ethernet(cut).toString()).isNotEmpty();
      assertThat(Packet.ip(cut).toString()).isNotEmpty();
    }
  }
}
