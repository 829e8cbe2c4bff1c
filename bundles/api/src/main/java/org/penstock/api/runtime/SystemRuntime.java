package org.penstock.api.runtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.concurrent.locks.LockSupport;

/**
 * The machine's own threads, clock and random source. It has no state, so that one instance serves
 * every stack of the JVM. Threads are platform daemon threads: a driver's queue sits in system
 * calls, which would pin a virtual thread's carrier.
 */
public final class SystemRuntime implements StackRuntime {

  private static final SystemRuntime INSTANCE = new SystemRuntime();
  private static final Path SCHEDSTAT = Path.of("/proc/thread-self/schedstat");

  // System.nanoTime may start anywhere, even below zero; deadlines here are plain comparable longs.
  private final long origin = System.nanoTime();
  private final RandomSource random;

  private SystemRuntime() {
    SecureRandom secure = new SecureRandom();
    this.random = secure::nextLong;
  }

  /** The one instance. */
  public static StackRuntime get() {
    return INSTANCE;
  }

  @Override
  public long nanoTime() {
    return System.nanoTime() - origin;
  }

  @Override
  public long wallTimeNanos() {
    Instant now = Instant.now();
    return now.getEpochSecond() * 1_000_000_000L + now.getNano();
  }

  @Override
  public RandomSource random() {
    return random;
  }

  @Override
  public RuntimeThread start(String name, Runnable body) {
    Thread thread = Thread.ofPlatform().daemon(true).name(name).start(body);
    return new SystemThread(thread, this);
  }

  @Override
  public RuntimeThread current() {
    return new SystemThread(Thread.currentThread(), this);
  }

  @Override
  public boolean clearInterrupt() {
    return Thread.interrupted();
  }

  @Override
  public Parker parker() {
    return new ThreadParker(Thread.currentThread(), this);
  }

  @Override
  public long threadId() {
    return Thread.currentThread().threadId();
  }

  @Override
  public long runQueueWaitNanos() {
    // Linux: time on a processor, time waited for one, time slices (Documentation/scheduler).
    try {
      String[] words = Files.readString(SCHEDSTAT).split(" ", 3);
      return words.length == 3 ? Long.parseLong(words[1]) : 0;
    } catch (IOException | NumberFormatException e) {
      return 0;
    }
  }

  @Override
  public void spinHint() {
    Thread.onSpinWait();
  }

  @Override
  public void giveWay() {
    Thread.yield();
  }

  @Override
  public int processors() {
    return Runtime.getRuntime().availableProcessors();
  }

  private static final class ThreadParker implements Parker {
    private final Thread owner;
    private final StackRuntime runtime;
    private volatile boolean permit;

    ThreadParker(Thread owner, StackRuntime runtime) {
      this.owner = owner;
      this.runtime = runtime;
    }

    @Override
    public boolean park(long deadlineNanos) {
      // The permit is this object's own: another parker of the same thread may consume
      // LockSupport's, which makes our park return early but never loses what we were given.
      if (!permit && !owner.isInterrupted()) {
        sleep(deadlineNanos);
      }
      permit = false;
      return !owner.isInterrupted();
    }

    @Override
    public void parkUninterruptibly(long deadlineNanos) {
      // A thread whose status is set does not sleep in LockSupport, and setting the status leaves a
      // permit there that ends the next sleep at once: hence the loop.
      boolean interrupted = false;
      while (!permit && (deadlineNanos == NEVER || runtime.nanoTime() < deadlineNanos)) {
        interrupted |= Thread.interrupted();
        sleep(deadlineNanos);
      }
      if (interrupted) {
        owner.interrupt();
      }
      permit = false;
    }

    private void sleep(long deadlineNanos) {
      if (deadlineNanos == NEVER) {
        LockSupport.park(this);
      } else {
        long left = deadlineNanos - runtime.nanoTime();
        if (left > 0) {
          LockSupport.parkNanos(this, left);
        }
      }
    }

    @Override
    public void unpark() {
      permit = true;
      LockSupport.unpark(owner);
    }
  }

  private record SystemThread(Thread thread, StackRuntime runtime) implements RuntimeThread {
    @Override
    public boolean join(long deadlineNanos) {
      if (thread == Thread.currentThread()) {
        return false;
      }
      try {
        if (deadlineNanos == NEVER) {
          thread.join();
          return true;
        }
        long left = Math.max(1, deadlineNanos - runtime.nanoTime());
        return thread.join(java.time.Duration.ofNanos(left));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return !thread.isAlive();
      }
    }

    @Override
    public void interrupt() {
      thread.interrupt();
    }

    @Override
    public boolean isAlive() {
      return thread.isAlive();
    }

    @Override
    public String stackTrace() {
      StringBuilder text = new StringBuilder();
      for (StackTraceElement frame : thread.getStackTrace()) {
        text.append(frame).append('\n');
      }
      return text.toString();
    }
  }
}
