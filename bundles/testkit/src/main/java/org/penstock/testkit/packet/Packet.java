package org.penstock.testkit.packet;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.penstock.api.netif.LinkType;

/**
 * A decoded packet. Decoding never fails: what is wrong stands in {@link #faults}, and a header
 * that is cut short is not there. {@code toString} is its {@link PacketLine}.
 */
public final class Packet {

  private final byte[] octets;
  private final @Nullable EthernetHeader ethernet;
  private final @Nullable ArpMessage arp;
  private final @Nullable IpHeader ip;
  private final @Nullable IcmpMessage icmp;
  private final @Nullable UdpHeader udp;
  private final @Nullable TcpHeader tcp;
  private final byte[] payload;
  private final List<String> faults;

  Packet(PacketDecoder decoded) {
    this.octets = decoded.octets;
    this.ethernet = decoded.ethernet;
    this.arp = decoded.arp;
    this.ip = decoded.ip;
    this.icmp = decoded.icmp;
    this.udp = decoded.udp;
    this.tcp = decoded.tcp;
    this.payload = decoded.payload;
    this.faults = List.copyOf(decoded.faults);
  }

  /** Decodes a frame from its link header on. */
  public static Packet decode(LinkType linkType, byte[] frame) {
    return new PacketDecoder(frame.clone()).decode(linkType);
  }

  /** Decodes a copy of a frame in memory. */
  public static Packet decode(LinkType linkType, MemorySegment frame) {
    return new PacketDecoder(frame.toArray(ValueLayout.JAVA_BYTE)).decode(linkType);
  }

  /** Decodes an Ethernet frame. */
  public static Packet ethernet(byte[] frame) {
    return decode(LinkType.ETHERNET, frame);
  }

  /** Decodes an IP packet. */
  public static Packet ip(byte[] packet) {
    return decode(LinkType.IP, packet);
  }

  /** The whole frame. */
  public byte[] octets() {
    return octets.clone();
  }

  /** True if it has an Ethernet header. */
  public boolean isEthernet() {
    return ethernet != null;
  }

  /** True if it is an ARP message. */
  public boolean isArp() {
    return arp != null;
  }

  /** True if it is an IP packet of either family. */
  public boolean isIp() {
    return ip != null;
  }

  /** True if it is an ICMP message. */
  public boolean isIcmp() {
    return icmp != null;
  }

  /** True if it is a UDP datagram. */
  public boolean isUdp() {
    return udp != null;
  }

  /** True if it is a TCP segment. */
  public boolean isTcp() {
    return tcp != null;
  }

  /**
   * The Ethernet header.
   *
   * @throws AssertionError if there is none
   */
  public EthernetHeader ethernet() {
    return present(ethernet, "Ethernet header");
  }

  /**
   * The ARP message.
   *
   * @throws AssertionError if it is none
   */
  public ArpMessage arp() {
    return present(arp, "ARP message");
  }

  /**
   * The IP header.
   *
   * @throws AssertionError if there is none
   */
  public IpHeader ip() {
    return present(ip, "IP header");
  }

  /**
   * The ICMP message.
   *
   * @throws AssertionError if it is none
   */
  public IcmpMessage icmp() {
    return present(icmp, "ICMP message");
  }

  /**
   * The UDP header.
   *
   * @throws AssertionError if there is none
   */
  public UdpHeader udp() {
    return present(udp, "UDP header");
  }

  /**
   * The TCP header.
   *
   * @throws AssertionError if there is none
   */
  public TcpHeader tcp() {
    return present(tcp, "TCP header");
  }

  /** What the innermost header carries; link padding is not part of it. */
  public byte[] payload() {
    return payload.clone();
  }

  /** Octets of the payload. */
  public int payloadLength() {
    return payload.length;
  }

  /** What is malformed, in words; bad checksums are not among it. */
  public List<String> faults() {
    return faults;
  }

  /** True if some checksum does not match. */
  public boolean hasBadChecksum() {
    return (ip != null && ip.checksum() == ChecksumVerdict.BAD)
        || (icmp != null && icmp.checksum() == ChecksumVerdict.BAD)
        || (udp != null && udp.checksum() == ChecksumVerdict.BAD)
        || (tcp != null && tcp.checksum() == ChecksumVerdict.BAD);
  }

  private <T> T present(@Nullable T header, String what) {
    if (header == null) {
      throw new AssertionError("no " + what + " in: " + this);
    }
    return header;
  }

  @Override
  public String toString() {
    return PacketLine.of(this);
  }
}
