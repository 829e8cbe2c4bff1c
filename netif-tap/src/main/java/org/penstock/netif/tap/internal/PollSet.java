package org.penstock.netif.tap.internal;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A fixed set of descriptors to wait for, an array of {@code struct pollfd}. Its memory is
 * allocated once; waiting allocates nothing. Owned by the thread that waits.
 */
final class PollSet implements AutoCloseable {
  /** What {@link #await} takes for a wait without end, in nanoseconds. */
  static final long FOR_EVER = Long.MAX_VALUE;

  // struct pollfd: int fd, short events, short revents.
  private static final int POLLFD_BYTES = 8;
  private static final int EVENTS = 4;
  private static final int RETURNED = 6;
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private final Arena arena = Arena.ofShared();
  private final MemorySegment captured = Libc.captureState(arena);
  private final MemorySegment timeout = arena.allocate(JAVA_LONG, 2);
  private final MemorySegment descriptors;
  private final int count;

  /** Makes a set that waits for each of the descriptors to become readable. */
  PollSet(int... fds) {
    count = fds.length;
    descriptors = arena.allocate((long) count * POLLFD_BYTES, POLLFD_BYTES);
    for (int i = 0; i < count; i++) {
      descriptors.set(JAVA_INT, (long) i * POLLFD_BYTES, fds[i]);
      descriptors.set(JAVA_SHORT, (long) i * POLLFD_BYTES + EVENTS, Libc.POLLIN);
    }
  }

  /** Says which events the descriptor at an index is waited for; errors are always reported. */
  void interest(int index, short events) {
    descriptors.set(JAVA_SHORT, (long) index * POLLFD_BYTES + EVENTS, events);
  }

  /** Waits no longer for the descriptor at an index. */
  void ignore(int index) {
    // poll(2): a negative descriptor is passed over, and its events are none.
    descriptors.set(JAVA_INT, (long) index * POLLFD_BYTES, -1);
  }

  /**
   * Waits until a descriptor has an event.
   *
   * @param nanos how long at most, in nanoseconds; 0 or less: only look
   * @return descriptors with events; 0 when the time was over or a signal came; or the negated
   *     errno
   */
  int await(long nanos) {
    MemorySegment limit = MemorySegment.NULL;
    if (nanos != FOR_EVER) {
      long left = Math.max(0, nanos);
      timeout.setAtIndex(JAVA_LONG, 0, left / NANOS_PER_SECOND);
      timeout.setAtIndex(JAVA_LONG, 1, left % NANOS_PER_SECOND);
      limit = timeout;
    }
    int result = Libc.ppoll(captured, descriptors, count, limit);
    if (result > 0) {
      return result;
    }
    // What the array says is of the wait before this one.
    for (int i = 0; i < count; i++) {
      descriptors.set(JAVA_SHORT, (long) i * POLLFD_BYTES + RETURNED, (short) 0);
    }
    return result == -Errno.EINTR ? 0 : result;
  }

  /** The events that the last wait found at an index. */
  int events(int index) {
    return descriptors.get(JAVA_SHORT, (long) index * POLLFD_BYTES + RETURNED);
  }

  /** Frees the memory; no wait may be running. */
  @Override
  public void close() {
    arena.close();
  }
}
