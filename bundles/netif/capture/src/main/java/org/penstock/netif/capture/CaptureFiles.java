package org.penstock.netif.capture;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The file or pipe that a capture goes to, or its files one after the other. One thread. */
final class CaptureFiles implements AutoCloseable {

  private final Path target;
  private final int ring;
  private final boolean pipe;
  private final Deque<Path> kept = new ArrayDeque<>();
  private @Nullable FileChannel channel;
  private int number;
  private long position;

  CaptureFiles(Path target, int ring) {
    this.target = target;
    this.ring = ring;
    this.pipe = isPipe(target);
  }

  /** True for a named pipe, or a device: what is there already and is not replaced. */
  static boolean isPipe(Path path) {
    return Files.exists(path) && !Files.isRegularFile(path) && !Files.isDirectory(path);
  }

  /** Opens the first file, or the next and deletes what the ring has no room for. */
  void next() throws IOException {
    close();
    if (pipe) {
      channel = FileChannel.open(target, StandardOpenOption.WRITE);
    } else {
      Path file = ring == 0 ? target : numbered(++number);
      channel =
          FileChannel.open(
              file,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE);
      kept.addLast(file);
      if (ring > 0 && kept.size() > ring) {
        Files.deleteIfExists(kept.removeFirst());
      }
    }
    position = 0;
  }

  /** As {@code trace-00001.pcapng} of {@code trace.pcapng}. */
  private Path numbered(int which) {
    String name = target.getFileName().toString();
    int dot = name.lastIndexOf('.');
    String stem = dot <= 0 ? name : name.substring(0, dot);
    String suffix = dot <= 0 ? "" : name.substring(dot);
    return target.resolveSibling(String.format(Locale.ROOT, "%s-%05d%s", stem, which, suffix));
  }

  /** Writes all of a buffer and empties it. */
  void write(ByteBuffer buffer) throws IOException {
    buffer.flip();
    position += buffer.remaining();
    FileChannel to = channel;
    while (to != null && buffer.hasRemaining()) {
      to.write(buffer);
    }
    buffer.clear();
  }

  /** Bytes of the present file. */
  long position() {
    return position;
  }

  @Override
  public void close() throws IOException {
    FileChannel open = channel;
    channel = null;
    if (open != null) {
      open.close();
    }
  }
}
