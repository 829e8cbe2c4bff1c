package org.penstock.launcher.oracle;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.penstock.testkit.impairment.WireProbe;

/** Writes what passes an end of a wire into a file that tshark reads. */
final class PcapRecorder implements WireProbe, AutoCloseable {

  private static final int MAGIC_OF_NANOSECONDS = 0xa1b2_3c4d;
  private static final int LONGEST = 65_535;
  private static final int ETHERNET = 1;
  private static final long SECOND = 1_000_000_000L;

  private final Path file;
  private final OutputStream out;

  PcapRecorder(Path file) throws IOException {
    this.file = file;
    this.out = new BufferedOutputStream(Files.newOutputStream(file));
    out.write(
        record(24)
            .putInt(MAGIC_OF_NANOSECONDS)
            .putShort((short) 2)
            .putShort((short) 4)
            .putInt(0)
            .putInt(0)
            .putInt(LONGEST)
            .putInt(ETHERNET)
            .array());
  }

  private static ByteBuffer record(int length) {
    return ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
  }

  Path file() {
    return file;
  }

  @Override
  public synchronized void seen(long nanos, MemorySegment frame) {
    int length = (int) frame.byteSize();
    try {
      out.write(
          record(16)
              .putInt((int) (nanos / SECOND))
              .putInt((int) (nanos % SECOND))
              .putInt(length)
              .putInt(length)
              .array());
      out.write(frame.toArray(ValueLayout.JAVA_BYTE));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public synchronized void close() throws IOException {
    out.close();
  }
}
