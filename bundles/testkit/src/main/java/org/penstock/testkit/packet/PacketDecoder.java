package org.penstock.testkit.packet;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.penstock.api.netif.LinkType;

/** Climbs a packet from its link header on, noting what is wrong. */
final class PacketDecoder {

  private static final int ETHERNET_HEADER = 14;
  private static final int ARP_MESSAGE = 28;
  private static final int ARP_ETHERNET_IPV4_HIGH = 0x0001_0800;
  private static final int ARP_ETHERNET_IPV4_LOW = 0x0604;
  private static final int IPV4_HEADER = 20;
  private static final int IPV6_HEADER = 40;
  private static final int ICMP_HEADER = 8;
  private static final int UDP_HEADER = 8;
  private static final int TCP_HEADER = 20;

  final byte[] octets;
  final List<String> faults = new ArrayList<>();
  @Nullable EthernetHeader ethernet;
  @Nullable ArpMessage arp;
  @Nullable IpHeader ip;
  @Nullable IcmpMessage icmp;
  @Nullable UdpHeader udp;
  @Nullable TcpHeader tcp;
  byte[] payload = new byte[0];

  private final OctetReader in;

  /** Sum of the pseudo-header's addresses and protocol, without the length. */
  private long pseudoHeader;

  PacketDecoder(byte[] octets) {
    this.octets = octets;
    this.in = new OctetReader(octets);
  }

  Packet decode(LinkType linkType) {
    if (linkType == LinkType.ETHERNET) {
      decodeEthernet();
    } else {
      decodeIp(0);
    }
    return new Packet(this);
  }

  private void decodeEthernet() {
    if (isShort(0, octets.length, ETHERNET_HEADER, "Ethernet header")) {
      return;
    }
    EthernetHeader header = new EthernetHeader(in.mac(0), in.mac(6), in.u16(12));
    ethernet = header;
    switch (header.type()) {
      case EthernetHeader.ARP -> decodeArp(ETHERNET_HEADER);
      case EthernetHeader.IPV4 -> decodeIpv4(ETHERNET_HEADER);
      case EthernetHeader.IPV6 -> decodeIpv6(ETHERNET_HEADER);
      default -> payload(ETHERNET_HEADER, octets.length);
    }
  }

  private void decodeArp(int at) {
    if (isShort(at, octets.length, ARP_MESSAGE, "ARP message")) {
      return;
    }
    if (in.i32(at) != ARP_ETHERNET_IPV4_HIGH || in.u16(at + 4) != ARP_ETHERNET_IPV4_LOW) {
      faults.add("ARP is not for IPv4 over Ethernet");
      return;
    }
    arp =
        new ArpMessage(
            in.u16(at + 6), in.mac(at + 8), in.ipv4(at + 14), in.mac(at + 18), in.ipv4(at + 24));
  }

  private void decodeIp(int at) {
    if (at < octets.length && in.u8(at) >>> 4 == 6) {
      decodeIpv6(at);
    } else {
      decodeIpv4(at);
    }
  }

  private void decodeIpv4(int at) {
    if (isShort(at, octets.length, IPV4_HEADER, "IPv4 header")) {
      return;
    }
    int headerLength = (in.u8(at) & 15) * 4;
    int total = in.u16(at + 2);
    if (in.u8(at) >>> 4 != 4) {
      faults.add("version " + (in.u8(at) >>> 4) + " in an IPv4 header");
      return;
    }
    if (headerLength < IPV4_HEADER || isShort(at, octets.length, headerLength, "IPv4 options")) {
      faults.add("IPv4 header length " + headerLength);
      return;
    }
    if (total < headerLength) {
      faults.add("IPv4 total length " + total + " below the header's " + headerLength);
      return;
    }
    int end = end(at, total, "IPv4 total length");
    int fragment = in.u16(at + 6);
    IpHeader header =
        new IpHeader(
            in.ipv4(at + 12),
            in.ipv4(at + 16),
            in.u8(at + 9),
            in.u8(at + 8),
            in.u8(at + 1),
            total,
            headerLength,
            in.u16(at + 4),
            (fragment & 0x4000) != 0,
            (fragment & 0x2000) != 0,
            (fragment & 0x1fff) * 8,
            OctetReader.isGood(in.sum(at, at + headerLength))
                ? ChecksumVerdict.GOOD
                : ChecksumVerdict.BAD);
    ip = header;
    pseudoHeader = in.sum(at + 12, at + 20) + header.protocol();
    if (header.fragmentOffset() != 0) {
      payload(at + headerLength, end);
    } else {
      boolean whole = !header.moreFragments() && end == at + total;
      decodeTransport(at + headerLength, end, header.protocol(), whole);
    }
  }

  private void decodeIpv6(int at) {
    if (isShort(at, octets.length, IPV6_HEADER, "IPv6 header")) {
      return;
    }
    int total = IPV6_HEADER + in.u16(at + 4);
    int end = end(at, total, "IPv6 payload length");
    int protocol = in.u8(at + 6);
    ip =
        new IpHeader(
            in.ipv6(at + 8),
            in.ipv6(at + 24),
            protocol,
            in.u8(at + 7),
            in.i32(at) >>> 20 & 0xff,
            total,
            IPV6_HEADER,
            0,
            true,
            false,
            0,
            ChecksumVerdict.GOOD);
    pseudoHeader = in.sum(at + 8, at + 40) + protocol;
    decodeTransport(at + IPV6_HEADER, end, protocol, end == at + total);
  }

