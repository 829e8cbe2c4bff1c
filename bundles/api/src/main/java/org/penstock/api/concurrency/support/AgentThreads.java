package org.penstock.api.concurrency.support;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
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

  private final class Reader implements Runnable {
    private final QueueAgent agent;
    private final String name;
    private volatile @Nullable Parker parker;
    private volatile boolean stopped;
    private @Nullable RuntimeThread thread;

    Reader(QueueAgent agent, String name) {
      this.agent = agent;
      this.name = name;
    }

    @Override
    public void run() {
      Parker own = host.runtime().parker();
      parker = own;
      while (!opened && !stopped) {
        own.park(StackRuntime.NEVER);
      }
      while (!stopped) {
        try {
          if (agent.work(BUDGET) == 0 && !stopped) {
            agent.idle(StackRuntime.NEVER);
          }
        } catch (Throwable e) {
          failed(e, own);
        }
      }
    }

    private void failed(Throwable e, Parker own) {
      host.failed("driving the queue " + name, e);
      long until = host.runtime().nanoTime() + BACK_OFF_NANOS;
      while (!stopped && host.runtime().nanoTime() < until) {
        own.park(until);
      }
    }

    void stop() {
      stopped = true;
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
