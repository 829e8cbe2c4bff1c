package org.penstock.api.concurrency.support;

import org.penstock.api.concurrency.Exclusion;
import org.penstock.api.concurrency.StrategyHost;
import org.penstock.api.concurrency.StrategyInstance;
import org.penstock.api.concurrency.StrategyStatistics;
import org.penstock.api.netif.QueueAgent;

/**
 * A strategy's instance that has a thread for every partition, with a mailbox in front of each:
 * nothing but its thread ever enters a partition, so there is no lock around the core. Each thread
 * drives one driver queue, if there is one for it, and idles in it; further queues have readers,
 * which enter no partition.
 *
 * <p>Frames of a thread's own partition are taken in on the spot; those that belong to another are
 * refused by {@code deliver}, so that the stack queues and posts them.
 *
 * <p>A call from one partition's thread into another never deadlocks, whichever way two of them
 * call each other: who waits serves its own mailbox meanwhile.
 */
public final class PartitionThreads implements StrategyInstance {

  /** How long a reader is given to leave a queue that a partition's thread could drive. */
  private static final long MOVE_LIMIT_NANOS = 100_000_000L;

  private final StrategyHost host;
  private final PartitionMailbox[] mailboxes;
  private final PartitionThread[] threads;
  private final AgentThreads readers;

  private PartitionThreads(StrategyHost host, String strategy) {
    this.host = host;
    this.mailboxes = new PartitionMailbox[host.partitions()];
    this.threads = new PartitionThread[mailboxes.length];
    this.readers = new AgentThreads(host);
    for (int i = 0; i < mailboxes.length; i++) {
      mailboxes[i] = new PartitionMailbox(host, strategy, host.partition(i));
      threads[i] = new PartitionThread(host, mailboxes[i]);
      mailboxes[i].servedBy(threads[i]);
    }
  }

  /**
   * Starts an instance, closed.
   *
   * @param strategy its strategy, for messages
   * @param role what the threads are called, as in {@code penstock-STACK-ROLE}; a number follows
   *     where there are several
   */
  public static PartitionThreads start(StrategyHost host, String strategy, String role) {
    PartitionThreads instance = new PartitionThreads(host, strategy);
    String name = "penstock-" + host.stack() + "-" + role;
    boolean several = instance.threads.length > 1;
    for (int i = 0; i < instance.threads.length; i++) {
      instance.threads[i].start(several ? name + "-" + i : name);
    }
    return instance;
  }

  @Override
  public Exclusion exclusion(int partition) {
    if (partition < 0 || partition >= mailboxes.length) {
      throw new IllegalArgumentException(
          "partition " + partition + " is not one of the " + mailboxes.length + " there are");
    }
    return mailboxes[partition];
  }

  @Override
  public void open() {
    for (int i = 0; i < threads.length; i++) {
      mailboxes[i].open();
      threads[i].nudge();
    }
    readers.open();
  }

  @Override
  public void drive(QueueAgent agent, String name) {
    for (PartitionThread thread : threads) {
      if (thread.drives(agent)) {
        throw new IllegalStateException("the queue " + name + " is driven already");
      }
    }
    for (PartitionThread thread : threads) {
      if (thread.drive(agent, name)) {
        return;
      }
    }
    readers.drive(agent, name);
  }

  @Override
  public boolean release(QueueAgent agent, long deadlineNanos) {
    for (PartitionThread thread : threads) {
      // One at a time has it, but one that let go of it late may still be in it.
      if (!thread.release(agent, deadlineNanos)) {
        return false;
      }
    }
    if (!readers.release(agent, deadlineNanos)) {
      return false;
    }
    employ(deadlineNanos);
    return true;
  }

  /**
   * A thread without a queue takes one over that has a reader, so that its frames are not posted.
   */
  private void employ(long deadlineNanos) {
    long limit = Math.min(deadlineNanos, host.runtime().nanoTime() + MOVE_LIMIT_NANOS);
    for (PartitionThread thread : threads) {
      if (!thread.drives()) {
        AgentThreads.Driven moved = readers.takeOne(limit);
        if (moved == null) {
          return;
        }
        thread.drive(moved.agent(), moved.name());
      }
    }
  }

  @Override
  public boolean close(long deadlineNanos) {
    for (int i = 0; i < threads.length; i++) {
      threads[i].stop();
      mailboxes[i].close();
    }
    boolean out = readers.close(deadlineNanos);
    for (PartitionThread thread : threads) {
      out &= thread.join(deadlineNanos);
    }
    return out;
  }

  @Override
  public StrategyStatistics statistics() {
    StrategyStatistics total = mailboxes[0].statistics();
    for (int i = 1; i < mailboxes.length; i++) {
      total = total.plus(mailboxes[i].statistics());
    }
    return total;
  }
}
