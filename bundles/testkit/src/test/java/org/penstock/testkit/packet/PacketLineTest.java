package org.penstock.testkit.packet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.penstock.testkit.packet.TcpFlag.ACK;
import static org.penstock.testkit.packet.TcpFlag.CWR;
import static org.penstock.testkit.packet.TcpFlag.ECE;
import static org.penstock.testkit.packet.TcpFlag.FIN;
import static org.penstock.testkit.packet.TcpFlag.PSH;
import static org.penstock.testkit.packet.TcpFlag.SYN;

import org.junit.jupiter.api.Test;
import org.penstock.api.IpAddress;
import org.penstock.api.MacAddress;

class PacketLineTest {

  private static final MacAddress MAC = MacAddress.parse("02:00:00:00:00:0a");
  private static final IpAddress A = IpAddress.parse("192.0.2.1");
  private static final IpAddress B = IpAddress.parse("192.0.2.2");
  private static final PacketBuilder TCP = PacketBuilder.bare().ip(A, B).tcp(49_152, 80);

  @Test
  void showsTcpAsTcpdumpDoes() {
    assertThat(
            TCP.flags(SYN)
                .seq(1000)
                .options(new TcpOption.Mss(1460), new TcpOption.Nop(), new TcpOption.WindowScale(7))
                .packet())
        .hasToString(
            "IP 192.0.2.1.49152 > 192.0.2.2.80: Flags [S], seq 1000, win 65535,"
                + " options [mss 1460,nop,wscale 7], length 0");
    assertThat(TCP.flags(ACK, PSH).seq(1).ack(9).window(10).payload(new byte[5]).packet())
        .hasToString(
            "IP 192.0.2.1.49152 > 192.0.2.2.80: Flags [P.], seq 1:6, ack 9, win 10, length 5");
    assertThat(TCP.flags().seq(1).packet().toString()).contains("Flags [none], seq 1, win");
    assertThat(TCP.flags(FIN, ACK, ECE, CWR).packet().toString()).contains("Flags [F.EW]");
  }

  @Test
  void marksWhatIsBad() {
    assertThat(TCP.badTransportChecksum().packet().toString()).endsWith("(bad tcp cksum)");
    assertThat(TCP.badIpChecksum().packet().toString()).endsWith("(bad ip cksum)");
    assertThat(TCP.rawOptions((byte) 5, (byte) 99).packet().toString())
        .endsWith("(TCP option 5 of length 99)");
  }

  @Test
  void showsTheOthers() {
    PacketBuilder ip = PacketBuilder.bare().ip(A, B);
    assertThat(ip.udp(7, 9).payload(new byte[3]).packet())
        .hasToString("IP 192.0.2.1.7 > 192.0.2.2.9: UDP, length 3");
    assertThat(ip.echoRequest(5, 6).payload(new byte[56]).packet())
        .hasToString("IP 192.0.2.1 > 192.0.2.2: ICMP echo request, id 5, seq 6, length 64");
    assertThat(ip.icmp(3, 4, 0).packet().toString()).contains("ICMP unreachable, code 4");
    assertThat(ip.protocol(99).payload(new byte[4]).packet())
        .hasToString("IP 192.0.2.1 > 192.0.2.2: ip-proto-99 4");
    assertThat(ip.udp(7, 9).id(3).payload(new byte[8]).fragment(8, true).packet())
        .hasToString("IP 192.0.2.1 > 192.0.2.2: ip-proto-17 8 [frag 3:8@8+]");
    assertThat(Packet.ethernet(PacketBuilder.arpRequest(MAC, A, B)))
        .hasToString("ARP, Request who-has 192.0.2.2 tell 192.0.2.1");
    assertThat(Packet.ethernet(PacketBuilder.arpReply(MAC, A, MAC, B)))
        .hasToString("ARP, Reply 192.0.2.1 is-at 02:00:00:00:00:0a");
    assertThat(Packet.ip(new byte[3]))
        .hasToString("[3 octets] (IPv4 header cut short: 3 of 20 octets)");
  }

  @Test
  void showsTheTime() {
    assertThat(PacketLine.of(12_034_567_890L, TCP.packet())).startsWith("12.034567 IP 192.0.2.1");
  }
}
