package org.penstock.concurrency.spinlock;

import org.penstock.api.concurrency.ConcurrencyStrategy;
import org.penstock.testkit.concurrency.ConcurrencyStrategyContract;

class SpinLockContractTest extends ConcurrencyStrategyContract {

  private final ConcurrencyStrategy strategy = new SpinLockStrategy();

  @Override
  public ConcurrencyStrategy strategy() {
    return strategy;
  }
}
