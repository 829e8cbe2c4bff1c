package org.penstock.api.runtime;

import org.osgi.annotation.versioning.ConsumerType;

/** A source of random bits. May be called from any thread. */
@ConsumerType
public interface RandomSource {

  /** 64 random bits. */
  long nextLong();

  /**
   * A number drawn evenly from 0 (inclusive) to the bound (exclusive).
   *
   * @throws IllegalArgumentException if the bound is not positive
   */
  default int nextInt(int bound) {
    if (bound <= 0) {
      throw new IllegalArgumentException("bound " + bound + " is not positive");
    }
    // The high product of 32 random bits and the bound; what would make it uneven is drawn again.
    long product = (nextLong() >>> 32) * bound;
    int threshold = Integer.remainderUnsigned(-bound, bound);
    while (Integer.compareUnsigned((int) product, threshold) < 0) {
      product = (nextLong() >>> 32) * bound;
    }
    return (int) (product >>> 32);
  }
}
