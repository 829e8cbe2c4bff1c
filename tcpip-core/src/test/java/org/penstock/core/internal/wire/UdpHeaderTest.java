package org.penstock.core.internal.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.penstock.api.view.DropReason;

class UdpHeaderTest {
  @Test
  void goesRound() {
    for (int seed = 0; seed < 2000; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      int offset = random.nextInt(8);
      int payload = random.nextInt(100);
      UdpHeader header = Samples.udp(random, payload);
      MemorySegment segment = Samples.zeros(offset + 8 + payload);
      assertThat(header.writeTo(segment, offset)).isEqualTo(8);
      assertThat(UdpHeader.parse(segment, offset, 8 + payload))
          .as("seed %d", seed)
          .isEqualTo(header);
      assertThat(UdpHeader.ports(segment, offset))
          .isEqualTo(header.sourcePort() << 16 | header.destinationPort());
    }
  }

  @Test
  void sealsAndVerifies() {
    for (int seed = 0; seed < 500; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      int length = 8 + random.nextInt(50);
      MemorySegment segment = Samples.exactly(Samples.bytes(random, length));
      UdpHeader.write(segment, 0, 53, 12345, length);
      long pseudo =
          Checksum.pseudoHeader(random.nextInt(), random.nextInt(), IpProtocol.UDP, length);
      UdpHeader.seal(segment, 0, pseudo);
      assertThat(UdpHeader.hasChecksum(segment, 0)).isTrue();
      assertThat(UdpHeader.verify(segment, 0, pseudo)).as("seed %d", seed).isNull();
      int at = random.nextInt(length);
      if (at < 4 || at > 5) {
        Fields.put8(segment, at, Fields.get8(segment, at) ^ 1 << random.nextInt(8));
        boolean erased = !UdpHeader.hasChecksum(segment, 0);
        assertThat(UdpHeader.verify(segment, 0, pseudo))
            .as("seed %d", seed)
            .isEqualTo(erased ? null : DropReason.BAD_CHECKSUM_UDP);
      }
    }
  }

  @Test
  void takesADatagramWithoutChecksum() {
    MemorySegment segment = Samples.hex("0035 3039 000a 0000 6869");
    assertThat(UdpHeader.hasChecksum(segment, 0)).isFalse();
    assertThat(UdpHeader.verify(segment, 0, 12345)).isNull();
  }

  @Test
  void sendsAZeroChecksumAsAllOnes() {
    assertThat(UdpHeader.checksumField(0xffff)).isEqualTo(0xffff);
    assertThat(UdpHeader.checksumField(0x1234)).isEqualTo(0xedcb);
    // The sum of this datagram without its checksum is ffff.
    MemorySegment segment = Samples.hex("0001 0002 0008 0000");
    UdpHeader.seal(segment, 0, 0xffff - 0x000b);
    assertThat(Fields.get16(segment, 6)).isEqualTo(0xffff);
    assertThat(UdpHeader.verify(segment, 0, 0xffff - 0x000b)).isNull();
  }

  @Test
  void sumsNoFurtherThanTheDatagram() {
    MemorySegment segment = Samples.hex("0035 3039 000a 0000 6869 ffff");
    assertThat(UdpHeader.check(segment, 0, 12)).isNull();
    UdpHeader.seal(segment, 0, 77);
    Fields.put16(segment, 10, 0x1234);
    assertThat(UdpHeader.verify(segment, 0, 77)).isNull();
  }

  @Test
  void dropsWrongLengths() {
    assertThat(UdpHeader.check(Samples.zeros(7), 0, 7)).isEqualTo(DropReason.MALFORMED_UDP);
    assertThat(UdpHeader.check(Samples.hex("0035303900070000"), 0, 8))
        .isEqualTo(DropReason.MALFORMED_UDP);
    assertThat(UdpHeader.check(Samples.hex("0035303900000000"), 0, 8))
        .isEqualTo(DropReason.MALFORMED_UDP);
    assertThat(UdpHeader.check(Samples.hex("0035303900090000"), 0, 8))
        .isEqualTo(DropReason.MALFORMED_UDP);
    assertThat(UdpHeader.check(Samples.hex("0035303900080000"), 0, 8)).isNull();
  }
}
