package org.penstock.netif.tap.internal;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.penstock.netif.tap.TapException;

/**
 * An {@code eventfd}: any thread rings, and the thread that polls its descriptor wakes.
 *
 * <p>{@link #ring} and {@link #close} may come from any threads in any order: a ring after the
 * close does nothing, rather than write to whatever has the descriptor's number by then.
 */
final class Doorbell implements AutoCloseable {
  private final int fd;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment one = arena.allocate(JAVA_LONG);
  private final MemorySegment drained = arena.allocate(JAVA_LONG);
  private final Object open = new Object();
  private boolean closed;

  private Doorbell(int fd) {
    this.fd = fd;
    one.set(JAVA_LONG, 0, 1);
  }

  static Doorbell open() throws TapException {
    int fd = Libc.eventfd(0, Libc.EFD_NONBLOCK | Libc.EFD_CLOEXEC);
    if (fd < 0) {
      throw new TapException("cannot open an eventfd: " + Errno.text(fd));
    }
    return new Doorbell(fd);
  }

  int fd() {
    return fd;
  }

  /** Makes the descriptor readable. */
  void ring() {
    synchronized (open) {
      if (!closed) {
        // Fails only when 2⁶⁴ − 2 rings are unanswered; it is readable then, which is the point.
        Libc.write(fd, one, Long.BYTES);
      }
    }
  }

  /** Makes the descriptor unreadable again. For the polling thread alone. */
  void drain() {
    Libc.read(fd, drained, Long.BYTES);
  }

  /** Closes it; the polling thread must have ended its last poll. */
  @Override
  public void close() {
    synchronized (open) {
      if (!closed) {
        closed = true;
        Libc.close(fd);
        arena.close();
      }
    }
  }
}
