package org.penstock.testkit.packet;

import java.nio.ByteBuffer;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.penstock.api.IpAddress;
import org.penstock.api.MacAddress;
import org.penstock.api.netif.LinkType;

/**
 * Makes packets, right ones and wrong ones. Immutable: each method returns a changed copy, so that
 * a half-made packet is a template:
 *
 * <pre>{@code
 * PacketBuilder peer = PacketBuilder.ethernet(macB, macA).ip(ipB, ipA).tcp(80, 49152);
 * byte[] syn = peer.flags(SYN).seq(1000).options(new TcpOption.Mss(1460)).build();
 * }</pre>
 *
 * <p>Lengths and checksums follow from the rest unless a method below spoils them.
 */
public final class PacketBuilder implements Cloneable {

  private static final int ETHERNET_HEADER = 14;
  private static final int BAD = 0x5555;

  private final @Nullable MacAddress fromMac;
  private final @Nullable MacAddress toMac;

  private IpAddress source = IpAddress.ANY_IPV4;
  private IpAddress destination = IpAddress.ANY_IPV4;
  private int protocol = 255;
  private int ttl = 64;
  private int trafficClass;
  private int id;
  private int fragment = 0x4000;
  private byte[] ipOptions = {};

  private int sourcePort;
  private int destinationPort;
  private long seq;
  private long ack;
  private Set<TcpFlag> flags = EnumSet.noneOf(TcpFlag.class);
  private int window = 65_535;
  private int urgent;
  private byte[] tcpOptions = {};
  private int icmpType;
  private int icmpCode;
  private int icmpRest;

  private byte[] payload = {};
  private boolean badIpChecksum;
  private boolean badTransportChecksum;
  private boolean noUdpChecksum;

  private PacketBuilder(@Nullable MacAddress fromMac, @Nullable MacAddress toMac) {
    this.fromMac = fromMac;
    this.toMac = toMac;
  }

  // ---- link ----

  /** A packet with an Ethernet header. */
  public static PacketBuilder ethernet(MacAddress from, MacAddress to) {
    return new PacketBuilder(from, to);
  }

  /** A packet that starts with its IP header. */
  public static PacketBuilder bare() {
    return new PacketBuilder(null, null);
  }

  /** An ARP request in a broadcast frame. */
  public static byte[] arpRequest(MacAddress mac, IpAddress sender, IpAddress target) {
    return arp(MacAddress.BROADCAST, ArpMessage.REQUEST, mac, sender, MacAddress.ZERO, target);
  }

  /** An ARP reply from one station to another. */
  public static byte[] arpReply(
      MacAddress mac, IpAddress sender, MacAddress targetMac, IpAddress target) {
    return arp(targetMac, ArpMessage.REPLY, mac, sender, targetMac, target);
  }

  private static byte[] arp(
      MacAddress to,
      int operation,
      MacAddress mac,
      IpAddress sender,
      MacAddress targetMac,
      IpAddress target) {
    ByteBuffer frame = ByteBuffer.allocate(ETHERNET_HEADER + 28);
    put(frame, to);
    put(frame, mac);
    frame.putShort((short) EthernetHeader.ARP);
    frame.putInt(0x0001_0800).putShort((short) 0x0604).putShort((short) operation);
    put(frame, mac);
    frame.putInt(sender.ipv4());
    put(frame, targetMac);
    frame.putInt(target.ipv4());
    return frame.array();
  }

  // ---- IP ----

  /** The IP addresses, both of one family. */
  public PacketBuilder ip(IpAddress from, IpAddress to) {
    if (from.isIpv4() != to.isIpv4()) {
      throw new IllegalArgumentException(from + " and " + to + " are of different families");
    }
    PacketBuilder copy = copy();
    copy.source = from;
    copy.destination = to;
    return copy;
  }

  /** The time to live. */
  public PacketBuilder ttl(int hops) {
    PacketBuilder copy = copy();
    copy.ttl = hops;
    return copy;
  }

  /** The type of service. */
  public PacketBuilder trafficClass(int octet) {
    PacketBuilder copy = copy();
    copy.trafficClass = octet;
    return copy;
  }

  /** The IPv4 identification. */
  public PacketBuilder id(int number) {
    PacketBuilder copy = copy();
    copy.id = number;
    return copy;
  }

