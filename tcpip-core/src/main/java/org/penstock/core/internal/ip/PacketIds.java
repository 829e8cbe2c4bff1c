package org.penstock.core.internal.ip;

import java.util.concurrent.atomic.AtomicIntegerArray;
import org.penstock.core.internal.hash.SipHash;
import org.penstock.core.internal.stack.StackContext;

/**
 * IPv4 identifiers of packets that may be fragmented. RFC 6864 §4.3 wants no identifier twice
 * within a datagram's lifetime for the same source, destination and protocol; RFC 7739 §4 wants
 * nobody else to foresee them. So each such triple has a permutation of all 65,536 numbers of its
 * own, keyed by the stack's secret, and goes through it from end to end: none comes again before
 * all others came. Where in it a triple stands is counted in an array that triples share, which
 * skips numbers and repeats none. Shared by all cells; allocates nothing.
 */
final class PacketIds {

  private static final int COUNTERS = 2048;

  private static final int ROUNDS = 4;

  private final SipHash hash;
  private final AtomicIntegerArray counters = new AtomicIntegerArray(COUNTERS);

  PacketIds(StackContext.Secret secret) {
    // Not the key of the homes, or which cell a flow has would tell about its identifiers.
    this.hash = new SipHash(secret.second(), ~secret.first());
  }

  /** The next identifier for packets of that protocol between these addresses. */
  int next(int source, int destination, int protocol) {
    long key = hash.hash((long) source << 32 | destination & 0xffff_ffffL, protocol);
    int number = counters.getAndIncrement((int) (key >>> 48) & COUNTERS - 1);
    return permuted(key, number & 0xffff);
  }

  /** A Feistel network over two halves of 8 bits: a permutation of all 16-bit numbers. */
  private static int permuted(long key, int number) {
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
