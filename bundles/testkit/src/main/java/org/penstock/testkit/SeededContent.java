package org.penstock.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Octets of any number that follow from a seed alone: each can be computed by itself, none of them
 * repeats within reach, and no file system stores them as a hole. Immutable.
 *
 * @param seed which content it is
 * @param length octets
 */
public record SeededContent(long seed, long length) {

  private static final int CHUNK = 64 * 1024;
  private static final long GOLDEN = 0x9e37_79b9_7f4a_7c15L;
  private static final ValueLayout.OfLong WORD =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** Refuses a negative length. */
  public SeededContent {
    if (length < 0) {
      throw new IllegalArgumentException("length " + length + " is negative");
    }
  }

  /**
   * The octet at an offset, whether or not within the length.
   *
   * @param offset from 0
   */
  public byte at(long offset) {
    return (byte) (word(offset >>> 3) >>> (8 * (offset & 7)));
  }

  /**
   * Fills memory with the octets from an offset on.
   *
   * @throws IndexOutOfBoundsException if that reaches beyond the length
   */
  public void fill(long offset, MemorySegment target) {
    long size = target.byteSize();
    checkRange(offset, size);
    long at = 0;
    while (at < size && (offset + at & 7) != 0) {
      target.set(ValueLayout.JAVA_BYTE, at, at(offset + at));
      at++;
    }
    for (; at + 8 <= size; at += 8) {
      target.set(WORD, at, word(offset + at >>> 3));
    }
    for (; at < size; at++) {
      target.set(ValueLayout.JAVA_BYTE, at, at(offset + at));
    }
  }

  /** Fills an array with the octets from an offset on. */
  public void fill(long offset, byte[] target) {
    fill(offset, MemorySegment.ofArray(target));
  }

  /** Some of the octets. */
  public byte[] octets(long offset, int count) {
    byte[] octets = new byte[count];
    fill(offset, octets);
    return octets;
  }

  /** All octets as a stream. */
  public InputStream stream() {
    return new ContentStream();
  }

  /** Writes all octets. */
  public void writeTo(OutputStream out) throws IOException {
    byte[] chunk = new byte[CHUNK];
    for (long at = 0; at < length; at += CHUNK) {
      int count = (int) Math.min(CHUNK, length - at);
      fill(at, MemorySegment.ofArray(chunk).asSlice(0, count));
      out.write(chunk, 0, count);
    }
  }

  /** Writes a file that has these octets and no others. */
  public void writeTo(Path file) throws IOException {
    try (OutputStream out = Files.newOutputStream(file)) {
      writeTo(out);
    }
  }

  /** The SHA-256 of all octets, in lower-case hexadecimal as {@code sha256sum} prints it. */
  public String sha256() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] chunk = new byte[CHUNK];
      for (long at = 0; at < length; at += CHUNK) {
        int count = (int) Math.min(CHUNK, length - at);
        fill(at, MemorySegment.ofArray(chunk).asSlice(0, count));
        digest.update(chunk, 0, count);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has SHA-256", e);
    }
  }

  /** Compares octets that arrive one piece after the other. */
  public ContentVerifier verifier() {
    return new ContentVerifier(this);
  }

  private void checkRange(long offset, long count) {
    if (offset < 0 || count > length - offset) {
      throw new IndexOutOfBoundsException(
          count + " octets at " + offset + " of a content of " + length);
    }
  }

  /** SplitMix64: a bijection of the counter, so that no word repeats. */
  private long word(long index) {
    long z = seed + (index + 1) * GOLDEN;
    z = (z ^ z >>> 30) * 0xbf58_476d_1ce4_e5b9L;
    z = (z ^ z >>> 27) * 0x94d0_49bb_1331_11ebL;
    return z ^ z >>> 31;
  }

  private final class ContentStream extends InputStream {
    private long position;

    @Override
    public int read() {
      return position < length ? at(position++) & 0xff : -1;
    }

    @Override
    public int read(byte[] target, int offset, int count) {
      java.util.Objects.checkFromIndexSize(offset, count, target.length);
      if (count == 0) {
        return 0;
      }
      int most = (int) Math.min(count, length - position);
      if (most == 0) {
        return -1;
      }
      fill(position, MemorySegment.ofArray(target).asSlice(offset, most));
      position += most;
      return most;
    }

    @Override
    public long skip(long count) {
      long skipped = Math.clamp(count, 0, length - position);
      position += skipped;
      return skipped;
    }

    @Override
    public int available() {
      return (int) Math.min(Integer.MAX_VALUE, length - position);
    }
  }
}