  /**
   * Makes an IPv4 fragment; the payload is what it carries behind the IP header.
   *
   * @param offset in octets, a multiple of 8
   * @param more the MF bit
   */
  public PacketBuilder fragment(int offset, boolean more) {
    PacketBuilder copy = copy();
    copy.fragment = offset / 8 | (more ? 0x2000 : 0);
    return copy;
  }

  /** The DF bit, which is set unless this clears it. */
  public PacketBuilder dontFragment(boolean set) {
    PacketBuilder copy = copy();
    copy.fragment = set ? fragment | 0x4000 : fragment & ~0x4000;
    return copy;
  }

  /** IPv4 options, padded with zeros to a multiple of four octets. */
  public PacketBuilder ipOptions(byte... octets) {
    PacketBuilder copy = copy();
    copy.ipOptions = padded(octets);
    return copy;
  }

  /** Some other protocol; the payload follows the IP header. */
  public PacketBuilder protocol(int number) {
    PacketBuilder copy = copy();
    copy.protocol = number;
    return copy;
  }

  // ---- ICMP ----

  /** An ICMP message; {@code rest} is the 32 bits after the checksum. */
  public PacketBuilder icmp(int type, int code, int rest) {
    PacketBuilder copy = protocol(IpHeader.ICMP);
    copy.icmpType = type;
    copy.icmpCode = code;
    copy.icmpRest = rest;
    return copy;
  }

  /** An echo request. */
  public PacketBuilder echoRequest(int identifier, int sequence) {
    return icmp(IcmpMessage.ECHO, 0, identifier << 16 | sequence);
  }

  /** An echo reply. */
  public PacketBuilder echoReply(int identifier, int sequence) {
    return icmp(IcmpMessage.ECHO_REPLY, 0, identifier << 16 | sequence);
  }

  // ---- UDP ----

  /** A UDP datagram. */
  public PacketBuilder udp(int from, int to) {
    return ports(IpHeader.UDP, from, to);
  }

  /** Sends UDP without a checksum (RFC 768). */
  public PacketBuilder noUdpChecksum() {
    PacketBuilder copy = copy();
    copy.noUdpChecksum = true;
    return copy;
  }

  // ---- TCP ----

  /** A TCP segment. */
  public PacketBuilder tcp(int from, int to) {
    return ports(IpHeader.TCP, from, to);
  }

  /** Exactly these flags. */
  public PacketBuilder flags(TcpFlag... exactly) {
    PacketBuilder copy = copy();
    copy.flags = Set.of(exactly);
    return copy;
  }

  /** The sequence number, taken modulo 2^32. */
  public PacketBuilder seq(long number) {
    PacketBuilder copy = copy();
    copy.seq = number;
    return copy;
  }

  /** The acknowledgement number, taken modulo 2^32; the ACK flag is not set by this. */
  public PacketBuilder ack(long number) {
    PacketBuilder copy = copy();
    copy.ack = number;
    return copy;
  }

  /** The window field, not scaled. */
  public PacketBuilder window(int units) {
    PacketBuilder copy = copy();
    copy.window = units;
    return copy;
  }

  /** The urgent pointer. */
  public PacketBuilder urgent(int pointer) {
    PacketBuilder copy = copy();
    copy.urgent = pointer;
    return copy;
  }

  /** The options, padded at the end to a multiple of four octets. */
  public PacketBuilder options(TcpOption... options) {
    return rawOptions(TcpOptionWriter.octets(List.of(options)));
  }

  /** Options as octets, right or wrong, padded with zeros to a multiple of four. */
  public PacketBuilder rawOptions(byte... octets) {
    PacketBuilder copy = copy();
    copy.tcpOptions = padded(octets);
    return copy;
  }

  // ---- the rest ----

  /** The payload. */
  public PacketBuilder payload(byte... octets) {
    PacketBuilder copy = copy();
    copy.payload = octets.clone();
    return copy;
  }

  /** Spoils the IPv4 header checksum. */
  public PacketBuilder badIpChecksum() {
    PacketBuilder copy = copy();
    copy.badIpChecksum = true;
    return copy;
  }

  /** Spoils the checksum of ICMP, UDP or TCP. */
  public PacketBuilder badTransportChecksum() {
    PacketBuilder copy = copy();
    copy.badTransportChecksum = true;
    return copy;
  }

  /** The frame, decoded. */
  public Packet packet() {
    return Packet.decode(fromMac == null ? LinkType.IP : LinkType.ETHERNET, build());
  }

