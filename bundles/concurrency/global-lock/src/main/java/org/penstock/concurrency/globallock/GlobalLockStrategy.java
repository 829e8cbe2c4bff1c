package org.penstock.concurrency.globallock;

import org.penstock.api.concurrency.ConcurrencyStrategy;
import org.penstock.api.concurrency.StrategyHost;
import org.penstock.api.concurrency.StrategyInstance;
import org.penstock.api.concurrency.support.LockInstance;
import org.penstock.api.sync.Mutex;

/**
 * One partition, one mutex around every entry. Whoever wants in comes in on the own thread: the
 * reader of a driver queue with its frames, a caller with its request, a thread of the strategy's
 * for the timers.
 */
public final class GlobalLockStrategy implements ConcurrencyStrategy {

  /** The strategy's name. */
  public static final String STRATEGY = "global-lock";

  /** A strategy without settings. */
  public GlobalLockStrategy() {}

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
    return LockInstance.start(host, STRATEGY, () -> new Mutex(host.runtime()));
  }
}
