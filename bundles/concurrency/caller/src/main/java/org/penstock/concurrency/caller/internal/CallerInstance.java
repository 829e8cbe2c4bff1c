package org.penstock.concurrency.caller.internal;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.penstock.api.concurrency.Exclusion;
import org.penstock.api.concurrency.StrategyHost;
import org.penstock.api.concurrency.StrategyInstance;
import org.penstock.api.concurrency.StrategyStatistics;
import org.penstock.api.netif.QueueAgent;
import org.penstock.api.runtime.Parker;
import org.penstock.api.runtime.StackRuntime;

/** The strategy at work for one stack: its driver queues and its exclusion. */
public final class CallerInstance implements StrategyInstance {

  private static final int BUDGET = 64;

  /** How often a release that waits for the driving thread looks again. */
  private static final long LOOK_NANOS = 1_000_000L;

  private record Driven(QueueAgent agent, String name) {}

  private final StrategyHost host;
  private final StackRuntime runtime;
  private final Rounds rounds;
  private final CallerExclusion exclusion;
  private final List<Driven> queues = new CopyOnWriteArrayList<>();
  private volatile @Nullable Driven working;

  /** An instance, closed. */
  public CallerInstance(StrategyHost host, Rounds rounds) {
    this.host = host;
    this.runtime = host.runtime();
    this.rounds = rounds;
    this.exclusion = new CallerExclusion(host, rounds);
    rounds.add(this);
  }

  @Override
  public Exclusion exclusion(int partition) {
    if (partition != 0) {
      throw new IllegalArgumentException("partition " + partition + ": there is only 0");
    }
    return exclusion;
  }

  @Override
  public void open() {
    exclusion.open();
  }

  @Override
  public void drive(QueueAgent agent, String name) {
    queues.add(new Driven(agent, name));
  }

  @Override
  public boolean release(QueueAgent agent, long deadlineNanos) {
    queues.removeIf(driven -> driven.agent == agent);
    Parker parker = runtime.parker();
    while (isWorking(agent)) {
      long now = runtime.nanoTime();
      if (now >= deadlineNanos || exclusion.isDriver()) {
        return false;
      }
      parker.parkUninterruptibly(Math.min(deadlineNanos, now + LOOK_NANOS));
    }
    return true;
  }

  private boolean isWorking(QueueAgent agent) {
    Driven now = working;
    return now != null && now.agent == agent;
  }

  @Override
  public boolean close(long deadlineNanos) {
    boolean out = true;
    for (Driven driven : queues) {
      out &= release(driven.agent, deadlineNanos);
    }
    out &= exclusion.close(deadlineNanos);
    rounds.remove(this);
    return out;
  }

  @Override
  public StrategyStatistics statistics() {
    return exclusion.statistics();
  }

  void takeOver() {
    exclusion.takeOver();
  }

  long nextDeadline() {
    long earliest = exclusion.nextDeadline();
    if (exclusion.isOpen()) {
      for (Driven driven : queues) {
        earliest = Math.min(earliest, driven.agent.nextDue());
      }
    }
    return earliest;
  }

  /** One round; the number of things done. */
  int step() {
    if (!exclusion.isOpen()) {
      return 0;
    }
    exclusion.requireDriver("poll");
    int done = 0;
    for (Driven driven : queues) {
      done += work(driven);
    }
    return done + exclusion.step();
  }

  private int work(Driven driven) {
    Driven outer = working;
    working = driven;
    try {
      // Said before looked: a release that does not see us working is seen here.
      return queues.contains(driven) ? driven.agent.work(BUDGET) : 0;
    } catch (Throwable e) {
      host.failed("driving the queue " + driven.name, e);
      return 0;
    } finally {
      working = outer;
    }
  }
}
