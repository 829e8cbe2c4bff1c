package org.penstock.core.internal.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.EnumMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.penstock.api.view.DropReason;

/**
 * Whatever arrives: it is dropped with a reason or can be read to its end, and no byte behind it is
 * looked at (the segments end where the packet ends, so that would throw).
 */
class MalformedInputTest {
  private static final int SEEDS = 30_000;

  private final TcpOptions options = new TcpOptions();
  private final Ipv6Extensions extensions = new Ipv6Extensions();
  private final Map<DropReason, Integer> dropped = new EnumMap<>(DropReason.class);
  private int taken;
  private long sink;

  @Test
  void randomBytes() {
    for (int seed = 0; seed < SEEDS; seed++) {
      RandomGenerator random = new SplittableRandom(seed);
      byte[] bytes = Samples.bytes(random, random.nextInt(120));
      if (bytes.length > 0 && random.nextBoolean()) {
        bytes[0] = (byte) (random.nextBoolean() ? 0x45 : 0x60);
      }
      MemorySegment segment = Samples.exactly(bytes);
      int length = bytes.length;
      run(seed, () -> ethernet(segment, 0, length));
      run(seed, () -> arp(segment, 0, length));
      run(seed, () -> ipv4(segment, 0, length));
      run(seed, () -> ipv6(segment, 0, length));
      run(seed, () -> transport(IpProtocol.ICMPV4, segment, 0, length, 0));
      run(seed, () -> transport(IpProtocol.UDP, segment, 0, length, 0));
      run(seed, () -> transport(IpProtocol.TCP, segment, 0, length, 0));
      run(seed, () -> options.parse(segment, 0, length));
      run(seed, () -> sink += TcpOption.parse(segment, 0, Math.min(length, 40)).size());
    }
    assertThat(taken).isGreaterThan(SEEDS / 10);
    assertThat(dropped).containsKeys(DropReason.MALFORMED_TCP, DropReason.MALFORMED_UDP);
  }

  @Test
  void mutatedPackets() {
    for (int seed = 0; seed < SEEDS; seed++) {
      RandomGenerator random = new SplittableRandom(seed);
      MemorySegment whole = packet(random);
      int length = (int) whole.byteSize();
      for (int i = random.nextInt(4); i > 0; i--) {
        int bit = random.nextInt(length * 8);
        Fields.put8(whole, bit / 8, Fields.get8(whole, bit / 8) ^ 1 << bit % 8);
      }
      int cut = random.nextInt(4) == 0 ? random.nextInt(length + 1) : length;
      MemorySegment segment = whole.asSlice(0, cut);
      run(seed, () -> ethernet(segment, 0, cut));
    }
    assertThat(taken).isGreaterThan(SEEDS / 4);
    assertThat(dropped)
        .containsKeys(
            DropReason.MALFORMED_ETHERNET,
            DropReason.MALFORMED_ARP,
            DropReason.MALFORMED_IPV4,
            DropReason.BAD_CHECKSUM_IPV4,
            DropReason.MALFORMED_IPV6,
            DropReason.BAD_CHECKSUM_ICMP,
            DropReason.BAD_CHECKSUM_UDP,
            DropReason.MALFORMED_TCP,
            DropReason.BAD_CHECKSUM_TCP);
  }

  @Test
  void unharmedPacketsAreTaken() {
    for (int seed = 0; seed < 3000; seed++) {
      MemorySegment segment = packet(new SplittableRandom(seed));
      run(seed, () -> ethernet(segment, 0, (int) segment.byteSize()));
    }
    assertThat(dropped).isEmpty();
    assertThat(taken).isEqualTo(3000);
  }

  private static void run(int seed, Runnable parse) {
    try {
      parse.run();
    } catch (RuntimeException e) {
      throw new AssertionError("seed " + seed, e);
    }
  }

  /** A frame with a sound packet of any kind in it, and right checksums. */
  private static MemorySegment packet(RandomGenerator random) {
    MemorySegment frame = Samples.zeros(14 + 60 + 60 + 40);
    Samples.ethernet(random).writeTo(frame, 0);
    int kind = random.nextInt(5);
    Fields.put16(
        frame, 12, kind == 0 ? EtherType.ARP : kind == 1 ? EtherType.IPV6 : EtherType.IPV4);
    if (kind == 0) {
      return frame.asSlice(0, 14 + Samples.arp(random).writeTo(frame, 14));
    }
    int protocol =
        switch (random.nextInt(3)) {
          case 0 -> IpProtocol.ICMPV4;
          case 1 -> IpProtocol.UDP;
          default -> IpProtocol.TCP;
        };
    MemorySegment transport = transport(random, protocol);
    int length = (int) transport.byteSize();
    int at = 14;
    long pseudo;
    if (kind == 1) {
      boolean hop = random.nextBoolean();
      Ipv6Header header =
          Samples.ipv6Header(
              random, length + (hop ? 8 : 0), hop ? IpProtocol.HOP_BY_HOP : protocol);
      at += header.writeTo(frame, at);
      if (hop) {
        Fields.put64(frame, at, (long) protocol << 56 | 0x0104_0000_0000L);
        at += 8;
      }
      pseudo = Ipv6Header.pseudoHeader(frame, 14, protocol, length);
    } else {
      at += Samples.ipv4Header(random, length, protocol).writeTo(frame, at);
      pseudo = Ipv4Header.pseudoHeader(frame, 14);
    }
    MemorySegment.copy(transport, 0, frame, at, length);
    switch (protocol) {
      case IpProtocol.UDP -> UdpHeader.seal(frame, at, pseudo);
      case IpProtocol.TCP -> TcpHeader.seal(frame, at, length, pseudo);
      default -> {}
    }
    return frame.asSlice(0, at + length);
  }

