package org.penstock.netif.fault;

import org.penstock.api.netif.impairment.ImpairmentConfig;

/**
 * What a {@link FaultInjector} does to frames.
 *
 * @param in what happens to received frames
 * @param out what happens to sent frames
 * @param seed of what happens; another one starts anew
 * @param memory bytes that frames may take, in each direction, while they are held back
 */
public record FaultSettings(ImpairmentConfig in, ImpairmentConfig out, long seed, long memory) {

  /** Bytes for frames in each direction where nothing else is said. */
  public static final long DEFAULT_MEMORY = 16L << 20;

  /** The least there may be: room for two frames of 64 KiB. */
  public static final long LEAST_MEMORY = 128L << 10;

  /** The most there may be. */
  public static final long MOST_MEMORY = 1L << 30;

  /** A perfect network. */
  public static final FaultSettings NONE =
      new FaultSettings(ImpairmentConfig.NONE, ImpairmentConfig.NONE, 0, DEFAULT_MEMORY);

  /** Refuses what can't be. */
  public FaultSettings {
    if (memory < LEAST_MEMORY || memory > MOST_MEMORY) {
      throw new IllegalArgumentException(
          "memory " + memory + " is not from " + LEAST_MEMORY + " to " + MOST_MEMORY + " bytes");
    }
  }

  /** The same network in both directions. */
  public static FaultSettings both(ImpairmentConfig network, long seed) {
    return new FaultSettings(network, network, seed, DEFAULT_MEMORY);
  }
}
