package org.penstock.core.internal.hash;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SipHashTest {
  /** The key of the reference vectors: bytes 0 to 15. */
  private final SipHash hash = new SipHash(0x0706050403020100L, 0x0f0e0d0c0b0a0908L);

  /** Bytes 8 i to 8 i + 7: the message of the reference vectors. */
  private static long word(int i) {
    return 0x0706050403020100L + 0x0808080808080808L * i;
  }

  @Test
  void givesTheReferenceVectors() {
    assertThat(hash.hash()).isEqualTo(0x726fdb47dd0e0e31L);
    assertThat(hash.hash(word(0))).isEqualTo(0x93f5f5799a932462L);
    assertThat(hash.hash(word(0), word(1))).isEqualTo(0x3f2acc7f57c29bdbL);
    assertThat(hash.hash(word(0), word(1), word(2))).isEqualTo(0xb8ad50c6f649af94L);
    assertThat(hash.hash(word(0), word(1), word(2), word(3))).isEqualTo(0x7127512f72f27cceL);
    assertThat(hash.hash(word(0), word(1), word(2), word(3), word(4)))
        .isEqualTo(0x0e3ea96b5304a7d0L);
  }

  @Test
  void dependsOnKeyWordsOrderAndLength() {
    Set<Long> seen = new HashSet<>();
    assertThat(seen.add(hash.hash())).isTrue();
    assertThat(seen.add(hash.hash(0))).isTrue();
    assertThat(seen.add(hash.hash(0, 0))).isTrue();
    assertThat(seen.add(hash.hash(0, 0, 0))).isTrue();
    assertThat(seen.add(hash.hash(0, 0, 0, 0))).isTrue();
    assertThat(seen.add(hash.hash(0, 0, 0, 0, 0))).isTrue();
    assertThat(seen.add(hash.hash(1, 2))).isTrue();
    assertThat(seen.add(hash.hash(2, 1))).isTrue();
    assertThat(seen.add(new SipHash(1, 2).hash(1, 2))).isTrue();
    assertThat(seen.add(new SipHash(2, 1).hash(1, 2))).isTrue();
  }
}
