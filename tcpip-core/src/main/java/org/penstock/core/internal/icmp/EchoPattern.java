package org.penstock.core.internal.icmp;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** The payload of an echo: bytes made from a seed, so that a reply is compared without a copy. */
final class EchoPattern {

  private EchoPattern() {}

  static void fill(MemorySegment target, long offset, int length, long seed) {
    for (int i = 0; i < length; i++) {
      target.set(ValueLayout.JAVA_BYTE, offset + i, at(seed, i));
    }
  }

  static boolean matches(MemorySegment source, long offset, int length, long seed) {
    for (int i = 0; i < length; i++) {
      if (source.get(ValueLayout.JAVA_BYTE, offset + i) != at(seed, i)) {
        return false;
      }
    }
    return true;
  }

  private static byte at(long seed, int index) {
    // The generator of SplitMix64, eight bytes a step.
    long mixed = seed + (index >>> 3) * 0x9e37_79b9_7f4a_7c15L;
    mixed = (mixed ^ mixed >>> 30) * 0xbf58_476d_1ce4_e5b9L;
    mixed = (mixed ^ mixed >>> 27) * 0x94d0_49bb_1331_11ebL;
    return (byte) ((mixed ^ mixed >>> 31) >>> (index & 7) * 8);
  }
}
