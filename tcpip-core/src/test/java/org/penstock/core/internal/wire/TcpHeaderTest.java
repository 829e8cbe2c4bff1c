package org.penstock.core.internal.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.penstock.api.view.DropReason;

class TcpHeaderTest {
  /** A SYN as Linux sends it. */
  private static final String SYN =
      "c350 0050 12345678 00000000 a0 02 faf0 0000 0000"
          + "020405b4 0402 080a 00112233 00000000 01 030307";

  @Test
  void readsASyn() {
    MemorySegment segment = Samples.hex(SYN);
    assertThat(TcpHeader.check(segment, 0, 40)).isNull();
    assertThat(TcpHeader.ports(segment, 0)).isEqualTo(0xc3500050);
    assertThat(TcpHeader.headerLength(segment, 0)).isEqualTo(40);
    assertThat(TcpHeader.parse(segment, 0, 40))
        .isEqualTo(
            new TcpHeader(
                50_000,
                80,
                0x12345678,
                0,
                TcpFlags.SYN,
                64_240,
                0,
                List.of(
                    new TcpOption.MaximumSegmentSize(1460),
                    new TcpOption.SackPermitted(),
                    new TcpOption.Timestamps(0x00112233, 0),
                    new TcpOption.WindowScale(7))));
  }

  @Test
  void writesLikeTcpdump() {
    TcpHeader header =
        new TcpHeader(
            80,
            50_000,
            -1,
            5,
            TcpFlags.SYN | TcpFlags.ACK | TcpFlags.URG,
            1000,
            7,
            List.of(new TcpOption.MaximumSegmentSize(536)));
    assertThat(header)
        .hasToString(
            "80 > 50000 [SU.] seq 4294967295 ack 5 win 1000 urg 7"
                + " [MaximumSegmentSize[bytes=536]]");
    assertThat(header.has(TcpFlags.SYN | TcpFlags.ACK)).isTrue();
    assertThat(header.has(TcpFlags.SYN | TcpFlags.FIN)).isFalse();
    assertThat(TcpFlags.toString(0)).isEqualTo("none");
    assertThat(TcpFlags.toString(TcpFlags.FIN | TcpFlags.PSH | TcpFlags.ACK)).isEqualTo("FP.");
    assertThat(TcpFlags.toString(0xff)).isEqualTo("FSRPUEW.");
  }

  @Test
  void countsSequenceSpace() {
    assertThat(TcpFlags.sequenceLength(TcpFlags.ACK | TcpFlags.RST)).isZero();
    assertThat(TcpFlags.sequenceLength(TcpFlags.SYN | TcpFlags.ACK)).isEqualTo(1);
    assertThat(TcpFlags.sequenceLength(TcpFlags.FIN)).isEqualTo(1);
    assertThat(TcpFlags.sequenceLength(TcpFlags.SYN | TcpFlags.FIN)).isEqualTo(2);
  }

  @Test
  void goesRound() {
    for (int seed = 0; seed < 5000; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      int offset = random.nextInt(8);
      TcpHeader header = Samples.tcp(random);
      MemorySegment segment = Samples.zeros(offset + header.headerLength());
      assertThat(header.writeTo(segment, offset)).isEqualTo(header.headerLength());
      assertThat(TcpHeader.parse(segment, offset, header.headerLength()))
          .as("seed %d", seed)
          .isEqualTo(header);
    }
  }

  @Test
  void sealsAndVerifies() {
    for (int seed = 0; seed < 500; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      TcpHeader header = Samples.tcp(random);
      int length = header.headerLength() + random.nextInt(50);
      MemorySegment segment = Samples.exactly(Samples.bytes(random, length));
      header.writeTo(segment, 0);
      long pseudo =
          Checksum.pseudoHeader(random.nextInt(), random.nextInt(), IpProtocol.TCP, length);
      TcpHeader.seal(segment, 0, length, pseudo);
      assertThat(TcpHeader.verify(segment, 0, length, pseudo)).as("seed %d", seed).isNull();
      // What a device would do that was given the sum of the pseudo-header alone.
      int sealed = TcpHeader.checksum(segment, 0);
      TcpHeader.setChecksum(segment, 0, Checksum.fold(pseudo));
      assertThat(Checksum.complement(Checksum.sum(segment, 0, length))).isEqualTo(sealed);
      TcpHeader.setChecksum(segment, 0, sealed);
      int at = random.nextInt(length);
      Fields.put8(segment, at, Fields.get8(segment, at) ^ 1 << random.nextInt(8));
      assertThat(TcpHeader.verify(segment, 0, length, pseudo))
          .as("seed %d", seed)
          .isEqualTo(DropReason.BAD_CHECKSUM_TCP);
    }
  }

  @Test
  void dropsWrongDataOffsets() {
    MemorySegment segment = Samples.hex(SYN);
    assertThat(TcpHeader.check(segment, 0, 39)).isEqualTo(DropReason.MALFORMED_TCP);
    assertThat(TcpHeader.check(segment, 0, 19)).isEqualTo(DropReason.MALFORMED_TCP);
    assertThat(TcpHeader.check(segment, 0, 0)).isEqualTo(DropReason.MALFORMED_TCP);
    Fields.put8(segment, 12, 0x40);
    assertThat(TcpHeader.check(segment, 0, 40)).isEqualTo(DropReason.MALFORMED_TCP);
    Fields.put8(segment, 12, 0xb0);
    assertThat(TcpHeader.check(segment, 0, 40)).isEqualTo(DropReason.MALFORMED_TCP);
    Fields.put8(segment, 12, 0x50);
    assertThat(TcpHeader.check(segment, 0, 40)).isNull();
  }

  @Test
  void ignoresReservedBits() {
    MemorySegment segment = Samples.hex(SYN);
    TcpHeader clean = TcpHeader.parse(segment, 0, 40);
    Fields.put8(segment, 12, 0xaf);
    assertThat(TcpHeader.parse(segment, 0, 40)).isEqualTo(clean);
  }

  @Test
  void namesWhatItRefuses() {
    TcpOption four =
        new TcpOption.Sack(
            List.of(
                new TcpOption.SackBlock(1, 2),
                new TcpOption.SackBlock(3, 4),
                new TcpOption.SackBlock(5, 6),
                new TcpOption.SackBlock(7, 8)));
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> new TcpHeader(1, 2, 3, 4, 0, 6, 7, List.of(four, new TcpOption.Timestamps(1, 2))))
        .withMessageContaining("44 bytes");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new TcpHeader(1, 65_536, 3, 4, 0, 6, 7, List.of()))
        .withMessage("TCP destination port 65536 is not in 0..65535");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new TcpOption.Sack(List.of()))
        .withMessage("SACK of 0 blocks: 1 to 4 are allowed");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new TcpOption.Unknown(1, Octets.EMPTY))
        .withMessageContaining("padding");
  }
}
