package org.penstock.core.internal.stack;

import org.penstock.api.runtime.RandomSource;
import org.penstock.core.api.Ports;
import org.penstock.core.api.StackBuilder;
import org.penstock.core.internal.memory.Buffers;

/** What all cells of a stack share: immutable, or made of atomics. From any thread. */
public final class StackContext {

  /**
   * A key of 128 bits: for flow hashes, sequence numbers and cookies. It survives every swap.
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

  private final Secret secret;
  private final RandomSource random;
  private final Ports ports;
  private final Buffers buffers;
  private volatile StackBuilder.Description description;

  /** A context. */
  public StackContext(
      StackBuilder.Description description,
      Secret secret,
      RandomSource random,
      Ports ports,
      Buffers buffers) {
    this.description = description;
    this.secret = secret;
    this.random = random;
    this.ports = ports;
    this.buffers = buffers;
  }

  /** What the stack was made from, with what was changed since. */
  public StackBuilder.Description description() {
    return description;
  }

  /** Changes the description in place. */
  public void description(StackBuilder.Description changed) {
    this.description = changed;
  }

  /** The stack's key. */
  public Secret secret() {
    return secret;
  }

  /** The source of chance. */
  public RandomSource random() {
    return random;
  }

  /** The port table. */
  public Ports ports() {
    return ports;
  }

  /** Memory. */
  public Buffers buffers() {
    return buffers;
  }
}
