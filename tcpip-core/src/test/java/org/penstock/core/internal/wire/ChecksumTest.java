package org.penstock.core.internal.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class ChecksumTest {
  /** Byte pair by byte pair, as RFC 1071 §1 says it. */
  private static int reference(MemorySegment segment, long offset, int length) {
    int sum = 0;
    for (int i = 0; i < length; i += 2) {
      int high = segment.get(ValueLayout.JAVA_BYTE, offset + i) & 0xff;
      int low = i + 1 < length ? segment.get(ValueLayout.JAVA_BYTE, offset + i + 1) & 0xff : 0;
      sum += high << 8 | low;
      if (sum > 0xffff) {
        sum = (sum & 0xffff) + 1;
      }
    }
    return sum;
  }

  @Test
  void agreesWithTheExampleOfRfc1071() {
    assertThat(Checksum.sum(Samples.hex("0001f203f4f5f6f7"), 0, 8)).isEqualTo(0xddf2);
    assertThat(Checksum.complement(0xddf2)).isEqualTo(0x220d);
  }

  @Test
  void agreesWithTheReferenceForEveryLengthAndOffset() {
    byte[] bytes = Samples.bytes(new SplittableRandom(1), 2100);
    MemorySegment offHeap = Samples.exactly(bytes);
    MemorySegment onHeap = MemorySegment.ofArray(bytes);
    for (int length = 0; length <= 2000; length++) {
      for (int offset = 0; offset < 9; offset++) {
        int expected = reference(onHeap, offset, length);
        assertThat(Checksum.sum(offHeap, offset, length)).isEqualTo(expected);
        assertThat(Checksum.sum(onHeap, offset, length)).isEqualTo(expected);
      }
    }
  }

  @Test
  void agreesWithTheReferenceWhereCarriesPileUp() {
    byte[] bytes = new byte[65_536];
    Arrays.fill(bytes, (byte) 0xff);
    MemorySegment segment = Samples.exactly(bytes);
    for (int length : new int[] {1, 2, 3, 1460, 65_535, 65_536}) {
      assertThat(Checksum.sum(segment, 0, length)).isEqualTo(reference(segment, 0, length));
    }
    assertThat(Checksum.sum(Samples.zeros(100), 0, 100)).isZero();
  }

  @Test
  void readsNothingBeyondTheSegment() {
    MemorySegment segment = Samples.zeros(10);
    assertThatExceptionOfType(IndexOutOfBoundsException.class)
        .isThrownBy(() -> Checksum.sum(segment, 3, 8));
  }

  @Test
  void combinesTheSumsOfAnyGatherList() {
    for (int seed = 0; seed < 2000; seed++) {
      RandomGenerator random = new SplittableRandom(seed);
      int length = random.nextInt(2001);
      MemorySegment segment = Samples.exactly(Samples.bytes(random, length));
      long sum = 0;
      int at = 0;
      while (at < length) {
        int piece = Math.min(length - at, random.nextInt(1, 1 + random.nextInt(1, 600)));
        sum = Checksum.combine(sum, at, Checksum.sum(segment, at, piece));
        at += piece;
      }
      assertThat(Checksum.fold(sum)).as("seed %d", seed).isEqualTo(reference(segment, 0, length));
    }
  }

  @Test
  void foldsWithoutLosingAnything() {
    assertThat(Checksum.fold(0)).isZero();
    assertThat(Checksum.fold(0xffff)).isEqualTo(0xffff);
    assertThat(Checksum.fold(0x1_0000)).isEqualTo(1);
    assertThat(Checksum.fold(0x1_fffe)).isEqualTo(0xffff);
    assertThat(Checksum.fold(Long.MAX_VALUE)).isEqualTo((int) (Long.MAX_VALUE % 0xffff));
    RandomGenerator random = new SplittableRandom(2);
    for (int i = 0; i < 10_000; i++) {
      long sum = random.nextLong() >>> 1;
      int expected = (int) (sum % 0xffff);
      assertThat(Checksum.fold(sum)).isEqualTo(expected == 0 ? 0xffff : expected);
    }
  }

  @Test
  void sumsTheIpv4PseudoHeader() {
    for (int seed = 0; seed < 500; seed++) {
      RandomGenerator random = new SplittableRandom(seed);
      int source = random.nextInt();
      int destination = random.nextInt();
      int length = random.nextInt(65_536);
      MemorySegment header = Samples.zeros(12);
      Fields.put32(header, 0, source);
      Fields.put32(header, 4, destination);
      Fields.put8(header, 9, IpProtocol.TCP);
      Fields.put16(header, 10, length);
      long sum = Checksum.pseudoHeader(source, destination, IpProtocol.TCP, length);
      assertThat(Checksum.fold(sum)).as("seed %d", seed).isEqualTo(reference(header, 0, 12));
      long later = Checksum.pseudoHeader(source, destination, IpProtocol.TCP, 0) + length;
      assertThat(later).isEqualTo(sum);
    }
  }

  @Test
  void sumsTheIpv6PseudoHeader() {
    for (int seed = 0; seed < 500; seed++) {
      RandomGenerator random = new SplittableRandom(seed);
      long[] address = random.longs(4).toArray();
      int length = random.nextInt(1 << 20);
      MemorySegment header = Samples.zeros(40);
      for (int i = 0; i < 4; i++) {
        Fields.put64(header, 8L * i, address[i]);
      }
      Fields.put32(header, 32, length);
      Fields.put8(header, 39, IpProtocol.UDP);
      long sum =
          Checksum.pseudoHeader(
              address[0], address[1], address[2], address[3], IpProtocol.UDP, length);
      assertThat(Checksum.fold(sum)).as("seed %d", seed).isEqualTo(reference(header, 0, 40));
    }
  }

  @Test
  void updatesAsIfComputedAnew() {
    for (int seed = 0; seed < 5000; seed++) {
      RandomGenerator random = new SplittableRandom(seed);
      MemorySegment segment = Samples.exactly(Samples.bytes(random, 40));
      Fields.put16(segment, 10, 0);
      int checksum = Checksum.complement(Checksum.sum(segment, 0, 40));
      int at = 12 + 4 * random.nextInt(7);
      if (random.nextBoolean()) {
        int word = random.nextInt(4) == 0 ? 0xffff : random.nextInt(0x10000);
        checksum = Checksum.update(checksum, Fields.get16(segment, at), word);
        Fields.put16(segment, at, word);
      } else {
        int value = random.nextInt();
        checksum = Checksum.updateInt(checksum, Fields.get32(segment, at), value);
        Fields.put32(segment, at, value);
      }
      Fields.put16(segment, 10, checksum);
      assertThat(Checksum.isIntact(Checksum.sum(segment, 0, 40))).as("seed %d", seed).isTrue();
    }
  }

  @Test
  void updatesTheExampleOfRfc1624() {
    // RFC 1624 §4: the case that the older equation gets wrong.
    assertThat(Checksum.update(0xdd2f, 0x5555, 0x3285)).isEqualTo(0x0000);
  }

  @Test
  void seesEveryFlippedBit() {
    MemorySegment segment = Samples.exactly(Samples.bytes(new SplittableRandom(3), 60));
    Fields.put16(segment, 16, 0);
    Fields.put16(segment, 16, Checksum.complement(Checksum.sum(segment, 0, 60)));
    assertThat(Checksum.isIntact(Checksum.sum(segment, 0, 60))).isTrue();
    for (int bit = 0; bit < 60 * 8; bit++) {
      Fields.put8(segment, bit / 8, Fields.get8(segment, bit / 8) ^ 1 << bit % 8);
      assertThat(Checksum.isIntact(Checksum.sum(segment, 0, 60))).as("bit %d", bit).isFalse();
      Fields.put8(segment, bit / 8, Fields.get8(segment, bit / 8) ^ 1 << bit % 8);
    }
  }
}
