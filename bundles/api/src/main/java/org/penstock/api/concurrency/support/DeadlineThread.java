package org.penstock.api.concurrency.support;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.penstock.api.concurrency.StrategyHost;
import org.penstock.api.runtime.Parker;
import org.penstock.api.runtime.RuntimeThread;
import org.penstock.api.runtime.StackRuntime;

/**
 * A thread that serves partitions when their earliest deadlines come, or when it is {@linkplain
 * Seat#urge urged}. It is woken for a new deadline only if that is earlier than what it sleeps for:
 * a deadline that moves later costs one early waking, one that moves to and fro costs nothing.
 *
 * <p>Partitions that share the thread must not keep each other waiting, so serving one must not
 * wait for who is inside it: it leaves the {@linkplain Seat#isDue due} mark to that thread.
 */
public final class DeadlineThread {

  /** The thread is awake and will look at the deadlines before it sleeps. */
  private static final long AWAKE = Long.MIN_VALUE;

  private final StrategyHost host;
  private final StackRuntime runtime;
  private final String name;
  private final List<Seat> seats = new CopyOnWriteArrayList<>();
  private volatile long sleepsUntil = AWAKE;
  private volatile boolean stopped;
  private volatile @Nullable Parker parker;
  private volatile long id;
  private @Nullable RuntimeThread thread;

  /**
   * A thread, not yet started.
   *
   * @param host where its exceptions go
   * @param name for thread dumps
   */
  public DeadlineThread(StrategyHost host, String name) {
    this.host = host;
    this.runtime = host.runtime();
    this.name = name;
  }

  /**
   * Gives a partition its place; before {@link #start}.
   *
   * @param serve called on this thread after the seat was marked as due: enters the partition if
   *     nobody is inside, {@linkplain Seat#takeDue takes} the mark, runs what is due, and announces
   *     the next deadline
   */
  public Seat seat(Runnable serve) {
    Seat seat = new Seat(serve);
    seats.add(seat);
    return seat;
  }

  /** Starts the thread; once. */
  public void start() {
    thread = runtime.start(name, this::run);
  }

  /** True if the calling thread is this one. */
  public boolean isCaller() {
    return id == runtime.threadId();
  }

  /** Wakes the thread, so that it looks at the deadlines. */
  public void wake() {
    Parker own = parker;
    if (own != null) {
      own.unpark();
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
    id = runtime.threadId();
    Parker own = runtime.parker();
    parker = own;
    while (!stopped) {
      if (serveAll()) {
        continue;
      }
      long until = earliest();
      sleepsUntil = until;
      // Whoever changes one of these after we looked sees that we sleep, and wakes us.
      if (earliest() == until && !isUrged() && !stopped) {
        own.park(until);
      }
      sleepsUntil = AWAKE;
    }
  }

  /** False if there was nothing to do. */
  private boolean serveAll() {
    boolean served = false;
    long now = earliest() == StackRuntime.NEVER ? 0 : runtime.nanoTime();
    for (Seat seat : seats) {
      boolean urged = seat.urged.get() && seat.urged.getAndSet(false);
      if (urged || seat.awaited() <= now) {
        seat.serveSafely();
        served = true;
      }
    }
    return served;
  }

  private long earliest() {
    long earliest = StackRuntime.NEVER;
    for (Seat seat : seats) {
      earliest = Math.min(earliest, seat.awaited());
    }
    return earliest;
  }

  private boolean isUrged() {
    for (Seat seat : seats) {
      if (seat.urged.get()) {
        return true;
      }
    }
    return false;
  }

  /** One partition's deadline. */
  public final class Seat {
    private final Runnable serve;
    private final AtomicBoolean urged = new AtomicBoolean();
    private volatile long deadline = StackRuntime.NEVER;
    private volatile boolean due;

    /** The mark was taken in this occupation; guarded by the exclusion. */
    private boolean taken;

    private Seat(Runnable serve) {
      this.serve = serve;
    }

    /**
     * Sets the deadline; called inside the exclusion, at the end of every occupation.
     *
     * @return true if the thread must be woken by {@link DeadlineThread#wake}, best after the
     *     exclusion was left
     */
    public boolean announce(long earliest) {
      if (earliest == deadline && !taken) {
        return false;
      }
      taken = false;
      deadline = earliest;
      if (earliest >= sleepsUntil) {
        return false;
      }
      // The next who announces need not wake it again. Where two partitions announce at once the
      // later value may stay: that costs a waking in vain, and none is left out.
      sleepsUntil = earliest;
      return true;
    }

    /** True if the deadline has come and nobody has run what is due yet; from any thread. */
    public boolean isDue() {
      return due;
    }

    /**
     * Takes the mark away; inside the exclusion. Who took it runs the timers.
     *
     * @return false if nothing was due
     */
    public boolean takeDue() {
      if (!due) {
        return false;
      }
      due = false;
      taken = true;
      return true;
    }

    /** Has the thread serve the partition as soon as it can; from any thread, never blocks. */
    public void urge() {
      if (urged.compareAndSet(false, true)) {
        wake();
      }
    }

    /** What the thread sleeps for; a deadline that has come is the affair of who is inside. */
    private long awaited() {
      return due ? StackRuntime.NEVER : deadline;
    }

    private void serveSafely() {
      try {
        due = true;
        serve.run();
      } catch (Throwable e) {
        host.failed(name, e);
      }
    }
  }
}
