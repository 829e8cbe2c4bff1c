package org.penstock.concurrency.corelock;

import org.penstock.api.concurrency.ConcurrencyStrategy;
import org.penstock.api.concurrency.StrategyHost;
import org.penstock.api.concurrency.StrategyInstance;
import org.penstock.api.concurrency.support.LockInstance;
import org.penstock.api.sync.Mutex;

/**
 * One partition, one thread for frames, posted sections and timers, and a mutex by which callers
 * come in on their own threads: lwIP's core locking.
 */
public final class CoreLockStrategy implements ConcurrencyStrategy {

  /** The strategy's name. */
  public static final String STRATEGY = "core-lock";

  /** A strategy without settings. */
  public CoreLockStrategy() {}

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
    return LockInstance.startWithThread(host, STRATEGY, () -> new Mutex(host.runtime()));
  }
}
