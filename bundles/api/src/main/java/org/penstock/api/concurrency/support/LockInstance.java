package org.penstock.api.concurrency.support;

import java.util.function.Supplier;
import org.penstock.api.concurrency.Exclusion;
import org.penstock.api.concurrency.StrategyHost;
import org.penstock.api.concurrency.StrategyInstance;
import org.penstock.api.concurrency.StrategyStatistics;
import org.penstock.api.netif.QueueAgent;
import org.penstock.api.sync.Lock;

/**
 * A strategy at work whose exclusion is a lock for each partition: callers and readers come in on
 * their own threads. A reader thread drives each queue, and one thread keeps the deadlines of all
 * partitions.
 */
public final class LockInstance implements StrategyInstance {

  private final LockExclusion[] exclusions;
  private final DeadlineThread keeper;
  private final AgentThreads readers;

  private LockInstance(StrategyHost host, String strategy, Supplier<? extends Lock> locks) {
    this.keeper = new DeadlineThread(host, "penstock-" + host.stack() + "-timers");
    this.readers = new AgentThreads(host);
    this.exclusions = new LockExclusion[host.partitions()];
    for (int i = 0; i < exclusions.length; i++) {
      exclusions[i] = new LockExclusion(host, strategy, i, locks.get(), keeper);
    }
  }

  /**
   * Starts an instance, closed.
   *
   * @param strategy the strategy's name, for messages
   * @param locks makes the lock of a partition
   */
  public static LockInstance start(
      StrategyHost host, String strategy, Supplier<? extends Lock> locks) {
    LockInstance instance = new LockInstance(host, strategy, locks);
    instance.keeper.start();
    return instance;
  }

  @Override
  public Exclusion exclusion(int partition) {
    if (partition < 0 || partition >= exclusions.length) {
      throw new IllegalArgumentException(
          "partition " + partition + ": there are 0 to " + (exclusions.length - 1));
    }
    return exclusions[partition];
  }

  @Override
  public void open() {
    for (LockExclusion exclusion : exclusions) {
      exclusion.open();
    }
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
    for (LockExclusion exclusion : exclusions) {
      exclusion.shut();
    }
    keeper.stop();
    // All of it, whatever the first says: what can be ended is.
    boolean out = true;
    for (LockExclusion exclusion : exclusions) {
      out &= exclusion.clear(deadlineNanos);
    }
    out &= keeper.join(deadlineNanos);
    return readers.close(deadlineNanos) && out;
  }

  @Override
  public StrategyStatistics statistics() {
    StrategyStatistics sum = exclusions[0].tally().statistics();
    for (int i = 1; i < exclusions.length; i++) {
      sum = sum.plus(exclusions[i].tally().statistics());
    }
    return sum;
  }
}
