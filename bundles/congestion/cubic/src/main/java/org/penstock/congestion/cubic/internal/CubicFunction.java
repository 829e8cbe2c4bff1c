package org.penstock.congestion.cubic.internal;

/**
 * The cubic function of time (RFC 9438 §4.2) in whole numbers: windows in bytes, times in
 * nanoseconds. Exact to a few hundredths of a segment.
 */
public final class CubicFunction {

  /** Fractions of a second that are reckoned with: 2^-20 s, about a microsecond. */
  private static final int FRACTION = 20;

  private static final long SECOND = 1_000_000_000L;

  /**
   * Beyond 128 s from the plateau the function is a gigabyte away from it, more than any window can
   * be (RFC 7323 §2.3).
   */
  private static final long FARTHEST = 128 * SECOND;

  /** Bits of a fraction of a second in K: 2^-13 s, as fine as a cube below 2^63 allows. */
  private static final int ROOT_FRACTION = 13;

  /** The largest difference of windows, in segments, whose root is taken: it is 128 s. */
  private static final long FARTHEST_SEGMENTS = 838_860;

  private CubicFunction() {}

  /**
   * RFC 9438 §4.2, Figure 1: W_cubic(t) = C * (t - K)^3 + W_max, with C = 0.4 segments per cubed
   * second.
   *
   * @param time t, since the epoch
   * @param plateauAfter K
   * @param maximum W_max
   */
  public static long window(long time, long plateauAfter, long maximum, int segmentSize) {
    long distance = Math.clamp(time - plateauAfter, -FARTHEST, FARTHEST);
    long fractions = Math.abs(distance) * (1L << FRACTION) / SECOND;
    // In 2^-20 s^2, then 2^-40 s^3, then 2^-20 s^3: each fits.
    long square = fractions * fractions >> FRACTION;
    long cube = square * fractions >> FRACTION;
    long bytes = cube * 2 / 5 * segmentSize >> FRACTION;
    return distance < 0 ? maximum - bytes : maximum + bytes;
  }

  /**
   * RFC 9438 §4.2, Figure 2: K = cbrt((W_max - cwnd_epoch) / C).
   *
   * @param difference W_max - cwnd_epoch, not negative
   */
  public static long plateauAfter(long difference, int segmentSize) {
    long most = FARTHEST_SEGMENTS * segmentSize;
    if (difference >= most) {
      return FARTHEST;
    }
    // In 2^-20 segments, then in 2^-39 s^3 (5/2 is 1/C).
    long segments = (difference << FRACTION) / segmentSize;
    long cube = segments * 5 / 2 << 3 * ROOT_FRACTION - FRACTION;
    return cubeRoot(cube) * SECOND >> ROOT_FRACTION;
  }

  /** The whole part of a cube root, bit by bit. */
  static long cubeRoot(long cube) {
    long root = 0;
    for (int bit = 20; bit >= 0; bit--) {
      long next = root | 1L << bit;
      if (next * next * next <= cube) {
        root = next;
      }
    }
    return root;
  }
}
