package org.penstock.core.internal.stack;

import org.penstock.api.runtime.RandomSource;
import org.penstock.core.api.Ports;
import org.penstock.core.api.StackBuilder;
import org.penstock.core.internal.memory.Buffers;

/**
 * What all cells of a stack share: immutable, or made of atomics.
 *
 * @param description what the stack was made from
 * @param secret the key of flow hashes, sequence numbers and cookies; it survives every swap
 * @param random the source of chance
 * @param ports the port table
 * @param buffers memory
 */
public record StackContext(
    StackBuilder.Description description,
    Secret secret,
    RandomSource random,
    Ports ports,
    Buffers buffers) {

  /**
   * A key of 128 bits.
   *
   * @param first its first half
   * @param second its second half
   */
  public record Secret(long first, long second) {
    @Override
    public String toString() {
      return "Secret[not shown]";
    }
  }
}
