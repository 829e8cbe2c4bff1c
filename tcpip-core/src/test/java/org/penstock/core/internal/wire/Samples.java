package org.penstock.core.internal.wire;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.random.RandomGenerator;
import org.penstock.api.IpAddress;
import org.penstock.api.MacAddress;

/** Random values for round trips, and memory that ends where the packet ends. */
final class Samples {
  private Samples() {}

  /** Off-heap memory of exactly these bytes: whoever reads beyond is thrown out. */
  static MemorySegment exactly(byte[] bytes) {
    MemorySegment segment = Arena.ofAuto().allocate(bytes.length);
    MemorySegment.copy(bytes, 0, segment, ValueLayout.JAVA_BYTE, 0, bytes.length);
    return segment;
  }

  static MemorySegment hex(String hex) {
    return exactly(HexFormat.of().parseHex(hex.replace(" ", "")));
  }

  static MemorySegment zeros(int length) {
    return Arena.ofAuto().allocate(length);
  }

  static byte[] bytes(RandomGenerator random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  static Octets octets(RandomGenerator random, int length) {
    return Octets.of(bytes(random, length));
  }

  static IpAddress ipv4(RandomGenerator random) {
    return IpAddress.ofIpv4(random.nextInt());
  }

  static IpAddress ipv6(RandomGenerator random) {
    return IpAddress.of(random.nextLong() | 1, random.nextLong(), 0);
  }

  static MacAddress station(RandomGenerator random) {
    return new MacAddress(random.nextLong() & 0xfeff_ffff_ffffL);
  }

  static MacAddress anyMac(RandomGenerator random) {
    return new MacAddress(random.nextLong() & 0xffff_ffff_ffffL);
  }

  static EthernetFrame ethernet(RandomGenerator random) {
    return new EthernetFrame(anyMac(random), station(random), random.nextInt(0x10000));
  }

  static ArpPacket arp(RandomGenerator random) {
    return new ArpPacket(
        random.nextBoolean() ? ArpPacket.REQUEST : ArpPacket.REPLY,
        station(random),
        ipv4(random),
        anyMac(random),
        ipv4(random));
  }

  /** A sound header for a payload of that many bytes; a fragment's only if that is possible. */
  static Ipv4Header ipv4Header(RandomGenerator random, int payload, int protocol) {
    Octets options =
        switch (random.nextInt(8)) {
          case 0 -> Octets.ofHex("94040000");
          case 1 -> Octets.ofHex("0107070400000000");
          default -> Octets.EMPTY;
        };
    boolean fragment = random.nextInt(4) == 0 && payload > 0 && payload % 8 == 0;
    return new Ipv4Header(
        random.nextInt(256),
        Ipv4Header.MIN_LENGTH + options.length() + payload,
        random.nextInt(0x10000),
        random.nextBoolean(),
        fragment && random.nextBoolean(),
        fragment ? random.nextInt(4000) * 8 : 0,
        random.nextInt(256),
        protocol,
        ipv4(random),
        ipv4(random),
        options);
  }

  static Ipv6Header ipv6Header(RandomGenerator random, int payload, int nextHeader) {
    return new Ipv6Header(
        random.nextInt(256),
        random.nextInt(1 << 20),
        payload,
        nextHeader,
        random.nextInt(256),
        ipv6(random),
        ipv6(random));
  }

  static Icmpv4 icmp(RandomGenerator random) {
    return new Icmpv4(
        random.nextInt(256),
        random.nextInt(256),
        random.nextInt(),
        octets(random, random.nextInt(64)));
  }

  static UdpHeader udp(RandomGenerator random, int payload) {
    return new UdpHeader(
        random.nextInt(0x10000),
        random.nextInt(0x10000),
        UdpHeader.LENGTH + payload,
        random.nextInt(0x10000));
  }

  static TcpHeader tcp(RandomGenerator random) {
    return new TcpHeader(
        random.nextInt(0x10000),
        random.nextInt(0x10000),
        random.nextInt(),
        random.nextInt(),
        random.nextInt(256),
        random.nextInt(0x10000),
        random.nextInt(0x10000),
        options(random));
  }

  static List<TcpOption> options(RandomGenerator random) {
    List<TcpOption> options = new ArrayList<>();
    for (int i = random.nextInt(6); i > 0; i--) {
      TcpOption option = option(random);
      if (TcpOption.lengthOf(options) + option.length() <= 40) {
        options.add(option);
      }
    }
    return options;
  }

  private static TcpOption option(RandomGenerator random) {
    return switch (random.nextInt(7)) {
      case 0 -> new TcpOption.MaximumSegmentSize(random.nextInt(0x10000));
      case 1 -> new TcpOption.WindowScale(random.nextInt(256));
      case 2 -> new TcpOption.SackPermitted();
      case 3 -> {
        List<TcpOption.SackBlock> blocks = new ArrayList<>();
        for (int i = random.nextInt(1, 5); i > 0; i--) {
          blocks.add(new TcpOption.SackBlock(random.nextInt(), random.nextInt()));
        }
        yield new TcpOption.Sack(blocks);
      }
      case 4 -> new TcpOption.Timestamps(random.nextInt(), random.nextInt());
      case 5 -> new TcpOption.UserTimeout(random.nextBoolean(), random.nextInt(0x8000));
      default -> new TcpOption.Unknown(random.nextInt(100, 256), octets(random, random.nextInt(9)));
    };
  }
}
