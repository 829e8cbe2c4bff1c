package org.penstock.service.chargen.internal;

import java.lang.foreign.MemorySegment;

/**
 * The pattern that RFC 864 shows: lines of 72 of the 95 printing ASCII characters, each beginning
 * one character later than the line before, ended by CR LF. It repeats after 95 lines. Immutable.
 */
public final class Pattern {

  /** Bytes of a line. */
  public static final int LINE = 74;

  /** Bytes after which it repeats. */
  public static final int PERIOD = 95 * LINE;

  /** Bytes of a datagram: whole lines, at most the 512 that RFC 864 allows. */
  public static final int DATAGRAM = 6 * LINE;

  private static final int REPETITIONS = 9;
  private static final int FIRST = ' ';
  private static final int CHARACTERS = 95;

  private final MemorySegment text;

  /** Writes it out. */
  public Pattern() {
    byte[] bytes = new byte[REPETITIONS * PERIOD];
    for (int i = 0; i < bytes.length; i++) {
      int line = i / LINE;
      int column = i % LINE;
      bytes[i] =
          switch (LINE - column) {
            case 2 -> '\r';
            case 1 -> '\n';
            default -> (byte) (FIRST + (line + column) % CHARACTERS);
          };
    }
    text = MemorySegment.ofArray(bytes).asReadOnly();
  }

  /** Whole periods of it; read-only. */
  public MemorySegment text() {
    return text;
  }

  /**
   * Writes the lines of one datagram.
   *
   * @param line the first line's number, of which only the remainder by 95 counts
   * @param target holds at least {@link #DATAGRAM} bytes
   * @return bytes written
   */
  public int datagram(int line, MemorySegment target) {
    long from = (long) Math.floorMod(line, CHARACTERS) * LINE;
    MemorySegment.copy(text, from, target, 0, DATAGRAM);
    return DATAGRAM;
  }
}