  private void decodeTransport(int at, int end, int protocol, boolean whole) {
    switch (protocol) {
      case IpHeader.ICMP, IpHeader.ICMPV6 -> decodeIcmp(at, end, protocol, whole);
      case IpHeader.UDP -> decodeUdp(at, end, whole);
      case IpHeader.TCP -> decodeTcp(at, end, whole);
      default -> payload(at, end);
    }
  }

  private void decodeIcmp(int at, int end, int protocol, boolean whole) {
    if (isShort(at, end, ICMP_HEADER, "ICMP message")) {
      return;
    }
    // RFC 4443 §2.3: ICMPv6 sums a pseudo-header, ICMP does not.
    long sum = in.sum(at, end) + (protocol == IpHeader.ICMPV6 ? pseudoHeader + end - at : 0);
    payload(at + ICMP_HEADER, end);
    icmp =
        new IcmpMessage(
            in.u8(at), in.u8(at + 1), in.i32(at + 4), payload.clone(), verdict(sum, whole));
  }

  private void decodeUdp(int at, int end, boolean whole) {
    if (isShort(at, end, UDP_HEADER, "UDP header")) {
      return;
    }
    int length = in.u16(at + 4);
    if (length < UDP_HEADER || (whole && length > end - at)) {
      faults.add("UDP length " + length + " in " + (end - at) + " octets of IP payload");
      return;
    }
    int udpEnd = Math.min(end, at + length);
    ChecksumVerdict checksum =
        in.u16(at + 6) == 0
            ? ChecksumVerdict.ABSENT
            : verdict(in.sum(at, udpEnd) + pseudoHeader + length, whole);
    udp = new UdpHeader(in.u16(at), in.u16(at + 2), length, checksum);
    payload(at + UDP_HEADER, udpEnd);
  }

  private void decodeTcp(int at, int end, boolean whole) {
    if (isShort(at, end, TCP_HEADER, "TCP header")) {
      return;
    }
    int headerLength = (in.u8(at + 12) >>> 4) * 4;
    if (headerLength < TCP_HEADER || headerLength > end - at) {
      faults.add("TCP data offset " + headerLength + " in " + (end - at) + " octets");
      return;
    }
    tcp =
        new TcpHeader(
            in.u16(at),
            in.u16(at + 2),
            in.u32(at + 4),
            in.u32(at + 8),
            TcpFlag.of(in.u8(at + 13)),
            in.u16(at + 14),
            in.u16(at + 18),
            options(at + TCP_HEADER, at + headerLength),
            headerLength,
            verdict(in.sum(at, end) + pseudoHeader + end - at, whole));
    payload(at + headerLength, end);
  }

  private List<TcpOption> options(int from, int end) {
    List<TcpOption> options = new ArrayList<>();
    int at = from;
    while (at < end) {
      int kind = in.u8(at);
      if (kind == 0) {
        options.add(new TcpOption.End());
        break;
      }
      if (kind == 1) {
        options.add(new TcpOption.Nop());
        at++;
        continue;
      }
      int length = at + 1 < end ? in.u8(at + 1) : 0;
      if (length < 2 || length > end - at) {
        faults.add("TCP option " + kind + " of length " + length);
        break;
      }
      options.add(option(kind, at, length));
      at += length;
    }
    return options;
  }

  private TcpOption option(int kind, int at, int length) {
    if (kind == 2 && length == 4) {
      return new TcpOption.Mss(in.u16(at + 2));
    }
    if (kind == 3 && length == 3) {
      return new TcpOption.WindowScale(in.u8(at + 2));
    }
    if (kind == 4 && length == 2) {
      return new TcpOption.SackPermitted();
    }
    if (kind == 5 && length > 2 && (length - 2) % 8 == 0) {
      List<TcpOption.Sack.Block> blocks = new ArrayList<>();
      for (int i = at + 2; i < at + length; i += 8) {
        blocks.add(new TcpOption.Sack.Block(in.u32(i), in.u32(i + 4)));
      }
      return new TcpOption.Sack(blocks);
    }
    if (kind == 8 && length == 10) {
      return new TcpOption.Timestamps(in.u32(at + 2), in.u32(at + 6));
    }
    return new TcpOption.Other(kind, Arrays.copyOfRange(octets, at + 2, at + length));
  }

  private static ChecksumVerdict verdict(long sum, boolean whole) {
    if (!whole) {
      return ChecksumVerdict.UNKNOWN;
    }
    return OctetReader.isGood(sum) ? ChecksumVerdict.GOOD : ChecksumVerdict.BAD;
  }

  private void payload(int from, int to) {
    payload = Arrays.copyOfRange(octets, from, Math.max(from, to));
  }

  private int end(int at, int total, String what) {
    if (at + total > octets.length) {
      faults.add(what + " " + total + " in a frame that has " + (octets.length - at) + " octets");
    }
    return Math.min(octets.length, at + total);
  }

  private boolean isShort(int at, int end, int need, String what) {
    if (end - at < need) {
      faults.add(what + " cut short: " + Math.max(0, end - at) + " of " + need + " octets");
      return true;
    }
    return false;
  }
}
