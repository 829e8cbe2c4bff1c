package org.penstock.api.concurrency.support;

import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.penstock.api.concurrency.StrategyHost;
import org.penstock.api.runtime.Parker;
import org.penstock.api.runtime.RuntimeThread;
import org.penstock.api.runtime.StackRuntime;

/**
 * A thread that enters a partition when its earliest deadline comes, or when it is {@linkplain
 * #urge urged}. It is woken for a new deadline only if that is earlier than what it sleeps for: a
 * deadline that moves later costs one early waking, one that moves to and fro costs nothing.
 */
public final class DeadlineThread {

  /** The thread is awake and will look at the deadline before it sleeps. */
  private static final long AWAKE = Long.MIN_VALUE;

  private final StrategyHost host;
  private final StackRuntime runtime;
  private final String name;
  private final Runnable serve;
  private final AtomicBoolean urged = new AtomicBoolean();
  private volatile long deadline = StackRuntime.NEVER;
  private volatile long sleepsUntil = AWAKE;
  private volatile boolean stopped;
  private volatile @Nullable Parker parker;
  private @Nullable RuntimeThread thread;

  /**
   * A thread, not yet started.
   *
   * @param host where its exceptions go
   * @param name for thread dumps
   * @param serve enters the partition, runs what is due, and announces the next deadline
   */
  public DeadlineThread(StrategyHost host, String name, Runnable serve) {
    this.host = host;
    this.runtime = host.runtime();
    this.name = name;
    this.serve = serve;
  }

  /** Starts the thread; once. */
  public void start() {
    thread = runtime.start(name, this::run);
  }

  /**
   * Sets the deadline; called inside the exclusion, which makes it one thread at a time.
   *
   * @return true if the thread must be woken by {@link #wake}, best after the exclusion was left
   */
  public boolean announce(long earliest) {
    if (earliest == deadline) {
      return false;
    }
    deadline = earliest;
    if (earliest >= sleepsUntil) {
      return false;
    }
    // The next who announces need not wake it again.
    sleepsUntil = earliest;
    return true;
  }

  /** Wakes the thread, so that it looks at the deadline. */
  public void wake() {
    Parker own = parker;
    if (own != null) {
      own.unpark();
    }
  }

  /** Has the thread serve as soon as it can; from any thread, never blocks. */
  public void urge() {
    if (urged.compareAndSet(false, true)) {
      wake();
    }
  }

  /** Tells the thread to end; never blocks. */
  public void stop() {
    stopped = true;
    wake();
  }

  /**
   * Waits for the thread's end after {@link #stop}.
   *
   * @return true if it has ended, or was never started
   */
  public boolean join(long deadlineNanos) {
    RuntimeThread started = thread;
    return started == null || started.join(deadlineNanos);
  }

  private void run() {
    Parker own = runtime.parker();
    parker = own;
    while (!stopped) {
      long until = deadline;
      boolean now = urged.getAndSet(false);
      if (now || (until != StackRuntime.NEVER && until <= runtime.nanoTime())) {
        serveSafely();
        continue;
      }
      sleepsUntil = until;
      // Whoever changes one of these after we looked sees that we sleep, and wakes us.
      if (deadline == until && !urged.get() && !stopped) {
        own.park(until);
      }
      sleepsUntil = AWAKE;
    }
  }

  private void serveSafely() {
    try {
      serve.run();
    } catch (Throwable e) {
      host.failed(name, e);
    }
  }
}