  private static MemorySegment transport(RandomGenerator random, int protocol) {
    MemorySegment segment = Samples.exactly(Samples.bytes(random, 100));
    int payload = random.nextInt(20);
    return switch (protocol) {
      case IpProtocol.UDP -> {
        Samples.udp(random, payload).writeTo(segment, 0);
        yield segment.asSlice(0, 8 + payload);
      }
      case IpProtocol.TCP -> segment.asSlice(0, Samples.tcp(random).writeTo(segment, 0) + payload);
      default -> segment.asSlice(0, Samples.icmp(random).writeTo(segment, 0));
    };
  }

  private boolean drop(DropReason reason) {
    if (reason != null) {
      dropped.merge(reason, 1, Integer::sum);
    }
    return reason != null;
  }

  private void ethernet(MemorySegment segment, long at, int length) {
    if (drop(EthernetFrame.check(segment, at, length))) {
      return;
    }
    sink += EthernetFrame.parse(segment, at, length).type();
    int type = EthernetFrame.type(segment, at);
    long next = at + EthernetFrame.HEADER_LENGTH;
    int rest = length - EthernetFrame.HEADER_LENGTH;
    switch (type) {
      case EtherType.ARP -> arp(segment, next, rest);
      case EtherType.IPV4 -> ipv4(segment, next, rest);
      case EtherType.IPV6 -> ipv6(segment, next, rest);
      default -> taken++;
    }
  }

  private void arp(MemorySegment segment, long at, int length) {
    if (!drop(ArpPacket.check(segment, at, length))) {
      sink += ArpPacket.parse(segment, at, length).operation();
      taken++;
    }
  }

  private void ipv4(MemorySegment segment, long at, int length) {
    if (drop(Ipv4Header.check(segment, at, length))) {
      return;
    }
    sink += Ipv4Header.parse(segment, at, length).protocol();
    sink += Ipv4Header.hasSourceRoute(segment, at) ? 1 : 0;
    if (Ipv4Header.isFragment(segment, at)) {
      taken++;
      return;
    }
    transport(
        Ipv4Header.protocol(segment, at),
        segment,
        at + Ipv4Header.headerLength(segment, at),
        Ipv4Header.payloadLength(segment, at),
        Ipv4Header.pseudoHeader(segment, at));
  }

  private void ipv6(MemorySegment segment, long at, int length) {
    if (drop(Ipv6Header.check(segment, at, length)) || drop(extensions.walk(segment, at))) {
      return;
    }
    sink += Ipv6Header.parse(segment, at, length).hopLimit();
    assertThat(extensions.nextHeaderField()).isLessThan(extensions.headerLength());
    int rest =
        Ipv6Header.LENGTH + Ipv6Header.payloadLength(segment, at) - extensions.headerLength();
    assertThat(rest).isNotNegative();
    if (extensions.isFragment()) {
      taken++;
      return;
    }
    int protocol = extensions.protocol();
    transport(
        protocol,
        segment,
        at + extensions.headerLength(),
        rest,
        Ipv6Header.pseudoHeader(segment, at, protocol, rest));
  }

  private void transport(int protocol, MemorySegment segment, long at, int length, long pseudo) {
    DropReason reason =
        switch (protocol) {
          case IpProtocol.ICMPV4 -> icmp(segment, at, length);
          case IpProtocol.UDP -> udp(segment, at, length, pseudo);
          case IpProtocol.TCP -> tcp(segment, at, length, pseudo);
          default -> null;
        };
    if (!drop(reason)) {
      taken++;
    }
  }

  private DropReason icmp(MemorySegment segment, long at, int length) {
    DropReason reason = Icmpv4.check(segment, at, length);
    if (reason != null) {
      return reason;
    }
    sink += Icmpv4.parse(segment, at, length).identifier();
    if (Icmpv4.checkQuotedPacket(segment, at, length) == null) {
      long quoted = Icmpv4.quotedPacket(at);
      long transport = quoted + Ipv4Header.headerLength(segment, quoted);
      sink += Ipv4Header.source(segment, quoted) + TcpHeader.ports(segment, transport);
      sink += TcpHeader.sequence(segment, transport);
    }
    return Icmpv4.verify(segment, at, length);
  }

  private DropReason udp(MemorySegment segment, long at, int length, long pseudo) {
    DropReason reason = UdpHeader.check(segment, at, length);
    if (reason != null) {
      return reason;
    }
    sink += UdpHeader.parse(segment, at, length).sourcePort();
    return UdpHeader.verify(segment, at, pseudo);
  }

  private DropReason tcp(MemorySegment segment, long at, int length, long pseudo) {
    DropReason reason = TcpHeader.check(segment, at, length);
    if (reason != null) {
      return reason;
    }
    options.parse(segment, at);
    sink += TcpHeader.parse(segment, at, length).toString().length();
    for (int i = 0; i < options.sackBlocks(); i++) {
      sink += options.sackLeft(i) + options.sackRight(i);
    }
    return TcpHeader.verify(segment, at, length, pseudo);
  }
}
