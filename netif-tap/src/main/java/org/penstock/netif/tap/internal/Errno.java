package org.penstock.netif.tap.internal;

/** The error numbers that the driver tells apart (Linux, all 64-bit architectures it runs on). */
final class Errno {
  static final int EPERM = 1;
  static final int ENOENT = 2;
  static final int EINTR = 4;
  static final int EIO = 5;
  static final int ENXIO = 6;
  static final int EAGAIN = 11;
  static final int ENOMEM = 12;
  static final int EACCES = 13;
  static final int EBUSY = 16;
  static final int EEXIST = 17;
  static final int ENODEV = 19;
  static final int EINVAL = 22;
  static final int EMFILE = 24;
  static final int ENFILE = 23;
  static final int E2BIG = 7;
  static final int EBADFD = 77;
  static final int ENOBUFS = 105;

  private Errno() {}

  /** The C library's words and the number, for a message: {@code Invalid argument (errno 22)}. */
  static String text(long errno) {
    int number = Math.toIntExact(Math.abs(errno));
    return Libc.strerror(number) + " (errno " + number + ")";
  }
}
