package org.penstock.launcher;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.SplittableRandom;

/** Writes a file of pseudo-random bytes that follow from a seed: something to download. */
public final class SeededFile {

  private static final int MIB = 1 << 20;

  private SeededFile() {}

  /**
   * Writes the file.
   *
   * @param arguments path, mebibytes, seed
   */
  public static void main(String[] arguments) throws IOException {
    if (arguments.length != 3) {
      System.err.println("usage: SeededFile PATH MEBIBYTES SEED");
      System.exit(2);
    }
    SplittableRandom random = new SplittableRandom(Long.parseLong(arguments[2]));
    int pieces = Integer.parseInt(arguments[1]);
    ByteBuffer piece = ByteBuffer.allocateDirect(MIB);
    try (FileChannel file =
        FileChannel.open(
            Path.of(arguments[0]),
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      for (int i = 0; i < pieces; i++) {
        piece.clear();
        while (piece.hasRemaining()) {
          piece.putLong(random.nextLong());
        }
        piece.flip();
        while (piece.hasRemaining()) {
          file.write(piece);
        }
      }
    }
  }
}
