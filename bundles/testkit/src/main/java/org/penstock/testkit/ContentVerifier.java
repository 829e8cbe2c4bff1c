package org.penstock.testkit;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;

/** Compares a stream of octets with what it should be, as it arrives. Not thread-safe. */
public final class ContentVerifier {

  /** No octet was wrong. */
  public static final long NONE = -1;

  private static final int CHUNK = 16 * 1024;

  private final SeededContent content;
  private final byte[] expected = new byte[CHUNK];
  private long position;
  private long firstWrong = NONE;
  private String what = "";

  ContentVerifier(SeededContent content) {
    this.content = content;
  }

  /** Takes the octets that follow those taken before. Wrong ones are noted, see {@link #check}. */
  public void accept(MemorySegment octets) {
    long size = octets.byteSize();
    for (long at = 0; at < size && firstWrong == NONE; ) {
      long left = content.length() - position - at;
      if (left <= 0) {
        wrong(position + at, "there are octets beyond the end at " + content.length());
        break;
      }
      int count = (int) Math.min(CHUNK, Math.min(size - at, left));
      MemorySegment right = MemorySegment.ofArray(expected).asSlice(0, count);
      content.fill(position + at, right);
      long difference = octets.asSlice(at, count).mismatch(right);
      if (difference >= 0) {
        byte found = octets.get(ValueLayout.JAVA_BYTE, at + difference);
        byte wanted = right.get(ValueLayout.JAVA_BYTE, difference);
        wrong(position + at + difference, String.format("0x%02x instead of 0x%02x", found, wanted));
      }
      at += count;
    }
    position += size;
  }

  /** Takes a part of an array. */
  public void accept(byte[] octets, int offset, int count) {
    accept(MemorySegment.ofArray(octets).asSlice(offset, count));
  }

  /** Takes an array. */
  public void accept(byte[] octets) {
    accept(MemorySegment.ofArray(octets));
  }

  /** Takes what a buffer has left. */
  public void accept(ByteBuffer octets) {
    accept(MemorySegment.ofBuffer(octets));
    octets.position(octets.limit());
  }

  /** Octets taken so far. */
  public long position() {
    return position;
  }

  /** Offset of the first wrong octet, or {@link #NONE}. */
  public long firstWrongOffset() {
    return firstWrong;
  }

  /** True if everything has come, and everything was right. */
  public boolean isComplete() {
    return firstWrong == NONE && position == content.length();
  }

  /**
   * Requires that all octets taken so far were right.
   *
   * @throws AssertionError if not; the message names the first wrong offset
   */
  public void check() {
    if (firstWrong != NONE) {
      throw new AssertionError(
          "content of seed " + content.seed() + " is wrong at offset " + firstWrong + ": " + what);
    }
  }

  /**
   * Requires that everything has come, and everything was right.
   *
   * @throws AssertionError if not
   */
  public void checkComplete() {
    check();
    if (position != content.length()) {
      throw new AssertionError(
          "content of seed "
              + content.seed()
              + " ended after "
              + position
              + " of "
              + content.length()
              + " octets");
    }
  }

  private void wrong(long offset, String how) {
    firstWrong = offset;
    what = how;
  }
}
