package org.penstock.simulator;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.penstock.api.IpAddress;
import org.penstock.api.MacAddress;
import org.penstock.testkit.packet.PacketBuilder;

/**
 * An IPv4 router with one host behind each port (RFC 1812, as much of it as hosts notice): answers
 * ARP for its addresses, counts TTLs down, and tells or fragments what is too long for a port's
 * MTU, which may change while it runs.
 */
final class Router extends Junction {

  private static final int ETHERNET = 14;
  private static final int ARP = 0x0806;
  private static final int IPV4 = 0x0800;
  private static final int DONT_FRAGMENT = 0x4000;
  private static final int MORE_FRAGMENTS = 0x2000;
  private static final int UNREACHABLE = 3;
  private static final int FRAGMENTATION_NEEDED = 4;
  private static final int TIME_EXCEEDED = 11;

  /** RFC 1812 §4.3.2.3: as much of the packet as fits into 576 octets. */
  private static final int MOST_QUOTED = 576 - 20 - 8;

  private final MacAddress[] hosts;
  private final int[] mtus;
  private final boolean tellsMtu;
  private int nextId = 1;
  private long tooBig;

  /**
   * A router.
   *
   * @param hosts the station address of the host at each port
   * @param mtus of the ports
   * @param tellsMtu false for one from before RFC 1191, which says "too long" but not how long it
   *     may be
   */
  Router(MacAddress[] hosts, int[] mtus, boolean tellsMtu) {
    this.hosts = hosts.clone();
    this.mtus = mtus.clone();
    this.tellsMtu = tellsMtu;
  }

  /** The host's address behind a port. */
  static IpAddress host(int port) {
    return IpAddress.parse("192.0.2." + (port * 16 + 2));
  }

  /** The router's own address at a port. */
  static IpAddress address(int port) {
    return IpAddress.parse("192.0.2." + (port * 16 + 1));
  }

  /** Bits of the prefix of each port's network. */
  static final int PREFIX = 28;

  void mtu(int port, int bytes) {
    mtus[port] = bytes;
  }

  /** Packets told of, or cut, because they were too long. */
  long tooBig() {
    return tooBig;
  }

  @Override
  void arrived(int port, MemorySegment frame) {
    byte[] octets = frame.toArray(ValueLayout.JAVA_BYTE);
    if (octets.length < ETHERNET + 20) {
      return;
    }
    ByteBuffer packet = ByteBuffer.wrap(octets);
    switch (u16(packet, 12)) {
      case ARP -> arp(port, packet);
      case IPV4 -> forward(port, packet);
      default -> {
        // No route for it.
      }
    }
  }

  private void arp(int port, ByteBuffer frame) {
    if (frame.limit() < ETHERNET + 28 || u16(frame, ETHERNET + 6) != 1) {
      return;
    }
    IpAddress sender = IpAddress.ofIpv4(frame.getInt(ETHERNET + 14));
    IpAddress target = IpAddress.ofIpv4(frame.getInt(ETHERNET + 24));
    if (target.equals(address(port)) && !sender.isAny()) {
      byte[] reply = PacketBuilder.arpReply(mac(port), target, hosts[port], sender);
      send(port, MemorySegment.ofArray(reply));
    }
  }

  private void forward(int from, ByteBuffer frame) {
    int header = (frame.get(ETHERNET) & 15) * 4;
    int length = u16(frame, ETHERNET + 2);
    if (header < 20
        || length < header
        || length > frame.limit() - ETHERNET
        || sum(frame, ETHERNET, header) != 0xffff) {
      return;
    }
    int to = portOf(frame.getInt(ETHERNET + 16));
    if (to < 0) {
      return;
    }
    int ttl = frame.get(ETHERNET + 8) & 0xff;
    if (ttl <= 1) {
      tell(from, frame, TIME_EXCEEDED, 0, 0);
      return;
    }
    if (length > mtus[to]) {
      tooBig++;
      if ((u16(frame, ETHERNET + 6) & DONT_FRAGMENT) != 0) {
        // RFC 1191 §4.
        tell(from, frame, UNREACHABLE, FRAGMENTATION_NEEDED, tellsMtu ? mtus[to] : 0);
        return;
      }
    }
    frame.put(ETHERNET + 8, (byte) (ttl - 1));
    station(frame, 0, hosts[to]);
    station(frame, 6, mac(to));
    if (length > mtus[to]) {
      fragment(to, frame, header, length);
    } else {
      seal(frame, header);
      // What padded the frame stays behind.
      send(to, MemorySegment.ofArray(frame.array()).asSlice(0, ETHERNET + length));
    }
  }

  /** RFC 791 §3.2, for packets whose options need not be copied: ours have none. */
  private void fragment(int to, ByteBuffer frame, int header, int length) {
    int field = u16(frame, ETHERNET + 6);
    int most = (mtus[to] - header) & ~7;
    for (int at = header; at < length; at += most) {
      int part = Math.min(most, length - at);
      byte[] octets = Arrays.copyOf(frame.array(), ETHERNET + header + part);
      System.arraycopy(frame.array(), ETHERNET + at, octets, ETHERNET + header, part);
      ByteBuffer fragment = ByteBuffer.wrap(octets);
      boolean more = at + part < length || (field & MORE_FRAGMENTS) != 0;
      int offset = (field & 0x1fff) + (at - header) / 8;
      fragment.putShort(ETHERNET + 2, (short) (header + part));
      fragment.putShort(ETHERNET + 6, (short) (offset | (more ? MORE_FRAGMENTS : 0)));
      seal(fragment, header);
      send(to, MemorySegment.ofArray(octets));
    }
  }

  /** RFC 1812 §4.3.2.7: nothing about fragments but the first, nothing about ICMP. */
  private void tell(int port, ByteBuffer about, int type, int code, int rest) {
    int length = Math.min(u16(about, ETHERNET + 2), MOST_QUOTED);
    if ((u16(about, ETHERNET + 6) & 0x1fff) != 0 || about.get(ETHERNET + 9) == 1) {
      return;
    }
    byte[] error =
        PacketBuilder.ethernet(mac(port), hosts[port])
            .ip(address(port), IpAddress.ofIpv4(about.getInt(ETHERNET + 12)))
            .id(nextId++ & 0xffff)
            .icmp(type, code, rest)
            .payload(Arrays.copyOfRange(about.array(), ETHERNET, ETHERNET + length))
            .build();
    send(port, MemorySegment.ofArray(error));
  }

  private int portOf(int destination) {
    for (int port = 0; port < ports(); port++) {
      if (host(port).ipv4() == destination) {
        return port;
      }
    }
    return -1;
  }

  private static void station(ByteBuffer frame, int at, MacAddress mac) {
    frame.putShort(at, (short) (mac.bits() >>> 32));
    frame.putInt(at + 2, (int) mac.bits());
  }

  private static void seal(ByteBuffer frame, int header) {
    frame.putShort(ETHERNET + 10, (short) 0);
    frame.putShort(ETHERNET + 10, (short) ~sum(frame, ETHERNET, header));
  }

  private static int sum(ByteBuffer octets, int at, int length) {
    int sum = 0;
    for (int i = 0; i < length; i += 2) {
      sum += u16(octets, at + i);
    }
    sum = (sum & 0xffff) + (sum >>> 16);
    return (sum & 0xffff) + (sum >>> 16);
  }

  private static int u16(ByteBuffer octets, int at) {
    return octets.getShort(at) & 0xffff;
  }
}
