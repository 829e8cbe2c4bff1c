package org.penstock.core.internal.wire;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** An immutable run of bytes with value equality: what a record keeps of options and payloads. */
public final class Octets {
  /** No bytes at all. */
  public static final Octets EMPTY = new Octets(new byte[0]);

  private final byte[] bytes;

  private Octets(byte[] bytes) {
    this.bytes = bytes;
  }

  /** A copy of these bytes. */
  public static Octets of(byte... bytes) {
    return bytes.length == 0 ? EMPTY : new Octets(bytes.clone());
  }

  /** The bytes written in hexadecimal, two digits each, nothing between them. */
  public static Octets ofHex(String hex) {
    return new Octets(HexFormat.of().parseHex(hex));
  }

  /** A copy of {@code length} bytes of the segment. */
  public static Octets copyOf(MemorySegment segment, long offset, int length) {
    return length == 0
        ? EMPTY
        : new Octets(segment.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE));
  }

  /** How many bytes. */
  public int length() {
    return bytes.length;
  }

  /** One byte, as 0 to 255. */
  public int at(int index) {
    return bytes[index] & 0xff;
  }

  /** A copy as an array. */
  public byte[] toByteArray() {
    return bytes.clone();
  }

  /**
   * Writes all bytes.
   *
   * @return how many: {@link #length()}
   */
  public int writeTo(MemorySegment segment, long offset) {
    MemorySegment.copy(bytes, 0, segment, ValueLayout.JAVA_BYTE, offset, bytes.length);
    return bytes.length;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Octets that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  /** In hexadecimal, as {@link #ofHex} reads it. */
  @Override
  public String toString() {
    return HexFormat.of().formatHex(bytes);
  }
}
