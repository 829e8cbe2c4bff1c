package org.penstock.launcher.tap;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * A capture as tcpdump writes it on this machine: a header of 24 octets, then each frame behind a
 * header of 16.
 *
 * @param octets the whole file
 * @param frames where its frames are; one that is still being written is left out
 */
record PcapFile(byte[] octets, List<Frame> frames) {

  private static final int FILE_HEADER = 24;
  private static final int FRAME_HEADER = 16;
  private static final int CAPTURED_LENGTH = 8;

  /**
   * A frame.
   *
   * @param offset of its first octet in the file
   * @param length octets
   */
  record Frame(int offset, int length) {}

  /** Reads a capture, which may still be growing. */
  static PcapFile read(Path file) throws IOException {
    byte[] octets = Files.readAllBytes(file);
    ByteBuffer buffer = ByteBuffer.wrap(octets).order(ByteOrder.nativeOrder());
    List<Frame> frames = new ArrayList<>();
    int at = FILE_HEADER;
    while (at + FRAME_HEADER <= octets.length) {
      int length = buffer.getInt(at + CAPTURED_LENGTH);
      at += FRAME_HEADER;
      if (length > octets.length - at) {
        break;
      }
      frames.add(new Frame(at, length));
      at += length;
    }
    return new PcapFile(octets, frames);
  }

  /** How many frames have a length. */
  long framesOf(int length) {
    return frames.stream().filter(frame -> frame.length() == length).count();
  }

  /**
   * Writes a copy with one bit flipped.
   *
   * @param which the first such frame is the one
   * @param offset of the octet from the frame's start
   * @return the frame's number, from 1 as tshark counts
   */
  int writeCorrupted(Path copy, Predicate<Frame> which, int offset) throws IOException {
    for (int i = 0; i < frames.size(); i++) {
      Frame frame = frames.get(i);
      if (which.test(frame)) {
        byte[] corrupted = octets.clone();
        corrupted[frame.offset() + offset] ^= 0x10;
        Files.write(copy, corrupted);
        return i + 1;
      }
    }
    throw new AssertionError("no such frame among " + frames.size());
  }
}
