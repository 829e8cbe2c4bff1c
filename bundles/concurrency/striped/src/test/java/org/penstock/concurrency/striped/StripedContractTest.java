package org.penstock.concurrency.striped;

import org.penstock.api.concurrency.ConcurrencyStrategy;
import org.penstock.testkit.concurrency.ConcurrencyStrategyContract;

class StripedContractTest extends ConcurrencyStrategyContract {

  private final ConcurrencyStrategy strategy = new StripedStrategy();

  @Override
  public ConcurrencyStrategy strategy() {
    return strategy;
  }
}
