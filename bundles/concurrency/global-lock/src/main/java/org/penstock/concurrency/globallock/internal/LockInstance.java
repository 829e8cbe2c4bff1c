package org.penstock.concurrency.globallock.internal;

import org.penstock.api.concurrency.Exclusion;
import org.penstock.api.concurrency.StrategyHost;
import org.penstock.api.concurrency.StrategyInstance;
import org.penstock.api.concurrency.StrategyStatistics;
import org.penstock.api.concurrency.support.AgentThreads;
import org.penstock.api.netif.QueueAgent;

/** The strategy at work for one stack: an exclusion, a reader for each queue. */
public final class LockInstance implements StrategyInstance {

  private final LockExclusion exclusion;
  private final AgentThreads readers;

  private LockInstance(StrategyHost host, String strategy) {
    this.exclusion = new LockExclusion(host, strategy);
    this.readers = new AgentThreads(host);
  }

  /** Starts an instance, closed. */
  public static LockInstance start(StrategyHost host, String strategy) {
    LockInstance instance = new LockInstance(host, strategy);
    instance.exclusion.start();
    return instance;
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
    readers.open();
  }

  @Override
  public void drive(QueueAgent agent, String name) {
    readers.drive(agent, name);
  }

  @Override
  public boolean release(QueueAgent agent, long deadlineNanos) {
    return readers.release(agent, deadlineNanos);
  }

  @Override
  public boolean close(long deadlineNanos) {
    // Both, whatever the first says: what can be ended is.
    boolean out = exclusion.close(deadlineNanos);
    return readers.close(deadlineNanos) && out;
  }

  @Override
  public StrategyStatistics statistics() {
    return exclusion.statistics();
  }
}
