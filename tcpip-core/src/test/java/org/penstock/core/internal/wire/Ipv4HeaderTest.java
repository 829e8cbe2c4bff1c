package org.penstock.core.internal.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.penstock.api.IpAddress;
import org.penstock.api.view.DropReason;

class Ipv4HeaderTest {
  /** A header often used as an example; its checksum is b861. */
  private static final String EXAMPLE = "45000073 00004000 4011b861 c0a80001 c0a800c7";

  private static final IpAddress ADDRESS = IpAddress.parse("192.0.2.1");

  /** The example with options, if any, behind it, its length and checksum set right. */
  private static MemorySegment packet(String options, int totalLength) {
    MemorySegment header = Samples.hex(EXAMPLE + options);
    MemorySegment segment = Samples.zeros(totalLength);
    MemorySegment.copy(header, 0, segment, 0, header.byteSize());
    Fields.put8(segment, 0, 0x40 | (int) header.byteSize() / 4);
    Fields.put16(segment, 2, totalLength);
    seal(segment);
    return segment;
  }

  private static void seal(MemorySegment segment) {
    Fields.put16(segment, 10, 0);
    int length = Ipv4Header.headerLength(segment, 0);
    Fields.put16(segment, 10, Checksum.complement(Checksum.sum(segment, 0, length)));
  }

  private static MemorySegment fragment(int flagsAndOffset, int payload) {
    MemorySegment segment = packet("", 20 + payload);
    Fields.put16(segment, 6, flagsAndOffset);
    seal(segment);
    return segment;
  }

  private static DropReason check(MemorySegment segment) {
    return Ipv4Header.check(segment, 0, (int) segment.byteSize());
  }

  @Test
  void readsTheExample() {
    MemorySegment segment = Samples.zeros(115);
    segment.asSlice(0, 20).copyFrom(Samples.hex(EXAMPLE));
    assertThat(Ipv4Header.check(segment, 0, 115)).isNull();
    assertThat(Ipv4Header.headerLength(segment, 0)).isEqualTo(20);
    assertThat(Ipv4Header.totalLength(segment, 0)).isEqualTo(115);
    assertThat(Ipv4Header.payloadLength(segment, 0)).isEqualTo(95);
    assertThat(Ipv4Header.dontFragment(segment, 0)).isTrue();
    assertThat(Ipv4Header.isFragment(segment, 0)).isFalse();
    assertThat(Ipv4Header.timeToLive(segment, 0)).isEqualTo(64);
    assertThat(Ipv4Header.protocol(segment, 0)).isEqualTo(IpProtocol.UDP);
    assertThat(Ipv4Header.source(segment, 0)).isEqualTo(0xc0a80001);
    assertThat(Ipv4Header.destination(segment, 0)).isEqualTo(0xc0a800c7);
    assertThat(Ipv4Header.pseudoHeader(segment, 0))
        .isEqualTo(Checksum.pseudoHeader(0xc0a80001, 0xc0a800c7, IpProtocol.UDP, 95));
  }

  @Test
  void writesTheExampleWithItsChecksum() {
    MemorySegment segment = Samples.zeros(20);
    int flags = Ipv4Header.DONT_FRAGMENT;
    Ipv4Header.write(segment, 0, 0, 115, 0, flags, 64, IpProtocol.UDP, 0xc0a80001, 0xc0a800c7);
    assertThat(segment.mismatch(Samples.hex(EXAMPLE))).isEqualTo(-1);
  }

  @Test
  void goesRound() {
    for (int seed = 0; seed < 3000; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      int offset = random.nextInt(8);
      int payload = random.nextInt(200);
      Ipv4Header header = Samples.ipv4Header(random, payload, random.nextInt(256));
      MemorySegment segment = Samples.zeros(offset + header.totalLength());
      assertThat(header.writeTo(segment, offset)).isEqualTo(header.headerLength());
      assertThat(Ipv4Header.parse(segment, offset, header.totalLength()))
          .as("seed %d", seed)
          .isEqualTo(header);
    }
  }

  @Test
  void takesPaddingBehindThePacket() {
    MemorySegment segment = Samples.zeros(46);
    segment.asSlice(0, 28).copyFrom(packet("", 28));
    assertThat(Ipv4Header.check(segment, 0, 46)).isNull();
    assertThat(Ipv4Header.payloadLength(segment, 0)).isEqualTo(8);
  }

  @Test
  void dropsWrongLengths() {
    MemorySegment good = packet("", 40);
    assertThat(check(good)).isNull();
    assertThat(Ipv4Header.check(good, 0, 39)).isEqualTo(DropReason.MALFORMED_IPV4);
    assertThat(Ipv4Header.check(good, 0, 19)).isEqualTo(DropReason.MALFORMED_IPV4);
    assertThat(Ipv4Header.check(good, 0, 0)).isEqualTo(DropReason.MALFORMED_IPV4);

    MemorySegment shortHeader = packet("", 40);
    Fields.put8(shortHeader, 0, 0x44);
    assertThat(check(shortHeader)).isEqualTo(DropReason.MALFORMED_IPV4);

    MemorySegment longHeader = packet("", 40);
    Fields.put8(longHeader, 0, 0x4f);
    assertThat(check(longHeader)).isEqualTo(DropReason.MALFORMED_IPV4);

    MemorySegment tooShort = packet("", 40);
    Fields.put16(tooShort, 2, 19);
    assertThat(check(tooShort)).isEqualTo(DropReason.MALFORMED_IPV4);
  }

