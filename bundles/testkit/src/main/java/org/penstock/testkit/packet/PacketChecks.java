package org.penstock.testkit.packet;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.penstock.api.IpAddress;
import org.penstock.api.MacAddress;

/**
 * The checks, to be imported statically. One for each protocol takes those of its fields; it
 * requires that the packet is of that protocol, not malformed, and that no checksum is bad.
 */
public final class PacketChecks {

  private PacketChecks() {}

  // ---- protocols ----

  /** An Ethernet frame. */
  public static PacketCheck ethernet(PacketCheck... fields) {
    return layer("an Ethernet frame", Packet::isEthernet, fields);
  }

  /** An ARP message. */
  public static PacketCheck arp(PacketCheck... fields) {
    return layer("an ARP message", Packet::isArp, fields);
  }

  /** An ARP request for an address. */
  public static PacketCheck arpRequest(IpAddress target) {
    return arp(
        field("ARP operation", ArpMessage.REQUEST, p -> p.arp().operation()),
        field("ARP target", target, p -> p.arp().targetIp()));
  }

  /** An ARP reply that says whose an address is. */
  public static PacketCheck arpReply(IpAddress sender, MacAddress mac) {
    return arp(
        field("ARP operation", ArpMessage.REPLY, p -> p.arp().operation()),
        field("ARP sender", sender, p -> p.arp().senderIp()),
        field("ARP sender's MAC", mac, p -> p.arp().senderMac()));
  }

  /** An IP packet. */
  public static PacketCheck ip(PacketCheck... fields) {
    return layer("an IP packet", Packet::isIp, fields);
  }

  /** An ICMP message. */
  public static PacketCheck icmp(PacketCheck... fields) {
    return layer("an ICMP message", Packet::isIcmp, fields);
  }

  /** A UDP datagram. */
  public static PacketCheck udp(PacketCheck... fields) {
    return layer("a UDP datagram", Packet::isUdp, fields);
  }

  /** A TCP segment. */
  public static PacketCheck tcp(PacketCheck... fields) {
    return layer("a TCP segment", Packet::isTcp, fields);
  }

  // ---- fields of the link ----

  /** The Ethernet source. */
  public static PacketCheck fromMac(MacAddress mac) {
    return field("Ethernet source", mac, p -> p.ethernet().source());
  }

  /** The Ethernet destination. */
  public static PacketCheck toMac(MacAddress mac) {
    return field("Ethernet destination", mac, p -> p.ethernet().destination());
  }

  // ---- fields of IP ----

  /** The IP source. */
  public static PacketCheck from(IpAddress address) {
    return field("source", address, p -> p.ip().source());
  }

  /** The IP destination. */
  public static PacketCheck to(IpAddress address) {
    return field("destination", address, p -> p.ip().destination());
  }

  /** The time to live. */
  public static PacketCheck ttl(int hops) {
    return field("TTL", hops, p -> p.ip().hopLimit());
  }

  /** The DF bit. */
  public static PacketCheck dontFragment(boolean set) {
    return field("DF", set, p -> p.ip().dontFragment());
  }

  /** The IP protocol. */
  public static PacketCheck protocol(int number) {
    return field("protocol", number, p -> p.ip().protocol());
  }

  // ---- fields of ICMP ----

  /** Type and code. */
  public static PacketCheck type(int type, int code) {
    return all(
        field("ICMP type", type, p -> p.icmp().type()),
        field("ICMP code", code, p -> p.icmp().code()));
  }

  /** An echo request. */
  public static PacketCheck echoRequest(int id, int sequence) {
    return icmp(type(IcmpMessage.ECHO, 0), echo(id, sequence));
  }

  /** An echo reply. */
  public static PacketCheck echoReply(int id, int sequence) {
    return icmp(type(IcmpMessage.ECHO_REPLY, 0), echo(id, sequence));
  }

  private static PacketCheck echo(int id, int sequence) {
    return all(
        field("ICMP identifier", id, p -> p.icmp().id()),
        field("ICMP sequence", sequence, p -> p.icmp().sequence()));
  }

  // ---- fields of UDP and TCP ----

  /** The source port. */
  public static PacketCheck sourcePort(int port) {
    return field("source port", port, p -> p.isUdp() ? p.udp().sourcePort() : p.tcp().sourcePort());
  }

  /** The destination port. */
  public static PacketCheck destinationPort(int port) {
    return field(
        "destination port",
        port,
        p -> p.isUdp() ? p.udp().destinationPort() : p.tcp().destinationPort());
  }

  /** Exactly these flags. */
  public static PacketCheck flags(TcpFlag... exactly) {
    Set<TcpFlag> wanted = Set.of(exactly);
    return field("flags", wanted, p -> p.tcp().flags(), TcpFlag::letters);
  }

  /** At least these flags. */
  public static PacketCheck hasFlags(TcpFlag... wanted) {
    return property(
        "flags with " + TcpFlag.letters(Set.of(wanted)),
        p -> p.tcp().has(wanted),
        p -> TcpFlag.letters(p.tcp().flags()));
  }

