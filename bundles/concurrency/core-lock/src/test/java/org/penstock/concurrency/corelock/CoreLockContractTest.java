package org.penstock.concurrency.corelock;

import org.penstock.api.concurrency.ConcurrencyStrategy;
import org.penstock.testkit.concurrency.ConcurrencyStrategyContract;

class CoreLockContractTest extends ConcurrencyStrategyContract {

  private final ConcurrencyStrategy strategy = new CoreLockStrategy();

  @Override
  public ConcurrencyStrategy strategy() {
    return strategy;
  }
}
