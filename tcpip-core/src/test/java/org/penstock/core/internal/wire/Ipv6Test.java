package org.penstock.core.internal.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.penstock.api.IpAddress;
import org.penstock.api.view.DropReason;

/** The fixed header and the walk over extension headers (RFC 8200 §3, §4). */
class Ipv6Test {
  private static final IpAddress A = IpAddress.parse("2001:db8::1");
  private static final IpAddress B = IpAddress.parse("2001:db8::2");

  private final Ipv6Extensions extensions = new Ipv6Extensions();

  private static MemorySegment packet(int nextHeader, String payload) {
    MemorySegment body = Samples.hex(payload);
    MemorySegment segment = Samples.zeros(40 + (int) body.byteSize());
    new Ipv6Header(0, 0, (int) body.byteSize(), nextHeader, 64, A, B).writeTo(segment, 0);
    MemorySegment.copy(body, 0, segment, 40, body.byteSize());
    return segment;
  }

  private DropReason walk(int nextHeader, String payload) {
    MemorySegment packet = packet(nextHeader, payload);
    assertThat(Ipv6Header.check(packet, 0, (int) packet.byteSize())).isNull();
    return extensions.walk(packet, 0);
  }

  @Test
  void goesRound() {
    for (int seed = 0; seed < 2000; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      int offset = random.nextInt(8);
      int payload = random.nextInt(100);
      Ipv6Header header = Samples.ipv6Header(random, payload, random.nextInt(256));
      MemorySegment segment = Samples.zeros(offset + 40 + payload);
      assertThat(header.writeTo(segment, offset)).isEqualTo(40);
      assertThat(Ipv6Header.parse(segment, offset, 40 + payload))
          .as("seed %d", seed)
          .isEqualTo(header);
      assertThat(Ipv6Header.ecn(segment, offset)).isEqualTo(header.trafficClass() & 3);
    }
  }

  @Test
  void dropsWrongLengthsAndVersions() {
    MemorySegment segment = packet(IpProtocol.UDP, "0001000200080000");
    assertThat(Ipv6Header.check(segment, 0, 48)).isNull();
    assertThat(Ipv6Header.check(segment, 0, 47)).isEqualTo(DropReason.MALFORMED_IPV6);
    assertThat(Ipv6Header.check(segment, 0, 39)).isEqualTo(DropReason.MALFORMED_IPV6);
    Fields.put8(segment, 0, 0x40);
    assertThat(Ipv6Header.check(segment, 0, 48)).isEqualTo(DropReason.MALFORMED_IPV6);
  }