  @Test
  void dropsAnotherVersion() {
    MemorySegment segment = packet("", 40);
    Fields.put8(segment, 0, 0x65);
    assertThat(check(segment)).isEqualTo(DropReason.MALFORMED_IPV4);
  }

  @Test
  void dropsABadChecksum() {
    MemorySegment segment = packet("", 40);
    Fields.put8(segment, 8, 63);
    assertThat(check(segment)).isEqualTo(DropReason.BAD_CHECKSUM_IPV4);
  }

  @Test
  void readsFragments() {
    MemorySegment segment = fragment(Ipv4Header.MORE_FRAGMENTS | 5, 16);
    assertThat(check(segment)).isNull();
    assertThat(Ipv4Header.isFragment(segment, 0)).isTrue();
    assertThat(Ipv4Header.moreFragments(segment, 0)).isTrue();
    assertThat(Ipv4Header.fragmentOffset(segment, 0)).isEqualTo(40);
    assertThat(check(fragment(5, 15))).as("the last fragment has any length").isNull();
    assertThat(Ipv4Header.isFragment(fragment(Ipv4Header.MORE_FRAGMENTS, 8), 0)).isTrue();
    assertThat(Ipv4Header.isFragment(fragment(1, 8), 0)).isTrue();
  }

  @Test
  void dropsFragmentsThatCannotBePutTogether() {
    assertThat(check(fragment(Ipv4Header.MORE_FRAGMENTS | 5, 15)))
        .as("not a multiple of 8")
        .isEqualTo(DropReason.MALFORMED_IPV4);
    assertThat(check(fragment(Ipv4Header.MORE_FRAGMENTS, 0)))
        .as("empty")
        .isEqualTo(DropReason.MALFORMED_IPV4);
    assertThat(check(fragment(8188, 16)))
        .as("65,540 bytes when put together")
        .isEqualTo(DropReason.MALFORMED_IPV4);
    assertThat(check(fragment(8187, 16))).as("65,532 bytes when put together").isNull();
  }

  @Test
  void skipsOptionsSafely() {
    // No operation, record route of 7 bytes, end, and rubbish behind the end.
    MemorySegment sound = packet("01070704 00000000 00ffffff", 40);
    assertThat(check(sound)).isNull();
    assertThat(Ipv4Header.headerLength(sound, 0)).isEqualTo(32);
    assertThat(Ipv4Header.payloadLength(sound, 0)).isEqualTo(8);
    assertThat(Ipv4Header.hasSourceRoute(sound, 0)).isFalse();

    for (String bad : new String[] {"07000000", "07010000", "01010107", "07050000", "01010209"}) {
      MemorySegment segment = packet(bad, 40);
      assertThat(check(segment)).as(bad).isEqualTo(DropReason.MALFORMED_IPV4);
      assertThat(Ipv4Header.hasSourceRoute(segment, 0)).isFalse();
    }
  }

  @Test
  void findsSourceRoutes() {
    for (String route : new String[] {"01830704 c0000201", "89070400 00000001"}) {
      MemorySegment segment = packet(route, 40);
      assertThat(check(segment)).isNull();
      assertThat(Ipv4Header.hasSourceRoute(segment, 0)).as(route).isTrue();
    }
    assertThat(Ipv4Header.hasSourceRoute(packet("", 40), 0)).isFalse();
  }

  @Test
  void separatesDscpAndEcn() {
    MemorySegment segment = packet("", 40);
    Fields.put8(segment, 1, 0xb8 | 3);
    assertThat(Ipv4Header.trafficClass(segment, 0)).isEqualTo(0xbb);
    assertThat(Ipv4Header.ecn(segment, 0)).isEqualTo(3);
  }

  private static Ipv4Header header(int fragmentOffset, IpAddress destination, Octets options) {
    return new Ipv4Header(
        0, 20, 0, false, false, fragmentOffset, 64, 6, ADDRESS, destination, options);
  }

  @Test
  void namesWhatItRefuses() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> header(4, ADDRESS, Octets.EMPTY))
        .withMessage("IPv4 fragment offset 4 is not a multiple of 8");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> header(0, ADDRESS, Octets.of(new byte[44])))
        .withMessageContaining("44 bytes");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> header(0, IpAddress.parse("2001:db8::1"), Octets.EMPTY))
        .withMessageContaining("2001:db8::1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Ipv4Header.parse(Samples.hex("45"), 0, 1))
        .withMessage("MALFORMED_IPV4 in 1 bytes: 45");
  }
}