  /** None of these flags. */
  public static PacketCheck hasNoFlags(TcpFlag... unwanted) {
    return property(
        "flags without " + TcpFlag.letters(Set.of(unwanted)),
        p -> Arrays.stream(unwanted).noneMatch(p.tcp().flags()::contains),
        p -> TcpFlag.letters(p.tcp().flags()));
  }

  /** The sequence number, taken modulo 2^32. */
  public static PacketCheck seq(long number) {
    return field("seq", number & 0xffff_ffffL, p -> p.tcp().seq());
  }

  /** The acknowledgement number, taken modulo 2^32; the ACK flag must be set. */
  public static PacketCheck ack(long number) {
    return all(hasFlags(TcpFlag.ACK), field("ack", number & 0xffff_ffffL, p -> p.tcp().ack()));
  }

  /** The window field, not scaled. */
  public static PacketCheck window(int units) {
    return field("window", units, p -> p.tcp().window());
  }

  /** A window field between two values, both allowed. */
  public static PacketCheck windowBetween(int least, int most) {
    return property(
        "window from " + least + " to " + most,
        p -> p.tcp().window() >= least && p.tcp().window() <= most,
        p -> p.tcp().window());
  }

  /** Exactly these options, in any order; padding does not count. */
  public static PacketCheck options(TcpOption... exactly) {
    return property(
        "options " + List.of(exactly),
        p -> Set.copyOf(withoutPadding(p)).equals(Set.of(exactly)),
        PacketChecks::withoutPadding);
  }

  /** This option, whatever others there are. */
  public static PacketCheck option(TcpOption wanted) {
    return property(
        "option " + wanted, p -> p.tcp().options().contains(wanted), p -> p.tcp().options());
  }

  /** No option of that kind. */
  public static PacketCheck noOption(Class<? extends TcpOption> kind) {
    return property(
        "no option " + kind.getSimpleName(),
        p -> p.tcp().option(kind).isEmpty(),
        p -> p.tcp().options());
  }

  private static List<TcpOption> withoutPadding(Packet packet) {
    return packet.tcp().options().stream()
        .filter(o -> !(o instanceof TcpOption.Nop) && !(o instanceof TcpOption.End))
        .toList();
  }

  // ---- what is carried ----

  /** The payload. */
  public static PacketCheck payload(byte[] octets) {
    return property(
        "payload of " + hex(octets),
        p -> Arrays.equals(p.payload(), octets),
        p -> hex(p.payload()));
  }

  /** Octets of the payload. */
  public static PacketCheck payloadLength(int octets) {
    return field("payload length", octets, Packet::payloadLength);
  }

  /** No payload. */
  public static PacketCheck noPayload() {
    return payloadLength(0);
  }

  private static String hex(byte[] octets) {
    int shown = Math.min(octets.length, 32);
    String text = HexFormat.of().formatHex(octets, 0, shown);
    return octets.length + " octets " + text + (shown < octets.length ? "…" : "");
  }

  // ---- combinations ----

  /** Some checksum is bad; for use outside of the protocols' checks. */
  public static PacketCheck badChecksum() {
    return property("a bad checksum", Packet::hasBadChecksum, p -> "none");
  }

  /** All of these. */
  public static PacketCheck all(PacketCheck... checks) {
    return packet -> {
      List<String> mismatches = new ArrayList<>();
      for (PacketCheck check : checks) {
        mismatches.addAll(check.mismatches(packet));
      }
      return mismatches;
    };
  }

  /**
   * A value of the packet, whatever the checks above lack.
   *
   * @param name what is compared
   * @param expected what it must equal
   * @param actual takes it from the packet
   */
  public static <T> PacketCheck field(String name, T expected, Function<Packet, T> actual) {
    return field(name, expected, actual, String::valueOf);
  }

  private static <T> PacketCheck field(
      String name, T expected, Function<Packet, T> actual, Function<T, String> text) {
    return packet -> {
      T found = actual.apply(packet);
      return Objects.equals(found, expected)
          ? List.of()
          : List.of(name + ": expected " + text.apply(expected) + " but was " + text.apply(found));
    };
  }

  private static PacketCheck property(
      String expected, Predicate<Packet> holds, Function<Packet, @Nullable Object> actual) {
    return packet ->
        holds.test(packet)
            ? List.of()
            : List.of("expected " + expected + " but was " + actual.apply(packet));
  }

  private static PacketCheck layer(String what, Predicate<Packet> present, PacketCheck... fields) {
    return packet -> {
      if (!present.test(packet)) {
        return List.of("expected " + what);
      }
      List<String> mismatches = new ArrayList<>();
      packet.faults().forEach(fault -> mismatches.add("malformed: " + fault));
      if (packet.hasBadChecksum()) {
        mismatches.add("bad checksum");
      }
      mismatches.addAll(all(fields).mismatches(packet));
      return mismatches;
    };
  }
}
