package org.penstock.netif.tap.internal;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/**
 * The system calls the driver makes, by {@code java.lang.foreign}.
 *
 * <p>Two kinds. {@link #read}, {@link #write} and {@link #writev} are the data path: critical
 * downcalls (3 ns, no thread-state transition) that give −1 for any error and do not say which.
 * They are for descriptors that never block, because a critical call keeps the VM from reaching a
 * safepoint. Every other method gives the call's result or, when it failed, the negated {@code
 * errno}, as the kernel itself does: one int to test, no side channel.
 *
 * <p>Loading this class needs Linux; {@link #requireLinux} says so in plain words. Thread-safe.
 */
final class Libc {
  static final int O_RDONLY = 0;
  static final int O_RDWR = 2;
  static final int O_NONBLOCK = 0x800;
  static final int O_CLOEXEC = 0x80000;

  static final short POLLIN = 1;
  static final short POLLOUT = 4;
  static final short POLLERR = 8;
  static final short POLLHUP = 0x10;
  static final short POLLNVAL = 0x20;

  static final int EFD_NONBLOCK = O_NONBLOCK;
  static final int EFD_CLOEXEC = O_CLOEXEC;
  static final int CLONE_NEWNET = 0x4000_0000;

  static final int AF_NETLINK = 16;
  static final int SOCK_RAW = 3;
  static final int SOCK_NONBLOCK = O_NONBLOCK;
  static final int SOCK_CLOEXEC = O_CLOEXEC;
  static final int NETLINK_ROUTE = 0;

  /** Bytes of a {@code struct iovec}: address, then length, a machine word each. */
  static final int IOVEC_BYTES = 16;

  /** The most entries {@link #writev} takes at once, {@code UIO_MAXIOV}. */
  static final int IOVEC_MAX = 1024;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final SymbolLookup SYMBOLS = LINKER.defaultLookup();
  private static final Linker.Option CRITICAL = Linker.Option.critical(false);
  private static final Linker.Option ERRNO = Linker.Option.captureCallState("errno");
  private static final VarHandle CAPTURED =
      Linker.Option.captureStateLayout().varHandle(MemoryLayout.PathElement.groupElement("errno"));

