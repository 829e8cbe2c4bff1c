package org.penstock.concurrency.globallock;

import org.penstock.api.concurrency.ConcurrencyStrategy;
import org.penstock.testkit.concurrency.ConcurrencyStrategyContract;

class GlobalLockContractTest extends ConcurrencyStrategyContract {

  private final ConcurrencyStrategy strategy = new GlobalLockStrategy();

  @Override
  public ConcurrencyStrategy strategy() {
    return strategy;
  }
}