  /** The frame. */
  public byte[] build() {
    byte[] transport = transport();
    int header = source.isIpv4() ? 20 + ipOptions.length : 40;
    int link = fromMac == null ? 0 : ETHERNET_HEADER;
    ByteBuffer frame = ByteBuffer.allocate(link + header + transport.length);
    if (fromMac != null && toMac != null) {
      put(frame, toMac);
      put(frame, fromMac);
      frame.putShort((short) (source.isIpv4() ? EthernetHeader.IPV4 : EthernetHeader.IPV6));
    }
    if (source.isIpv4()) {
      putIpv4(frame, header, transport.length);
    } else {
      frame.putInt(6 << 28 | trafficClass << 20);
      frame.putShort((short) transport.length).put((byte) protocol).put((byte) ttl);
      frame.put(source.octets()).put(destination.octets());
    }
    return frame.put(transport).array();
  }

  private void putIpv4(ByteBuffer frame, int header, int carried) {
    int at = frame.position();
    frame.put((byte) (0x40 | header / 4)).put((byte) trafficClass);
    frame.putShort((short) (header + carried));
    frame.putShort((short) id).putShort((short) fragment);
    frame.put((byte) ttl).put((byte) protocol).putShort((short) 0);
    frame.putInt(source.ipv4()).putInt(destination.ipv4()).put(ipOptions);
    long sum = new OctetReader(frame.array()).sum(at, at + header);
    frame.putShort(at + 10, (short) (~OctetReader.fold(sum) ^ (badIpChecksum ? BAD : 0)));
  }

  private byte[] transport() {
    boolean later = (fragment & 0x1fff) != 0;
    int checksumAt =
        switch (later ? -1 : protocol) {
          case IpHeader.ICMP -> 2;
          case IpHeader.UDP -> 6;
          case IpHeader.TCP -> 16;
          default -> -1;
        };
    if (checksumAt < 0) {
      return payload;
    }
    byte[] octets = header();
    if (protocol == IpHeader.UDP && noUdpChecksum) {
      return octets;
    }
    long sum = new OctetReader(octets).sum(0, octets.length);
    if (protocol != IpHeader.ICMP) {
      sum += new OctetReader(source.octets()).sum(0, source.octets().length);
      sum += new OctetReader(destination.octets()).sum(0, destination.octets().length);
      sum += protocol + octets.length;
    }
    int checksum = (~OctetReader.fold(sum) & 0xffff) ^ (badTransportChecksum ? BAD : 0);
    // RFC 768: zero means none, so a computed zero is sent as its other form.
    int sent = protocol == IpHeader.UDP && checksum == 0 ? 0xffff : checksum;
    octets[checksumAt] = (byte) (sent >>> 8);
    octets[checksumAt + 1] = (byte) sent;
    return octets;
  }

  private byte[] header() {
    int length = protocol == IpHeader.TCP ? 20 + tcpOptions.length : 8;
    ByteBuffer buffer = ByteBuffer.allocate(length + payload.length);
    switch (protocol) {
      case IpHeader.ICMP ->
          buffer.put((byte) icmpType).put((byte) icmpCode).putShort((short) 0).putInt(icmpRest);
      case IpHeader.UDP ->
          buffer
              .putShort((short) sourcePort)
              .putShort((short) destinationPort)
              .putShort((short) (8 + payload.length))
              .putShort((short) 0);
      default ->
          buffer
              .putShort((short) sourcePort)
              .putShort((short) destinationPort)
              .putInt((int) seq)
              .putInt((int) ack)
              .put((byte) (length / 4 << 4))
              .put((byte) TcpFlag.octet(flags))
              .putShort((short) window)
              .putShort((short) 0)
              .putShort((short) urgent)
              .put(tcpOptions);
    }
    return buffer.put(payload).array();
  }

  private PacketBuilder ports(int number, int from, int to) {
    PacketBuilder copy = protocol(number);
    copy.sourcePort = from;
    copy.destinationPort = to;
    return copy;
  }

  private static byte[] padded(byte[] octets) {
    if (octets.length > 40) {
      throw new IllegalArgumentException(octets.length + " octets of options: 40 are the most");
    }
    return java.util.Arrays.copyOf(octets, (octets.length + 3) & ~3);
  }

  private static void put(ByteBuffer frame, MacAddress mac) {
    frame.putShort((short) (mac.bits() >>> 32)).putInt((int) mac.bits());
  }

  private PacketBuilder copy() {
    try {
      return (PacketBuilder) clone();
    } catch (CloneNotSupportedException e) {
      throw new AssertionError(e);
    }
  }
}
