package org.penstock.testkit.packet;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A packet in one line, as close to tcpdump's as is useful; sequence numbers are absolute. */
public final class PacketLine {

  private static final int NANOS_PER_MICRO = 1000;
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private PacketLine() {}

  /**
   * The line with the time in front, in seconds with six decimals.
   *
   * @param nanos when the packet was seen
   */
  public static String of(long nanos, Packet packet) {
    return of(nanos, "", packet);
  }

  /**
   * The line with time and place in front, as of tcpdump on several interfaces.
   *
   * @param nanos when the packet was seen
   * @param where on which interface and in which direction, with a blank at its end, or empty
   */
  public static String of(long nanos, String where, Packet packet) {
    return String.format(
        Locale.ROOT,
        "%d.%06d %s%s",
        nanos / NANOS_PER_SECOND,
        nanos % NANOS_PER_SECOND / NANOS_PER_MICRO,
        where,
        of(packet));
  }

  /** The line. Bad checksums and other faults stand at its end, in parentheses. */
  public static String of(Packet packet) {
    StringBuilder line = new StringBuilder();
    if (packet.isArp()) {
      arp(line, packet.arp());
    } else if (packet.isIp()) {
      ip(line, packet);
    } else if (packet.isEthernet()) {
      EthernetHeader header = packet.ethernet();
      line.append(header.source()).append(" > ").append(header.destination());
      line.append(String.format(Locale.ROOT, ", ethertype 0x%04x", header.type()));
      line.append(", length ").append(packet.payloadLength());
    } else {
      line.append("[").append(packet.octets().length).append(" octets]");
    }
    packet.faults().forEach(fault -> line.append(" (").append(fault).append(")"));
    return line.toString();
  }

  private static void arp(StringBuilder line, ArpMessage arp) {
    switch (arp.operation()) {
      case ArpMessage.REQUEST ->
          line.append("ARP, Request who-has ")
              .append(arp.targetIp())
              .append(" tell ")
              .append(arp.senderIp());
      case ArpMessage.REPLY ->
          line.append("ARP, Reply ")
              .append(arp.senderIp())
              .append(" is-at ")
              .append(arp.senderMac());
      default -> line.append("ARP, operation ").append(arp.operation());
    }
  }

  private static void ip(StringBuilder line, Packet packet) {
    IpHeader ip = packet.ip();
    line.append(ip.source().isIpv4() ? "IP " : "IP6 ").append(ip.source());
    if (packet.isTcp()) {
      TcpHeader tcp = packet.tcp();
      ports(line, tcp.sourcePort(), ip, tcp.destinationPort());
      tcp(line, tcp, packet.payloadLength());
    } else if (packet.isUdp()) {
      UdpHeader udp = packet.udp();
      ports(line, udp.sourcePort(), ip, udp.destinationPort());
      line.append("UDP, length ").append(packet.payloadLength());
      mark(line, "udp", udp.checksum());
    } else {
      line.append(" > ").append(ip.destination()).append(": ");
      if (packet.isIcmp()) {
        icmp(line, packet.icmp());
      } else {
        line.append("ip-proto-").append(ip.protocol());
        line.append(" ").append(packet.payloadLength());
      }
    }
    if (ip.isFragment()) {
      line.append(" [frag ").append(ip.id()).append(":").append(packet.payloadLength());
      line.append("@").append(ip.fragmentOffset()).append(ip.moreFragments() ? "+]" : "]");
    }
    mark(line, "ip", ip.checksum());
  }

  private static void ports(StringBuilder line, int source, IpHeader ip, int destination) {
    line.append(".").append(source).append(" > ");
    line.append(ip.destination()).append(".").append(destination).append(": ");
  }

  private static void tcp(StringBuilder line, TcpHeader tcp, int length) {
    line.append("Flags [").append(TcpFlag.letters(tcp.flags())).append("]");

    line.append(", seq ").append(tcp.seq());
    if (length > 0) {
      line.append(":").append((tcp.seq() + length) & 0xffff_ffffL);
    }
    if (tcp.has(TcpFlag.ACK)) {
      line.append(", ack ").append(tcp.ack());
    }
    line.append(", win ").append(tcp.window());
    if (tcp.has(TcpFlag.URG)) {
      line.append(", urg ").append(tcp.urgent());
    }
    List<TcpOption> options = tcp.options();
    if (!options.isEmpty()) {
      line.append(
          options.stream()
              .map(TcpOption::toString)
              .collect(Collectors.joining(",", ", options [", "]")));
    }
    line.append(", length ").append(length);
    mark(line, "tcp", tcp.checksum());
  }

  private static void icmp(StringBuilder line, IcmpMessage icmp) {
    line.append("ICMP ");
    switch (icmp.type()) {
      case IcmpMessage.ECHO -> echo(line, "echo request", icmp);
      case IcmpMessage.ECHO_REPLY -> echo(line, "echo reply", icmp);
      case IcmpMessage.UNREACHABLE -> line.append("unreachable, code ").append(icmp.code());
      case IcmpMessage.TIME_EXCEEDED -> line.append("time exceeded, code ").append(icmp.code());
      default -> line.append("type ").append(icmp.type()).append(", code ").append(icmp.code());
    }
    line.append(", length ").append(icmp.body().length + 8);
    mark(line, "icmp", icmp.checksum());
  }

  private static void echo(StringBuilder line, String what, IcmpMessage icmp) {
    line.append(what).append(", id ").append(icmp.id()).append(", seq ").append(icmp.sequence());
  }

  private static void mark(StringBuilder line, String what, ChecksumVerdict verdict) {
    if (verdict == ChecksumVerdict.BAD) {
      line.append(" (bad ").append(what).append(" cksum)");
    }
  }
}
