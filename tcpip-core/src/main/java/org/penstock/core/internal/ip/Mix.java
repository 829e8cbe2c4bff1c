package org.penstock.core.internal.ip;

/** Spreads bits over a word, for tables and the choice of cells. Not a keyed hash. */
final class Mix {

  private Mix() {}

  /** Every bit of the result depends on every bit of the value (MurmurHash3's finaliser). */
  static long of(long value) {
    long mixed = (value ^ value >>> 33) * 0xff51_afd7_ed55_8ccdL;
    mixed = (mixed ^ mixed >>> 33) * 0xc4ce_b9fe_1a85_ec53L;
    return mixed ^ mixed >>> 33;
  }

  /** The same over two words. */
  static long of(long first, long second) {
    return of(of(first) + second);
  }
}