  @Test
  void dropsIpv4MappedAddresses() {
    MemorySegment source = packet(IpProtocol.NO_NEXT_HEADER, "");
    Fields.put64(source, 8, 0);
    Fields.put64(source, 16, 0xffff_c000_0201L);
    assertThat(Ipv6Header.check(source, 0, 40)).isEqualTo(DropReason.BAD_SOURCE_ADDRESS);

    MemorySegment destination = packet(IpProtocol.NO_NEXT_HEADER, "");
    Fields.put64(destination, 24, 0);
    Fields.put64(destination, 32, 0xffff_c000_0201L);
    assertThat(Ipv6Header.check(destination, 0, 40)).isEqualTo(DropReason.NOT_OUR_ADDRESS);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Ipv6Header(0, 0, 0, 6, 64, A, IpAddress.parse("192.0.2.1")))
        .withMessageContaining("192.0.2.1");
  }

  @Test
  void findsThePayloadWithoutExtensions() {
    assertThat(walk(IpProtocol.TCP, "00".repeat(20))).isNull();
    assertThat(extensions.protocol()).isEqualTo(IpProtocol.TCP);
    assertThat(extensions.headerLength()).isEqualTo(40);
    assertThat(extensions.nextHeaderField()).isEqualTo(6);
    assertThat(extensions.isFragment()).isFalse();
    assertThat(extensions.hasRouting()).isFalse();
  }

  @Test
  void walksOverAllKinds() {
    String chain =
        "2b00 050200000000" // hop-by-hop, then routing
            + "3c02 0403 00000000 0000000000000000 0000000000000000" // 3 left, then destination
            + "3300 010400000000" // then authentication
            + "1104 0000 00000001 00000002 000000000000000000000000" // 24 bytes, then UDP
            + "0001000200080000";
    assertThat(walk(IpProtocol.HOP_BY_HOP, chain)).isNull();
    assertThat(extensions.protocol()).isEqualTo(IpProtocol.UDP);
    assertThat(extensions.headerLength()).isEqualTo(40 + 8 + 24 + 8 + 24);
    assertThat(extensions.nextHeaderField()).isEqualTo(40 + 8 + 24 + 8);
    assertThat(extensions.hasRouting()).isTrue();
    assertThat(extensions.segmentsLeft()).isEqualTo(3);
    // What the walk before found is forgotten.
    assertThat(walk(IpProtocol.TCP, "00".repeat(20))).isNull();
    assertThat(extensions.hasRouting()).isFalse();
    assertThat(extensions.segmentsLeft()).isZero();
  }

  @Test
  void readsFragments() {
    assertThat(walk(IpProtocol.FRAGMENT, "1100 0001 12345678 0001000200080000")).isNull();
    assertThat(extensions.isFragment()).isTrue();
    assertThat(extensions.moreFragments()).isTrue();
    assertThat(extensions.fragmentOffset()).isZero();
    assertThat(extensions.identification()).isEqualTo(0x12345678);
    assertThat(extensions.protocol()).isEqualTo(IpProtocol.UDP);
    assertThat(extensions.headerLength()).isEqualTo(48);

    // What looks like destination options in a later fragment is payload.
    assertThat(walk(IpProtocol.FRAGMENT, "3c00 0008 12345678 ff")).isNull();
    assertThat(extensions.fragmentOffset()).isEqualTo(8);
    assertThat(extensions.moreFragments()).isFalse();
    assertThat(extensions.protocol()).isEqualTo(IpProtocol.DESTINATION_OPTIONS);
    assertThat(extensions.headerLength()).isEqualTo(48);

    // RFC 6946: an atomic fragment is a whole packet.
    assertThat(walk(IpProtocol.FRAGMENT, "3b00 0000 12345678")).isNull();
    assertThat(extensions.isFragment()).isTrue();
    assertThat(extensions.protocol()).isEqualTo(IpProtocol.NO_NEXT_HEADER);
  }

  @Test
  void dropsFragmentsThatCannotBePutTogether() {
    assertThat(walk(IpProtocol.FRAGMENT, "1100 0001 00000000 00010002000800"))
        .as("not a multiple of 8")
        .isEqualTo(DropReason.MALFORMED_IPV6);
    assertThat(walk(IpProtocol.FRAGMENT, "1100 0008 00000000"))
        .as("empty")
        .isEqualTo(DropReason.MALFORMED_IPV6);
    assertThat(walk(IpProtocol.FRAGMENT, "1100 fff8 00000000 0000000000000000"))
        .as("beyond 65,535")
        .isEqualTo(DropReason.MALFORMED_IPV6);
    assertThat(walk(IpProtocol.FRAGMENT, "2c00 0000 00000000 1100 0000 00000000"))
        .as("two fragment headers")
        .isEqualTo(DropReason.MALFORMED_IPV6);
    assertThat(walk(IpProtocol.FRAGMENT, "3c00 0001 00000000 1105 0000 00000000"))
        .as("RFC 7112: the chain continues in the next fragment")
        .isEqualTo(DropReason.MALFORMED_IPV6);
  }

  @Test
  void dropsChainsThatLeadNowhere() {
    assertThat(walk(IpProtocol.DESTINATION_OPTIONS, "11"))
        .as("cut short")
        .isEqualTo(DropReason.MALFORMED_IPV6);
    assertThat(walk(IpProtocol.DESTINATION_OPTIONS, "11ff000000000000"))
        .as("longer than the packet")
        .isEqualTo(DropReason.MALFORMED_IPV6);
    assertThat(walk(IpProtocol.DESTINATION_OPTIONS, "0000000000000000 1100000000000000"))
        .as("hop-by-hop not first")
        .isEqualTo(DropReason.MALFORMED_IPV6);
  }

  @Test
  void dropsTooManyHeaders() {
    String last = "1100000000000000 0001000200080000";
    String most = "3c00000000000000".repeat(Ipv6Extensions.MAX_HEADERS - 1);
    assertThat(walk(IpProtocol.DESTINATION_OPTIONS, most + last)).isNull();
    assertThat(extensions.protocol()).isEqualTo(IpProtocol.UDP);
    assertThat(walk(IpProtocol.DESTINATION_OPTIONS, "3c00000000000000" + most + last))
        .isEqualTo(DropReason.MALFORMED_IPV6);
  }

  @Test
  void stopsWhereNothingMoreCanBeRead() {
    assertThat(walk(IpProtocol.ENCAPSULATING_SECURITY_PAYLOAD, "ff")).isNull();
    assertThat(extensions.protocol()).isEqualTo(IpProtocol.ENCAPSULATING_SECURITY_PAYLOAD);
    assertThat(walk(IpProtocol.NO_NEXT_HEADER, "")).isNull();
    assertThat(extensions.protocol()).isEqualTo(IpProtocol.NO_NEXT_HEADER);
  }

  @Test
  void verifiesUdpOverIpv6() {
    MemorySegment segment = packet(IpProtocol.UDP, "30390035 000a0000 6869");
    long pseudo = Ipv6Header.pseudoHeader(segment, 0, IpProtocol.UDP, 10);
    UdpHeader.seal(segment, 40, pseudo);
    assertThat(UdpHeader.verify(segment, 40, pseudo)).isNull();
    Fields.put8(segment, 49, 'j');
    assertThat(UdpHeader.verify(segment, 40, pseudo)).isEqualTo(DropReason.BAD_CHECKSUM_UDP);
  }
}
