package org.penstock.testkit.packet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.penstock.testkit.packet.PacketChecks.ack;
import static org.penstock.testkit.packet.PacketChecks.arpReply;
import static org.penstock.testkit.packet.PacketChecks.arpRequest;
import static org.penstock.testkit.packet.PacketChecks.badChecksum;
import static org.penstock.testkit.packet.PacketChecks.destinationPort;
import static org.penstock.testkit.packet.PacketChecks.echoReply;
import static org.penstock.testkit.packet.PacketChecks.echoRequest;
import static org.penstock.testkit.packet.PacketChecks.flags;
import static org.penstock.testkit.packet.PacketChecks.from;
import static org.penstock.testkit.packet.PacketChecks.fromMac;
import static org.penstock.testkit.packet.PacketChecks.hasFlags;
import static org.penstock.testkit.packet.PacketChecks.hasNoFlags;
import static org.penstock.testkit.packet.PacketChecks.ip;
import static org.penstock.testkit.packet.PacketChecks.noOption;
import static org.penstock.testkit.packet.PacketChecks.noPayload;
import static org.penstock.testkit.packet.PacketChecks.option;
import static org.penstock.testkit.packet.PacketChecks.options;
import static org.penstock.testkit.packet.PacketChecks.payload;
import static org.penstock.testkit.packet.PacketChecks.seq;
import static org.penstock.testkit.packet.PacketChecks.sourcePort;
import static org.penstock.testkit.packet.PacketChecks.tcp;
import static org.penstock.testkit.packet.PacketChecks.to;
import static org.penstock.testkit.packet.PacketChecks.ttl;
import static org.penstock.testkit.packet.PacketChecks.udp;
import static org.penstock.testkit.packet.PacketChecks.window;
import static org.penstock.testkit.packet.PacketChecks.windowBetween;
import static org.penstock.testkit.packet.TcpFlag.ACK;
import static org.penstock.testkit.packet.TcpFlag.RST;
import static org.penstock.testkit.packet.TcpFlag.SYN;

import org.junit.jupiter.api.Test;
import org.penstock.api.IpAddress;
import org.penstock.api.MacAddress;

class PacketChecksTest {

  private static final MacAddress MAC_A = MacAddress.parse("02:00:00:00:00:0a");
  private static final MacAddress MAC_B = MacAddress.parse("02:00:00:00:00:0b");
  private static final IpAddress A = IpAddress.parse("192.0.2.1");
  private static final IpAddress B = IpAddress.parse("192.0.2.2");
  private static final PacketBuilder LINK = PacketBuilder.ethernet(MAC_A, MAC_B).ip(A, B);
  private static final PacketBuilder SYN_ACK =
      LINK.tcp(80, 49_152)
          .flags(SYN, ACK)
          .seq(1000)
          .ack(2000)
          .window(500)
          .options(new TcpOption.Mss(1460), new TcpOption.Nop(), new TcpOption.WindowScale(2));

  @Test
  void acceptWhatMatches() {
    tcp(
            fromMac(MAC_A),
            from(A),
            to(B),
            ttl(64),
            sourcePort(80),
            destinationPort(49_152),
            flags(SYN, ACK),
            hasFlags(SYN),
            hasNoFlags(RST),
            seq(1000),
            ack(2000),
            window(500),
            windowBetween(400, 500),
            options(new TcpOption.WindowScale(2), new TcpOption.Mss(1460)),
            option(new TcpOption.Mss(1460)),
            noOption(TcpOption.Timestamps.class),
            noPayload())
        .check(SYN_ACK.packet());
    udp(payload(new byte[] {1})).check(LINK.udp(1, 2).payload((byte) 1).packet());
    echoRequest(1, 2).check(LINK.echoRequest(1, 2).packet());
    echoReply(1, 2).check(LINK.echoReply(1, 2).packet());
    arpRequest(B).check(Packet.ethernet(PacketBuilder.arpRequest(MAC_A, A, B)));
    arpReply(A, MAC_A).check(Packet.ethernet(PacketBuilder.arpReply(MAC_A, A, MAC_B, B)));
  }

  @Test
  void nameEverythingThatDiffers() {
    assertThatThrownBy(() ->
            tcp(flags(ACK), seq(1001), ack(2000), windowBetween(501, 600), noPayload())
                .check(SYN_ACK.packet()))
        .isInstanceOf(AssertionError.class)
        .hasMessage(
            "packet differs:\n"
                + "  flags: expected . but was S.\n"
                + "  seq: expected 1001 but was 1000\n"
                + "  expected window from 501 to 600 but was 500\n"
                + "in: "
                + SYN_ACK.packet());
  }

  @Test
  void requireTheProtocolAndGoodChecksums() {
    assertThat(udp().mismatches(SYN_ACK.packet())).containsExactly("expected a UDP datagram");
    Packet bad = SYN_ACK.badTransportChecksum().packet();
    assertThat(tcp().mismatches(bad)).containsExactly("bad checksum");
    assertThat(badChecksum().matches(bad)).isTrue();
    assertThat(badChecksum().matches(SYN_ACK.packet())).isFalse();
    Packet malformed = SYN_ACK.rawOptions((byte) 3, (byte) 0).packet();
    assertThat(ip().mismatches(malformed)).containsExactly("malformed: TCP option 3 of length 0");
  }

  @Test
  void refuseEachField() {
    Packet packet = SYN_ACK.payload((byte) 1).packet();
    PacketCheck[] wrong = {
      fromMac(MAC_B),
      from(B),
      to(A),
      ttl(63),
      sourcePort(81),
      destinationPort(81),
      hasFlags(RST),
      hasNoFlags(SYN),
      ack(1),
      window(1),
      options(new TcpOption.Mss(1460)),
      option(new TcpOption.SackPermitted()),
      noOption(TcpOption.Mss.class),
      noPayload(),
      payload(new byte[] {2}),
      echoRequest(0, 0),
      arpRequest(A)
    };
    for (PacketCheck check : wrong) {
      assertThat(check.mismatches(packet)).hasSize(1);
    }
  }
}
