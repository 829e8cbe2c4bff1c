package org.penstock.concurrency.baton;

import org.penstock.api.concurrency.ConcurrencyStrategy;
import org.penstock.testkit.concurrency.ConcurrencyStrategyContract;

class BatonContractTest extends ConcurrencyStrategyContract {

  private final ConcurrencyStrategy strategy = new BatonStrategy();

  @Override
  public ConcurrencyStrategy strategy() {
    return strategy;
  }
}
