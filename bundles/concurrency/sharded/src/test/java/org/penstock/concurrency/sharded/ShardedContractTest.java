package org.penstock.concurrency.sharded;

import org.penstock.api.concurrency.ConcurrencyStrategy;
import org.penstock.testkit.concurrency.ConcurrencyStrategyContract;

class ShardedContractTest extends ConcurrencyStrategyContract {

  private final ConcurrencyStrategy strategy = new ShardedStrategy(3);

  @Override
  public ConcurrencyStrategy strategy() {
    return strategy;
  }
}
