package org.penstock.core.internal.ip;

/** What a path may carry where a router refuses a packet and does not say (RFC 1191 §7.1). */
final class PathPlateaus {

  private static final int[] MTUS = {32_000, 17_914, 8_166, 4_352, 2_002, 1_492, 1_006, 508, 296};

  private PathPlateaus() {}

  /** The next plateau below an MTU, or 0 if there is none. */
  static int below(int mtu) {
    for (int plateau : MTUS) {
      if (plateau < mtu) {
        return plateau;
      }
    }
    return 0;
  }
}
