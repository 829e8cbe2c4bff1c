package org.penstock.netif.tap.internal;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.penstock.netif.tap.TapException;

/** Goes into a network namespace, runs something there, and is gone. */
final class NamespaceVisit {

  /** What is run there: it opens descriptors, which then work from any thread. */
  interface Action<T> {
    T run() throws TapException;
  }

  private NamespaceVisit() {}

  /**
   * Runs an action in a namespace and gives its result. A descriptor belongs to the namespace of
   * the thread that opened it, and {@code setns} moves a single thread; hence a thread of its own,
   * a platform thread because a virtual one's carrier is everybody's, that ends with the action.
   *
   * @param file the file that stands for the namespace; empty: run on the calling thread
   * @param action what to run, without blocking for long
   */
  static <T> T call(Optional<String> file, Action<T> action) throws TapException {
    if (file.isEmpty()) {
      return action.run();
    }
    var guest = new Guest<>(file.get(), action);
    Thread thread = Thread.ofPlatform().name("penstock-netns").daemon(true).start(guest);
    joinUninterruptibly(thread);
    return guest.result();
  }

  private static void joinUninterruptibly(Thread thread) {
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        // What the action opened must reach its owner, who closes it; it does not block for long.
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static final class Guest<T> implements Runnable {
    private final String file;
    private final Action<T> action;
    private @Nullable T result;
    private @Nullable Throwable failure;

    Guest(String file, Action<T> action) {
      this.file = file;
      this.action = action;
    }

    @Override
    public void run() {
      try {
        enter(file);
        result = action.run();
      } catch (TapException | RuntimeException | Error e) {
        failure = e;
      }
    }

    T result() throws TapException {
      switch (failure) {
        case null -> {}
        case TapException e -> throw e;
        case RuntimeException e -> throw e;
        default -> throw (Error) failure;
      }
      if (result == null) {
        throw new IllegalStateException("the action gave no result");
      }
      return result;
    }
  }

  private static void enter(String file) throws TapException {
    int fd = Libc.open(file, Libc.O_RDONLY | Libc.O_CLOEXEC);
    if (fd < 0) {
      throw new TapException(
          "cannot open the network namespace "
              + file
              + ": "
              + Errno.text(fd)
              + (fd == -Errno.ENOENT ? "; " + creation(file) : ""));
    }
    int error = Libc.setns(fd, Libc.CLONE_NEWNET);
    Libc.close(fd);
    if (error < 0) {
      String advice =
          switch (-error) {
            case Errno.EPERM -> "; run as root, or grant CAP_SYS_ADMIN";
            case Errno.EINVAL -> "; this file stands for no network namespace; " + creation(file);
            default -> "";
          };
      throw new TapException(
          "cannot enter the network namespace " + file + ": " + Errno.text(error) + advice);
    }
  }

  private static String creation(String file) {
    return "create it with 'ip netns add " + file.substring(file.lastIndexOf('/') + 1) + "'";
  }
}
