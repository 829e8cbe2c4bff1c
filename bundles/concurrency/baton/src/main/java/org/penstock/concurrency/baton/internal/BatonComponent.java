package org.penstock.concurrency.baton.internal;

import org.osgi.service.component.annotations.Component;
import org.penstock.api.concurrency.ConcurrencyStrategy;
import org.penstock.api.concurrency.StrategyHost;
import org.penstock.api.concurrency.StrategyInstance;
import org.penstock.concurrency.baton.BatonStrategy;

/** Offers the strategy as a service. */
@Component(
    service = ConcurrencyStrategy.class,
    property = {
      ConcurrencyStrategy.NAME + "=" + BatonStrategy.STRATEGY,
      "service.ranking:Integer=-30"
    })
public final class BatonComponent implements ConcurrencyStrategy {

  private final BatonStrategy strategy = new BatonStrategy();

  /** Called by SCR. */
  public BatonComponent() {}

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
