package org.penstock.api.concurrency.support;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.penstock.api.concurrency.StrategyHost;
import org.penstock.api.netif.QueueAgent;
import org.penstock.api.runtime.Parker;
import org.penstock.api.runtime.RuntimeThread;
import org.penstock.api.runtime.StackRuntime;

/**
 * A reader thread for every driver queue: it works until the queue is empty, then idles in it.
 * Threads read only while {@link #open} was called and they were not released.
 *
 * <p>The methods are called by one thread at a time, as those of {@code StrategyInstance} are.
 */
public final class AgentThreads {

  /** Frames of one round. */
  public static final int BUDGET = 64;

  /**
   * A queue that is driven, and its name.
   *
   * @param agent the queue
   * @param name for the thread that drives it
   */
  public record Driven(QueueAgent agent, String name) {}

  /** How long a queue is left alone after an exception of its driver. */
  private static final long BACK_OFF_NANOS = 100_000_000L;

  private final StrategyHost host;
  private final List<Reader> readers = new CopyOnWriteArrayList<>();
  private volatile boolean opened;

  /** No threads yet. */
  public AgentThreads(StrategyHost host) {
    this.host = host;
  }

  /** Lets the readers read. */
  public void open() {
    opened = true;
    for (Reader reader : readers) {
      reader.unpark();
    }
  }

  /**
   * Starts a reader.
   *
   * @throws IllegalStateException if this queue has one already
   */
  public void drive(QueueAgent agent, String name) {
    if (find(agent) != null) {
      throw new IllegalStateException("the queue " + name + " is driven already");
    }
    Reader reader = new Reader(agent, name);
    readers.add(reader);
    reader.thread = host.runtime().start("penstock-" + name, reader);
  }

  /**
   * Ends a queue's reader.
   *
   * @return true if no thread is in the queue any more, also if it never had one
   */
  public boolean release(QueueAgent agent, long deadlineNanos) {
    Reader reader = find(agent);
    if (reader == null) {
      return true;
    }
    reader.stop();
    return ended(reader, deadlineNanos);
  }

  /**
   * Ends a reader whose queue another thread is going to drive. One that does not leave its queue
   * in time goes on.
   *
   * @return its queue, with no thread in it any more; null if no queue came free
   */
  public @Nullable Driven takeOne(long deadlineNanos) {
    for (Reader reader : readers) {
      reader.stop();
      RuntimeThread thread = reader.thread;
      if (thread == null || thread.join(deadlineNanos) || !reader.resume()) {
        readers.remove(reader);
        return new Driven(reader.agent, reader.name);
      }
    }
    return null;
  }

  /**
   * Ends all readers.
   *
   * @return true if none is left
   */
  public boolean close(long deadlineNanos) {
    for (Reader reader : readers) {
      reader.stop();
    }
    boolean all = true;
    for (Reader reader : readers) {
      all &= ended(reader, deadlineNanos);
    }
    return all;
  }

  private boolean ended(Reader reader, long deadlineNanos) {
    RuntimeThread thread = reader.thread;
    if (thread == null || thread.join(deadlineNanos)) {
      readers.remove(reader);
      return true;
    }
    // It hangs in its driver; an interrupt may get it out, but nobody waits for that.
    thread.interrupt();
    return false;
  }

  private @Nullable Reader find(QueueAgent agent) {
    for (Reader reader : readers) {
      if (reader.agent == agent) {
        return reader;
      }
    }
    return null;
  }

  private enum State {
    READS,
    /** Told to end; may be told to go on until it notices. */
    STOPS,
    /** Never enters its queue again. */
    ENDED
  }

  private final class Reader implements Runnable {
    private final QueueAgent agent;
    private final String name;
    private volatile @Nullable Parker parker;
    private final AtomicReference<State> state = new AtomicReference<>(State.READS);
    private @Nullable RuntimeThread thread;

    Reader(QueueAgent agent, String name) {
      this.agent = agent;
      this.name = name;
    }

    @Override
    public void run() {
      Parker own = host.runtime().parker();
      parker = own;
      while (goesOn()) {
        if (!opened) {
          own.park(StackRuntime.NEVER);
          continue;
        }
        try {
          if (agent.work(BUDGET) == 0 && reads()) {
            agent.idle(StackRuntime.NEVER);
          }
        } catch (Throwable e) {
          failed(e, own);
        }
      }
    }

    private boolean reads() {
      return state.get() == State.READS;
    }

    private boolean goesOn() {
      return reads() || !state.compareAndSet(State.STOPS, State.ENDED);
    }

    /** False if it has ended. */
    boolean resume() {
      return state.compareAndSet(State.STOPS, State.READS);
    }

    private void failed(Throwable e, Parker own) {
      host.failed("driving the queue " + name, e);
      long until = host.runtime().nanoTime() + BACK_OFF_NANOS;
      while (reads() && host.runtime().nanoTime() < until) {
        own.park(until);
      }
    }

    void stop() {
      state.compareAndSet(State.READS, State.STOPS);
      try {
        agent.wake();
      } catch (RuntimeException e) {
        host.failed("waking the queue " + name, e);
      }
      unpark();
    }

    void unpark() {
      Parker own = parker;
      if (own != null) {
        own.unpark();
      }
    }
  }
}
