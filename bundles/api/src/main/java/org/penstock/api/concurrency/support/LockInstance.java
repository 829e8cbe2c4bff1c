package org.penstock.api.concurrency.support;

import java.util.function.Function;
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

  private interface Maker {
    LockExclusion make(
        StrategyHost host,
        String strategy,
        int index,
        Door door,
        DeadlineThread keeper,
        Errands errands);
  }

  private final LockExclusion[] exclusions;
  private final DeadlineThread keeper;
  private final AgentThreads readers;

  private LockInstance(
      StrategyHost host, String strategy, Supplier<Door> doors, String threadName, Maker maker) {
    this.keeper = new DeadlineThread(host, "penstock-" + host.stack() + threadName);
    this.readers = new AgentThreads(host);
    this.exclusions = new LockExclusion[host.partitions()];
    Errands errands = new Errands(exclusions);
    for (int i = 0; i < exclusions.length; i++) {
      exclusions[i] = maker.make(host, strategy, i, doors.get(), keeper, errands);
    }
    keeper.start();
  }

  /**
   * Starts an instance, closed.
   *
   * @param strategy the strategy's name, for messages
   * @param locks makes the lock of a partition
   */
  public static LockInstance start(
      StrategyHost host, String strategy, Supplier<? extends Lock> locks) {
    return new LockInstance(
        host, strategy, () -> parked(host, locks.get()), "-timers", LockExclusion::new);
  }

  /**
   * Starts an instance, closed, in which threads sleep in a way of the strategy's own.
   *
   * @param strategy the strategy's name, for messages
   * @param locks makes the lock of a partition
   * @param sleeps makes what the calling thread sleeps by outside of a lock, in one wait
   */
  public static <L extends Lock> LockInstance start(
      StrategyHost host, String strategy, Supplier<L> locks, Function<? super L, Sleep> sleeps) {
    Supplier<Door> doors =
        () -> {
          L lock = locks.get();
          return new Door(lock, () -> sleeps.apply(lock));
        };
    return new LockInstance(host, strategy, doors, "-timers", LockExclusion::new);
  }

  /**
   * Starts an instance, closed, whose one thread runs all that is not a caller's: frames, posted
   * sections and timers. Callers come in on their own threads, readers do not.
   *
   * @param strategy the strategy's name, for messages
   * @param locks makes the lock of a partition
   */
  public static LockInstance startWithThread(
      StrategyHost host, String strategy, Supplier<? extends Lock> locks) {
    return new LockInstance(
        host, strategy, () -> parked(host, locks.get()), "-stack", ThreadedLockExclusion::new);
  }

  private static Door parked(StrategyHost host, Lock lock) {
    return new Door(lock, () -> new ParkedSleep(host.runtime()));
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
