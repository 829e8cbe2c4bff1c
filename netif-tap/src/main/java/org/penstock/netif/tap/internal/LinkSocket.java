package org.penstock.netif.tap.internal;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.penstock.netif.tap.TapException;

/**
 * The kernel's side of interfaces in one network namespace: a netlink socket that becomes readable
 * when any of them changes, is created or removed. It says only <em>that</em> something changed;
 * what is asked by ioctl afterwards is the truth also when messages were lost. The same socket
 * carries those ioctls.
 *
 * <p>Queries may come from any thread; {@link #drain} from one at a time.
 */
final class LinkSocket implements AutoCloseable {
  private static final int SOCKADDR_NL_BYTES = 12;
  private static final int RTMGRP_LINK = 1;

  // A message about one link is about 1.5 KB; what does not fit is cut off, and nobody misses it.
  private static final int DRAIN_BYTES = 4096;

  // A bound for a namespace in which others make and remove interfaces without end.
  private static final int DRAIN_MESSAGES = 64;

  private final int fd;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment messages = arena.allocate(DRAIN_BYTES);

  private LinkSocket(int fd) {
    this.fd = fd;
  }

  /** Opens one in the calling thread's namespace. */
  static LinkSocket open() throws TapException {
    int type = Libc.SOCK_RAW | Libc.SOCK_NONBLOCK | Libc.SOCK_CLOEXEC;
    int fd = Libc.socket(Libc.AF_NETLINK, type, Libc.NETLINK_ROUTE);
    if (fd < 0) {
      throw new TapException("cannot open a netlink socket: " + Errno.text(fd));
    }
    try (Arena arena = Arena.ofConfined()) {
      // struct sockaddr_nl: u16 family, u16 pad, u32 port (0: the kernel chooses), u32 groups.
      MemorySegment address = arena.allocate(SOCKADDR_NL_BYTES, Integer.BYTES);
      address.set(JAVA_SHORT, 0, (short) Libc.AF_NETLINK);
      address.set(JAVA_INT, 8, RTMGRP_LINK);
      int error = Libc.bind(fd, address);
      if (error < 0) {
        Libc.close(fd);
        throw new TapException("cannot listen for link changes: " + Errno.text(error));
      }
    }
    return new LinkSocket(fd);
  }

  int fd() {
    return fd;
  }

  /** Throws away what has been announced, so that the socket is readable at the next change. */
  void drain() {
    for (int i = 0; i < DRAIN_MESSAGES; i++) {
      long result = Libc.readOrErrno(fd, messages, DRAIN_BYTES);
      // ENOBUFS: announcements were lost, which is as good as one; the rest is still to be read.
      if (result < 0 && result != -Errno.ENOBUFS) {
        return;
      }
    }
  }

  /** The interface's flags ({@link InterfaceRequest#IFF_UP}), or the negated errno. */
  int flags(String name) {
    try (Arena call = Arena.ofConfined()) {
      var request = new InterfaceRequest(call, name);
      int error = Libc.ioctl(fd, InterfaceRequest.SIOCGIFFLAGS, request.memory());
      return error < 0 ? error : request.flags();
    }
  }

  /** The interface's MTU in bytes, or the negated errno. */
  int mtu(String name) {
    return number(name, InterfaceRequest.SIOCGIFMTU);
  }

  /** The interface's index in its namespace, or the negated errno. */
  int index(String name) {
    return number(name, InterfaceRequest.SIOCGIFINDEX);
  }

  /** Sets the interface's MTU in bytes. Gives 0, or the negated errno. */
  int mtu(String name, int mtu) {
    try (Arena call = Arena.ofConfined()) {
      var request = new InterfaceRequest(call, name);
      request.number(mtu);
      return Libc.ioctl(fd, InterfaceRequest.SIOCSIFMTU, request.memory());
    }
  }

  private int number(String name, long command) {
    try (Arena call = Arena.ofConfined()) {
      var request = new InterfaceRequest(call, name);
      int error = Libc.ioctl(fd, command, request.memory());
      return error < 0 ? error : request.number();
    }
  }

  /** Closes it. No other call may be running or come later. */
  @Override
  public void close() {
    Libc.close(fd);
    arena.close();
  }
}
