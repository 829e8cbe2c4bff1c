package org.penstock.core.internal.hash;

/**
 * SipHash-2-4 (Aumasson and Bernstein, 2012): a keyed hash of short messages whose output nobody
 * can predict or steer without the key. Used for flow tables, which an attacker must not be able to
 * fill unevenly, and for initial sequence numbers (RFC 6528 §3), which must not be guessed.
 *
 * <p>A message is a few longs, each the little-endian reading of 8 bytes. Messages of different
 * length never hash alike by construction. Immutable; allocates nothing.
 */
public final class SipHash {
  private static final long INIT_0 = 0x736f6d6570736575L;
  private static final long INIT_1 = 0x646f72616e646f6dL;
  private static final long INIT_2 = 0x6c7967656e657261L;
  private static final long INIT_3 = 0x7465646279746573L;
  private static final long FINALIZE = 0xff;

  private static final int ROUNDS_PER_WORD = 2;
  private static final int ROUNDS_AT_END = 4;

  private final long key0;
  private final long key1;

  /** A hash by a secret of 128 bits. */
  public SipHash(long key0, long key1) {
    this.key0 = key0;
    this.key1 = key1;
  }

  /** The hash of the empty message. */
  public long hash() {
    return hash(0, 0, 0, 0, 0, 0);
  }

  /** The hash of one word. */
  public long hash(long a) {
    return hash(1, a, 0, 0, 0, 0);
  }

  /** The hash of two words. */
  public long hash(long a, long b) {
    return hash(2, a, b, 0, 0, 0);
  }

  /** The hash of three words. */
  public long hash(long a, long b, long c) {
    return hash(3, a, b, c, 0, 0);
  }

  /** The hash of four words. */
  public long hash(long a, long b, long c, long d) {
    return hash(4, a, b, c, d, 0);
  }

  /** The hash of five words. */
  public long hash(long a, long b, long c, long d, long e) {
    return hash(5, a, b, c, d, e);
  }

  private long hash(int words, long a, long b, long c, long d, long e) {
    long v0 = key0 ^ INIT_0;
    long v1 = key1 ^ INIT_1;
    long v2 = key0 ^ INIT_2;
    long v3 = key1 ^ INIT_3;
    for (int i = 0; i <= words + 1; i++) {
      long word = 0;
      int rounds = ROUNDS_PER_WORD;
      if (i == words) {
        // The last block holds the length in its top byte, and no bytes of ours.
        word = (long) words * Long.BYTES << 56;
      } else if (i > words) {
        rounds = ROUNDS_AT_END;
        v2 ^= FINALIZE;
      } else {
        word =
            switch (i) {
              case 0 -> a;
              case 1 -> b;
              case 2 -> c;
              case 3 -> d;
              default -> e;
            };
      }
      v3 ^= word;
      for (int round = 0; round < rounds; round++) {
        v0 += v1;
        v2 += v3;
        v1 = Long.rotateLeft(v1, 13) ^ v0;
        v3 = Long.rotateLeft(v3, 16) ^ v2;
        v0 = Long.rotateLeft(v0, 32);
        v2 += v1;
        v0 += v3;
        v1 = Long.rotateLeft(v1, 17) ^ v2;
        v3 = Long.rotateLeft(v3, 21) ^ v0;
        v2 = Long.rotateLeft(v2, 32);
      }
      v0 ^= word;
    }
    return v0 ^ v1 ^ v2 ^ v3;
  }
}
