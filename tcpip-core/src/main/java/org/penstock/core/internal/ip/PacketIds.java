package org.penstock.core.internal.ip;

import org.penstock.api.runtime.RandomSource;

/**
 * IPv4 identifiers of packets that routers may fragment: each of the 65,536 once in a random order
 * before any comes again (RFC 6864 §4.3 wants them apart, RFC 7739 §4 unpredictable). Owned by a
 * cell.
 */
final class PacketIds {

  private static final int ROUNDS = 4;

  private final RandomSource random;
  private long key;
  private int next;

  PacketIds(RandomSource random) {
    this.random = random;
  }

  int next() {
    if (next == 0) {
      key = random.nextLong();
    }
    int id = permuted(next);
    next = (next + 1) & 0xffff;
    return id;
  }

  /** A Feistel network over two halves of 8 bits: a permutation of all 16-bit numbers. */
  private int permuted(int number) {
    int left = number >>> 8;
    int right = number & 0xff;
    for (int round = 0; round < ROUNDS; round++) {
      int swapped = left ^ (int) Mix.of(key + round, right) & 0xff;
      left = right;
      right = swapped;
    }
    return left << 8 | right;
  }
}