  private static final FunctionDescriptor TRANSFER =
      FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG);
  private static final FunctionDescriptor TRANSFER_VECTOR =
      FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT);

  private static final MethodHandle READ = handle("read", TRANSFER, CRITICAL);
  private static final MethodHandle WRITE = handle("write", TRANSFER, CRITICAL);
  private static final MethodHandle WRITEV = handle("writev", TRANSFER_VECTOR, CRITICAL);

  private static final MethodHandle READ_ERRNO = handle("read", TRANSFER, ERRNO);
  private static final MethodHandle WRITE_ERRNO = handle("write", TRANSFER, ERRNO);
  private static final MethodHandle WRITEV_ERRNO = handle("writev", TRANSFER_VECTOR, ERRNO);

  // open and ioctl are variadic in C; what stands after their fixed parameters must say so.
  private static final MethodHandle OPEN =
      handle(
          "open",
          FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT),
          ERRNO,
          Linker.Option.firstVariadicArg(2));
  private static final MethodHandle IOCTL_POINTER =
      handle(
          "ioctl",
          FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS),
          ERRNO,
          Linker.Option.firstVariadicArg(2));
  private static final MethodHandle IOCTL_VALUE =
      handle(
          "ioctl",
          FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG),
          ERRNO,
          Linker.Option.firstVariadicArg(2));
  private static final MethodHandle CLOSE =
      handle("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT), ERRNO);
  private static final MethodHandle EVENTFD =
      handle("eventfd", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT), ERRNO);
  private static final MethodHandle SETNS =
      handle("setns", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT), ERRNO);
  private static final MethodHandle SOCKET =
      handle("socket", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT), ERRNO);
  private static final MethodHandle BIND =
      handle("bind", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT), ERRNO);
  // Plain, never critical: it sleeps, and a critical call would hold up every safepoint.
  private static final MethodHandle PPOLL =
      handle("ppoll", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, ADDRESS, ADDRESS), ERRNO);
  private static final MethodHandle STRERROR =
      handle("strerror", FunctionDescriptor.of(ADDRESS, JAVA_INT));

  private Libc() {}

  /**
   * Says whether this class can be used at all.
   *
   * @throws UnsupportedOperationException on any system but Linux, and on one of 32 bits
   */
  static void requireLinux() {
    String system = System.getProperty("os.name", "");
    if (!system.equals("Linux") || ADDRESS.byteSize() != Long.BYTES) {
      throw new UnsupportedOperationException(
          "TAP devices need 64-bit Linux; this system is " + system);
    }
  }

  /** {@code read} on a non-blocking descriptor: bytes read, or −1 for whatever reason. */
  static long read(int fd, MemorySegment buffer, long length) {
    try {
      return (long) READ.invokeExact(fd, buffer, length);
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  /** {@code write} on a non-blocking descriptor: bytes written, or −1 for whatever reason. */
  static long write(int fd, MemorySegment buffer, long length) {
    try {
      return (long) WRITE.invokeExact(fd, buffer, length);
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  /** {@code writev} on a non-blocking descriptor: bytes written, or −1 for whatever reason. */
  static long writev(int fd, MemorySegment vector, int count) {
    try {
      return (long) WRITEV.invokeExact(fd, vector, count);
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  /** {@link #read}, but a failure gives the negated errno. */
  static long readOrErrno(int fd, MemorySegment buffer, long length) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = captureState(arena);
      long result = (long) READ_ERRNO.invokeExact(state, fd, buffer, length);
      return result >= 0 ? result : -captured(state);
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  /** {@link #write}, but a failure gives the negated errno. */
  static long writeOrErrno(int fd, MemorySegment buffer, long length) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = captureState(arena);
      long result = (long) WRITE_ERRNO.invokeExact(state, fd, buffer, length);
      return result >= 0 ? result : -captured(state);
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  /** {@link #writev}, but a failure gives the negated errno. */
  static long writevOrErrno(int fd, MemorySegment vector, int count) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = captureState(arena);
      long result = (long) WRITEV_ERRNO.invokeExact(state, fd, vector, count);
      return result >= 0 ? result : -captured(state);
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  /** {@code open} of an existing file. */
  static int open(String path, int flags) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = captureState(arena);
      MemorySegment name = arena.allocateFrom(path);
      return result((int) OPEN.invokeExact(state, name, flags), state);
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  /** {@code ioctl} whose argument is a structure. */
  static int ioctl(int fd, long request, MemorySegment argument) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = captureState(arena);
      return result((int) IOCTL_POINTER.invokeExact(state, fd, request, argument), state);
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  /** {@code ioctl} whose argument is a number. */
  static int ioctl(int fd, long request, long argument) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = captureState(arena);
      return result((int) IOCTL_VALUE.invokeExact(state, fd, request, argument), state);
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  /** {@code close}. On Linux the descriptor is gone whatever the result. */
  static int close(int fd) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = captureState(arena);
      return result((int) CLOSE.invokeExact(state, fd), state);
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  static int eventfd(int initial, int flags) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = captureState(arena);
      return result((int) EVENTFD.invokeExact(state, initial, flags), state);
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  /** {@code setns}: moves the calling (platform) thread, and only it, into a namespace. */
  static int setns(int fd, int kind) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = captureState(arena);
      return result((int) SETNS.invokeExact(state, fd, kind), state);
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  static int socket(int domain, int type, int protocol) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = captureState(arena);
      return result((int) SOCKET.invokeExact(state, domain, type, protocol), state);
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  static int bind(int fd, MemorySegment address) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = captureState(arena);
      int length = Math.toIntExact(address.byteSize());
      return result((int) BIND.invokeExact(state, fd, address, length), state);
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  /**
   * {@code ppoll}: waits with the precision of a nanosecond clock, not of {@code poll}'s
   * milliseconds, so that the stack's timers are kept.
   *
   * @param state where errno is captured, from {@link #captureState}
   * @param descriptors an array of {@code struct pollfd}
   * @param count its entries
   * @param timeout a {@code struct timespec}, or {@link MemorySegment#NULL} to wait for ever
   * @return entries with events, 0 when the time is over, or the negated errno
   */
  static int ppoll(
      MemorySegment state, MemorySegment descriptors, long count, MemorySegment timeout) {
    try {
      return result(
          (int) PPOLL.invokeExact(state, descriptors, count, timeout, MemorySegment.NULL), state);
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  /** Room for a captured errno. */
  static MemorySegment captureState(Arena arena) {
    return arena.allocate(Linker.Option.captureStateLayout());
  }

  /** The C library's words for an error number. */
  static String strerror(int errno) {
    try {
      MemorySegment text = (MemorySegment) STRERROR.invokeExact(errno);
      return text.reinterpret(Long.MAX_VALUE).getString(0);
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  private static int result(int value, MemorySegment state) {
    return value >= 0 ? value : -captured(state);
  }

  private static int captured(MemorySegment state) {
    return (int) CAPTURED.get(state, 0L);
  }

  private static MethodHandle handle(
      String name, FunctionDescriptor descriptor, Linker.Option... options) {
    return LINKER.downcallHandle(SYMBOLS.findOrThrow(name), descriptor, options);
  }

  private static RuntimeException unexpected(Throwable t) {
    if (t instanceof RuntimeException e) {
      return e;
    }
    if (t instanceof Error e) {
      throw e;
    }
    throw new AssertionError("a downcall throws nothing checked", t);
  }
}
