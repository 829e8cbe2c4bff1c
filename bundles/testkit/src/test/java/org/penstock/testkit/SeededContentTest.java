package org.penstock.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SeededContentTest {

  private static final SeededContent CONTENT = new SeededContent(42, 200_003);

  @Test
  void everyWayGivesTheSameOctets(@TempDir Path folder) throws Exception {
    byte[] all = CONTENT.octets(0, 200_003);
    for (int i = 0; i < all.length; i += 997) {
      assertThat(all[i]).isEqualTo(CONTENT.at(i));
    }
    for (int offset = 0; offset < 20; offset++) {
      for (int count = 0; count < 30; count++) {
        assertThat(CONTENT.octets(offset, count))
            .isEqualTo(java.util.Arrays.copyOfRange(all, offset, offset + count));
      }
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(1003);
      CONTENT.fill(199_000, memory);
      assertThat(memory.toArray(ValueLayout.JAVA_BYTE))
          .isEqualTo(java.util.Arrays.copyOfRange(all, 199_000, 200_003));
    }
    try (InputStream stream = CONTENT.stream()) {
      assertThat(stream.read()).isEqualTo(all[0] & 0xff);
      assertThat(stream.skip(9)).isEqualTo(9);
      assertThat(stream.available()).isEqualTo(200_003 - 10);
      assertThat(stream.readAllBytes()).isEqualTo(java.util.Arrays.copyOfRange(all, 10, 200_003));
      assertThat(stream.read()).isEqualTo(-1);
    }
    Path file = folder.resolve("content");
    CONTENT.writeTo(file);
    assertThat(Files.readAllBytes(file)).isEqualTo(all);
    byte[] hash = MessageDigest.getInstance("SHA-256").digest(all);
    assertThat(CONTENT.sha256()).isEqualTo(HexFormat.of().formatHex(hash));
  }

  @Test
  void theSeedDecidesAndNothingRepeats() throws IOException {
    assertThat(new SeededContent(43, 100).octets(0, 100))
        .isNotEqualTo(new SeededContent(44, 100).octets(0, 100));
    Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION);
    deflater.setInput(CONTENT.octets(0, 200_000));
    deflater.finish();
    int compressed = deflater.deflate(new byte[300_000]);
    deflater.end();
    assertThat(compressed).as("can't be compressed").isGreaterThan(200_000);
  }

  @Test
  void staysWhatItIs() {
    // Recorded hashes hold only if this never changes: SplitMix64's first word of seed 0 is
    // 0xe220a8397b1dcdaf.
    assertThat(HexFormat.of().formatHex(new SeededContent(0, 8).octets(0, 8)))
        .isEqualTo("afcd1d7b39a820e2");
  }

  @Test
  void refusesWhatIsBeyondItsEnd() {
    assertThatThrownBy(() -> CONTENT.octets(200_000, 4))
        .isInstanceOf(IndexOutOfBoundsException.class)
        .hasMessage("4 octets at 200000 of a content of 200003");
    assertThatThrownBy(() -> new SeededContent(1, -1)).hasMessage("length -1 is negative");
  }

  @Test
  void verifiesWhatArrives() {
    ContentVerifier verifier = CONTENT.verifier();
    verifier.accept(CONTENT.octets(0, 100_000));
    verifier.accept(ByteBuffer.wrap(CONTENT.octets(100_000, 50_001)));
    assertThat(verifier.isComplete()).isFalse();
    verifier.check();
    assertThatThrownBy(verifier::checkComplete)
        .hasMessage("content of seed 42 ended after 150001 of 200003 octets");
    verifier.accept(CONTENT.octets(150_001, 50_002), 0, 50_002);
    verifier.checkComplete();
    assertThat(verifier.isComplete()).isTrue();
  }

  @Test
  void namesTheFirstWrongOffset() {
    ContentVerifier verifier = CONTENT.verifier();
    verifier.accept(CONTENT.octets(0, 30_000));
    byte[] wrong = CONTENT.octets(30_000, 100_000);
    byte right = wrong[70_000];
    wrong[70_000] ^= 0x10;
    wrong[80_000] ^= 0x10;
    verifier.accept(wrong);
    assertThat(verifier.firstWrongOffset()).isEqualTo(100_000);
    assertThatThrownBy(verifier::check)
        .isInstanceOf(AssertionError.class)
        .hasMessage(
            String.format(
                "content of seed 42 is wrong at offset 100000: 0x%02x instead of 0x%02x",
                right ^ 0x10 & 0xff, right));
  }

  @Test
  void noticesOctetsBeyondTheEnd() {
    ContentVerifier verifier = new SeededContent(1, 10).verifier();
    verifier.accept(new SeededContent(1, 11).octets(0, 11));
    assertThat(verifier.firstWrongOffset()).isEqualTo(10);
    assertThatThrownBy(verifier::check).hasMessageContaining("beyond the end at 10");
  }
}
