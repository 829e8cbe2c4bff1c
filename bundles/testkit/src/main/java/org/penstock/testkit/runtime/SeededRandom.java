package org.penstock.testkit.runtime;

import org.penstock.api.runtime.RandomSource;

/**
 * SplitMix64: small, fast, and the same on every machine. Not for several threads at once; those of
 * a {@link VirtualRuntime} never are.
 */
public final class SeededRandom implements RandomSource {

  private static final long STEP = 0x9e37_79b9_7f4a_7c15L;

  private long state;

  /** The sequence of a seed. */
  public SeededRandom(long seed) {
    this.state = seed;
  }

  /** An independent sequence for one purpose among several under the same seed. */
  public static SeededRandom of(long seed, int purpose) {
    return new SeededRandom(new SeededRandom(seed + purpose * STEP).nextLong());
  }

  @Override
  public long nextLong() {
    state += STEP;
    long z = state;
    z = (z ^ (z >>> 30)) * 0xbf58_476d_1ce4_e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d0_49bb_1331_11ebL;
    return z ^ (z >>> 31);
  }
}
