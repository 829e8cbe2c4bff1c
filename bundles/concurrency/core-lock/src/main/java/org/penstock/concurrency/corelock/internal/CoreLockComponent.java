package org.penstock.concurrency.corelock.internal;

import org.osgi.service.component.annotations.Component;
import org.penstock.api.concurrency.ConcurrencyStrategy;
import org.penstock.api.concurrency.StrategyHost;
import org.penstock.api.concurrency.StrategyInstance;
import org.penstock.concurrency.corelock.CoreLockStrategy;

/** Offers the strategy as a service. */
@Component(
    service = ConcurrencyStrategy.class,
    property = {
      ConcurrencyStrategy.NAME + "=" + CoreLockStrategy.STRATEGY,
      "service.ranking:Integer=-25"
    })
public final class CoreLockComponent implements ConcurrencyStrategy {

  private final CoreLockStrategy strategy = new CoreLockStrategy();

  /** Called by SCR. */
  public CoreLockComponent() {}

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
