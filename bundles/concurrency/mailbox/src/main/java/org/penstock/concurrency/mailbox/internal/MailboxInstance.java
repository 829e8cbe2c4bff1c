package org.penstock.concurrency.mailbox.internal;

import org.penstock.api.concurrency.Exclusion;
import org.penstock.api.concurrency.StrategyHost;
import org.penstock.api.concurrency.StrategyInstance;
import org.penstock.api.concurrency.StrategyStatistics;
import org.penstock.api.concurrency.support.AgentThreads;
import org.penstock.api.netif.QueueAgent;

/** The strategy at work for one stack: the stack thread, and readers for further queues. */
public final class MailboxInstance implements StrategyInstance {

  private final Mailbox mailbox;
  private final StackThread thread;
  private final AgentThreads readers;

  private MailboxInstance(StrategyHost host, String strategy) {
    this.mailbox = new Mailbox(host, strategy);
    this.thread = new StackThread(host, mailbox);
    this.readers = new AgentThreads(host);
  }

  /** Starts an instance, closed. */
  public static MailboxInstance start(StrategyHost host, String strategy) {
    MailboxInstance instance = new MailboxInstance(host, strategy);
    instance.mailbox.servedBy(instance.thread);
    instance.thread.start();
    return instance;
  }

  @Override
  public Exclusion exclusion(int partition) {
    if (partition != 0) {
      throw new IllegalArgumentException("partition " + partition + ": there is only 0");
    }
    return mailbox;
  }

  @Override
  public void open() {
    mailbox.open();
    thread.nudge();
    readers.open();
  }

  @Override
  public void drive(QueueAgent agent, String name) {
    // The further ones get readers, which deliver by post.
    if (!thread.drive(agent, name)) {
      readers.drive(agent, name);
    }
  }

  @Override
  public boolean release(QueueAgent agent, long deadlineNanos) {
    return thread.release(agent, deadlineNanos) && readers.release(agent, deadlineNanos);
  }

  @Override
  public boolean close(long deadlineNanos) {
    // Told to end before the gate opens: an instance that was never opened runs nothing.
    thread.stop();
    mailbox.close();
    boolean out = readers.close(deadlineNanos);
    return thread.join(deadlineNanos) && out;
  }

  @Override
  public StrategyStatistics statistics() {
    return mailbox.statistics();
  }
}
