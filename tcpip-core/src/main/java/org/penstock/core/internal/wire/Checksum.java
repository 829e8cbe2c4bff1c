package org.penstock.core.internal.wire;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * The Internet checksum (RFC 1071).
 *
 * <p>A <em>sum</em> is a one's complement sum of 16-bit words in network order, not inverted. Sums
 * add up by plain {@code +} in a long: {@code pseudoHeader + header + payload}; {@link #fold}
 * brings the result down to 16 bits, {@link #complement} also inverts it into what a checksum field
 * holds. Pieces of a gather list are put together by {@link #combine}, which minds odd lengths.
 */
public final class Checksum {
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
  private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;
  private static final boolean LITTLE_ENDIAN = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;

  /** What a sum over data and its own right checksum folds to. */
  private static final int ALL_ONES = 0xffff;

  private Checksum() {}

  /**
   * The sum of some bytes, a last odd one followed by a zero.
   *
   * @return 0 to 0xffff; 0 only if every byte is zero
   */
  public static int sum(MemorySegment segment, long offset, int length) {
    // RFC 1071 §2 (B): the sum does not depend on byte order, so the words are added as this
    // machine reads them and only the result is swapped.
    int words = length >>> 2;
    long sum = 0;
    if (segment.isNative()) {
      // This loop is vectorised. It stands apart from the one for arrays, behind this question, so
      // that the compiler knows the kind of segment here: in a VM whose accessors have met several
      // kinds, one loop for all would run fifty times slower.
      for (int i = 0; i < words; i++) {
        sum += segment.get(INT, offset + (long) i * 4) & 0xffff_ffffL;
      }
    } else {
      sum = sumOfArray(segment, offset, words);
    }
    long rest = offset + (length & ~3);
    if ((length & 2) != 0) {
      sum += segment.get(SHORT, rest) & 0xffff;
      rest += 2;
    }
    if ((length & 1) != 0) {
      int last = segment.get(ValueLayout.JAVA_BYTE, rest) & 0xff;
      sum += LITTLE_ENDIAN ? last : last << 8;
    }
    int folded = fold(sum);
    return LITTLE_ENDIAN ? swap(folded) : folded;
  }

  private static long sumOfArray(MemorySegment segment, long offset, int words) {
    long sum = 0;
    for (int i = 0; i < words; i++) {
      sum += segment.get(INT, offset + (long) i * 4) & 0xffff_ffffL;
    }
    return sum;
  }

  /**
   * The sum of two pieces that follow one another.
   *
   * @param first sum of what comes first
   * @param firstLength its length in bytes; only whether it is odd matters
   * @param second sum of what follows, taken on its own
   */
  public static long combine(long first, int firstLength, int second) {
    // RFC 1071 §2 (B): moving data by one byte swaps the bytes of its sum.
    return first + ((firstLength & 1) != 0 ? swap(second) : second);
  }

  /** Folds a sum to 16 bits; a sum other than 0 never becomes 0. */
  public static int fold(long sum) {
    long folded = (sum >>> 32) + (sum & 0xffff_ffffL);
    folded = (folded >>> 16) + (folded & 0xffff);
    folded = (folded >>> 16) + (folded & 0xffff);
    folded = (folded >>> 16) + (folded & 0xffff);
    return (int) folded;
  }

  /** The checksum field for a sum: folded and inverted. */
  public static int complement(long sum) {
    return ~fold(sum) & 0xffff;
  }

  /** Whether a sum that includes the checksum field says that the data is intact. */
  public static boolean isIntact(long sum) {
    return fold(sum) == ALL_ONES;
  }

  /**
   * The sum of the IPv4 pseudo-header (RFC 9293 §3.1, RFC 768).
   *
   * @param length bytes of the transport header and its payload; a length may also be added later
   */
  public static long pseudoHeader(int source, int destination, int protocol, int length) {
    return (source & 0xffff_ffffL) + (destination & 0xffff_ffffL) + protocol + length;
  }

  /**
   * The sum of the IPv6 pseudo-header (RFC 8200 §8.1).
   *
   * @param length bytes of the transport header and its payload; a length may also be added later
   */
  public static long pseudoHeader(
      long sourceHigh,
      long sourceLow,
      long destinationHigh,
      long destinationLow,
      int protocol,
      int length) {
    return halves(sourceHigh)
        + halves(sourceLow)
        + halves(destinationHigh)
        + halves(destinationLow)
        + protocol
        + length;
  }

  /**
   * The checksum field after one 16-bit word that it covers has changed (RFC 1624 §3, equation 3).
   */
  public static int update(int checksum, int oldWord, int newWord) {
    return complement((long) (~checksum & 0xffff) + (~oldWord & 0xffff) + (newWord & 0xffff));
  }

  /** The checksum field after an aligned 32-bit field that it covers has changed (RFC 1624 §3). */
  public static int updateInt(int checksum, int oldValue, int newValue) {
    return complement(
        (long) (~checksum & 0xffff) + (~oldValue & 0xffff_ffffL) + (newValue & 0xffff_ffffL));
  }

  private static long halves(long value) {
    return (value >>> 32) + (value & 0xffff_ffffL);
  }

  private static int swap(int word) {
    return (word & 0xff) << 8 | word >>> 8;
  }
}
