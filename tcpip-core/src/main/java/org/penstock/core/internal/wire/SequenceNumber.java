package org.penstock.core.internal.wire;

/**
 * TCP sequence numbers: 32 bits, compared modulo 2^32 (RFC 9293 §3.4). Kept in an int; "less" means
 * that it takes fewer than 2^31 steps forward to reach the other.
 *
 * <p>Two numbers exactly 2^31 apart are each less than the other; windows are at most 2^30 bytes
 * (RFC 7323 §2.3), so this does not occur between numbers of one window.
 */
public final class SequenceNumber {
  private SequenceNumber() {}

  /** a &lt; b. */
  public static boolean lessThan(int a, int b) {
    return a - b < 0;
  }

  /** a ≤ b. */
  public static boolean lessOrEqual(int a, int b) {
    return a == b || a - b < 0;
  }

  /** a &gt; b. */
  public static boolean greaterThan(int a, int b) {
    return b - a < 0;
  }

  /** a ≥ b. */
  public static boolean greaterOrEqual(int a, int b) {
    return a == b || b - a < 0;
  }

  /** low ≤ value ≤ high, going forward from low; true for every distance up to 2^32 − 1. */
  public static boolean between(int low, int value, int high) {
    return Integer.compareUnsigned(value - low, high - low) <= 0;
  }

  /** start ≤ value &lt; start + size; never true for a window of size 0. */
  public static boolean inWindow(int value, int start, int size) {
    return Integer.compareUnsigned(value - start, size) < 0;
  }

  /** How far from b forward to a; negative where a is less. */
  public static int difference(int a, int b) {
    return a - b;
  }

  /** The number that many bytes on. */
  public static int add(int number, int bytes) {
    return number + bytes;
  }

  /** The later of two. */
  public static int max(int a, int b) {
    return lessThan(a, b) ? b : a;
  }

  /** The earlier of two. */
  public static int min(int a, int b) {
    return lessThan(b, a) ? b : a;
  }

  /** As people read it: 0 to 4294967295. */
  public static String toString(int number) {
    return Integer.toUnsignedString(number);
  }
}
