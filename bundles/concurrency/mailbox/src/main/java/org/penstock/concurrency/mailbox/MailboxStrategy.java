package org.penstock.concurrency.mailbox;

import org.penstock.api.concurrency.ConcurrencyStrategy;
import org.penstock.api.concurrency.StrategyHost;
import org.penstock.api.concurrency.StrategyInstance;
import org.penstock.api.concurrency.support.PartitionThreads;

/**
 * One partition, one thread that is ever inside it, and a queue in front: lwIP's tcpip thread. The
 * same thread reads the first driver queue and idles in it, so that a frame is handled where it was
 * read.
 */
public final class MailboxStrategy implements ConcurrencyStrategy {

  /** The strategy's name. */
  public static final String STRATEGY = "mailbox";

  /** A strategy without settings. */
  public MailboxStrategy() {}

  @Override
  public String name() {
    return STRATEGY;
  }

  @Override
  public int partitions(int cells, int processors) {
    return 1;
  }

  @Override
  public StrategyInstance start(StrategyHost host) {
    return PartitionThreads.start(host, STRATEGY, "stack");
  }
}
