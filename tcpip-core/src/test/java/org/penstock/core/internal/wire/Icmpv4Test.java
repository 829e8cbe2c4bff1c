package org.penstock.core.internal.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.penstock.api.view.DropReason;

class Icmpv4Test {
  private static final String QUOTED =
      "45000028 12340000 40060000 c0000202 c0000201" + "c0000050 01020304";

  private static MemorySegment error(String quoted) {
    Icmpv4 message =
        new Icmpv4(
            Icmpv4.DESTINATION_UNREACHABLE,
            Icmpv4.FRAGMENTATION_NEEDED,
            1280,
            Octets.ofHex(quoted.replace(" ", "")));
    MemorySegment segment = Samples.zeros(8 + message.body().length());
    message.writeTo(segment, 0);
    return segment;
  }

  private static DropReason checkQuoted(String quoted) {
    MemorySegment segment = error(quoted);
    return Icmpv4.checkQuotedPacket(segment, 0, (int) segment.byteSize());
  }

  @Test
  void writesAnEcho() {
    // 0800 + 1234 + 0001 + 6869 = 829e, inverted 7d61.
    MemorySegment expected = Samples.hex("0800 7d61 1234 0001 6869");
    MemorySegment segment = Samples.zeros(10);
    Icmpv4.write(segment, 0, Icmpv4.ECHO_REQUEST, 0, Icmpv4.echoHeader(0x1234, 1));
    Fields.put16(segment, 8, 0x6869);
    Icmpv4.seal(segment, 0, 10);
    assertThat(segment.mismatch(expected)).isEqualTo(-1);
    assertThat(Icmpv4.verify(segment, 0, 10)).isNull();
    assertThat(Icmpv4.identifier(segment, 0)).isEqualTo(0x1234);
    assertThat(Icmpv4.sequence(segment, 0)).isEqualTo(1);
  }

  @Test
  void goesRound() {
    for (int seed = 0; seed < 2000; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      int offset = random.nextInt(8);
      Icmpv4 message = Samples.icmp(random);
      int length = 8 + message.body().length();
      MemorySegment segment = Samples.zeros(offset + length);
      assertThat(message.writeTo(segment, offset)).isEqualTo(length);
      assertThat(Icmpv4.verify(segment, offset, length)).as("seed %d", seed).isNull();
      assertThat(Icmpv4.parse(segment, offset, length)).as("seed %d", seed).isEqualTo(message);
      assertThat(Icmpv4.identifier(segment, offset)).isEqualTo(message.identifier());
      assertThat(Icmpv4.sequence(segment, offset)).isEqualTo(message.sequence());
    }
  }

  @Test
  void dropsShortAndDamagedMessages() {
    MemorySegment segment = error(QUOTED);
    assertThat(Icmpv4.check(segment, 0, 7)).isEqualTo(DropReason.MALFORMED_ICMP);
    assertThat(Icmpv4.check(segment, 0, 8)).isNull();
    Fields.put8(segment, 20, 1);
    assertThat(Icmpv4.verify(segment, 0, (int) segment.byteSize()))
        .isEqualTo(DropReason.BAD_CHECKSUM_ICMP);
  }

  @Test
  void readsAQuotedPacket() {
    MemorySegment segment = error(QUOTED);
    assertThat(Icmpv4.checkQuotedPacket(segment, 0, 36)).isNull();
    assertThat(Icmpv4.nextHopMtu(segment, 0)).isEqualTo(1280);
    long quoted = Icmpv4.quotedPacket(0);
    assertThat(Ipv4Header.source(segment, quoted)).isEqualTo(0xc0000202);
    assertThat(Ipv4Header.destination(segment, quoted)).isEqualTo(0xc0000201);
    assertThat(Ipv4Header.protocol(segment, quoted)).isEqualTo(IpProtocol.TCP);
    long transport = quoted + Ipv4Header.headerLength(segment, quoted);
    assertThat(TcpHeader.ports(segment, transport)).isEqualTo(0xc0000050);
    assertThat(TcpHeader.sequence(segment, transport)).isEqualTo(0x01020304);
  }

  @Test
  void dropsQuotationsThatTellNothing() {
    assertThat(checkQuoted("")).isEqualTo(DropReason.MALFORMED_ICMP);
    assertThat(checkQuoted(QUOTED.substring(0, QUOTED.length() - 2)))
        .as("7 bytes of payload")
        .isEqualTo(DropReason.MALFORMED_ICMP);
    assertThat(checkQuoted(QUOTED.replaceFirst("45", "65")))
        .as("version 6")
        .isEqualTo(DropReason.MALFORMED_ICMP);
    assertThat(checkQuoted(QUOTED.replaceFirst("45", "44")))
        .as("header too short")
        .isEqualTo(DropReason.MALFORMED_ICMP);
    assertThat(checkQuoted(QUOTED.replaceFirst("45", "46")))
        .as("header leaves 4 bytes of payload")
        .isEqualTo(DropReason.MALFORMED_ICMP);
    assertThat(checkQuoted(QUOTED.replaceFirst("12340000", "12340001")))
        .as("not the first fragment")
        .isEqualTo(DropReason.ICMP_IGNORED);
  }

  @Test
  void knowsErrorsFromQueries() {
    assertThat(Icmpv4.isError(Icmpv4.DESTINATION_UNREACHABLE)).isTrue();
    assertThat(Icmpv4.isError(Icmpv4.TIME_EXCEEDED)).isTrue();
    assertThat(Icmpv4.isError(Icmpv4.PARAMETER_PROBLEM)).isTrue();
    assertThat(Icmpv4.isError(Icmpv4.REDIRECT)).isTrue();
    assertThat(Icmpv4.isError(Icmpv4.ECHO_REQUEST)).isFalse();
    assertThat(Icmpv4.isError(Icmpv4.ECHO_REPLY)).isFalse();
    assertThat(Icmpv4.isError(Icmpv4.TIMESTAMP_REQUEST)).isFalse();
  }

  @Test
  void pointsAtTheProblem() {
    MemorySegment segment = Samples.zeros(8);
    Icmpv4.write(segment, 0, Icmpv4.PARAMETER_PROBLEM, 0, 20 << 24);
    assertThat(Icmpv4.pointer(segment, 0)).isEqualTo(20);
    assertThat(Icmpv4.restOfHeader(segment, 0)).isEqualTo(20 << 24);
  }
}
