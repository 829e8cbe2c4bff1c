package org.penstock.concurrency.globallock.internal;

import org.osgi.service.component.annotations.Component;
import org.penstock.api.concurrency.ConcurrencyStrategy;
import org.penstock.api.concurrency.StrategyHost;
import org.penstock.api.concurrency.StrategyInstance;
import org.penstock.concurrency.globallock.GlobalLockStrategy;

/** Offers the strategy as a service. */
@Component(
    service = ConcurrencyStrategy.class,
    property = ConcurrencyStrategy.NAME + "=" + GlobalLockStrategy.STRATEGY)
public final class GlobalLockComponent implements ConcurrencyStrategy {

  private final GlobalLockStrategy strategy = new GlobalLockStrategy();

  /** Called by SCR. */
  public GlobalLockComponent() {}

  @Override
  public String name() {
    return strategy.name();
  }

  @Override
  public int partitions(int cells, int processors) {
    return strategy.partitions(cells, processors);
  }

  @Override
  public StrategyInstance start(StrategyHost host) {
    return strategy.start(host);
  }
}
