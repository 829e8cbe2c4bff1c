package org.penstock.concurrency.baton;

import org.penstock.api.concurrency.ConcurrencyStrategy;
import org.penstock.api.concurrency.StrategyHost;
import org.penstock.api.concurrency.StrategyInstance;
import org.penstock.api.concurrency.support.LockInstance;

/**
 * One partition, one {@link Baton}: a thread owns the core from the moment it is woken until it
 * falls asleep, and hands it over to the next in line.
 */
public final class BatonStrategy implements ConcurrencyStrategy {

  /** The strategy's name. */
  public static final String STRATEGY = "baton";

  /** A strategy without settings. */
  public BatonStrategy() {}

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
    return LockInstance.start(
        host, STRATEGY, () -> new Baton(host.runtime()), baton -> new BatonSleep(baton));
  }
}
