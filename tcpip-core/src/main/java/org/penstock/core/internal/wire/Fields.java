package org.penstock.core.internal.wire;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Fields in network byte order, at any alignment. */
final class Fields {
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  private Fields() {}

  static int get8(MemorySegment segment, long offset) {
    return segment.get(ValueLayout.JAVA_BYTE, offset) & 0xff;
  }

  static int get16(MemorySegment segment, long offset) {
    return segment.get(SHORT, offset) & 0xffff;
  }

  static int get32(MemorySegment segment, long offset) {
    return segment.get(INT, offset);
  }

  static long get48(MemorySegment segment, long offset) {
    return (long) get16(segment, offset) << 32 | get32(segment, offset + 2) & 0xffff_ffffL;
  }

  static long get64(MemorySegment segment, long offset) {
    return segment.get(LONG, offset);
  }

  static void put8(MemorySegment segment, long offset, int value) {
    segment.set(ValueLayout.JAVA_BYTE, offset, (byte) value);
  }

  static void put16(MemorySegment segment, long offset, int value) {
    segment.set(SHORT, offset, (short) value);
  }

  static void put32(MemorySegment segment, long offset, int value) {
    segment.set(INT, offset, value);
  }

  static void put48(MemorySegment segment, long offset, long value) {
    put16(segment, offset, (int) (value >>> 32));
    put32(segment, offset + 2, (int) value);
  }

  static void put64(MemorySegment segment, long offset, long value) {
    segment.set(LONG, offset, value);
  }

  /** Refuses a value that does not fit an unsigned field of that many bits. */
  static void requireUnsigned(String field, int value, int bits) {
    int limit = (1 << bits) - 1;
    if (value < 0 || value > limit) {
      throw new IllegalArgumentException(field + " " + value + " is not in 0.." + limit);
    }
  }
}
