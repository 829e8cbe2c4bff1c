package org.penstock.concurrency.spinlock;

import org.penstock.api.concurrency.ConcurrencyStrategy;
import org.penstock.testkit.concurrency.ConcurrencyStrategyContract;

class TicketLockContractTest extends ConcurrencyStrategyContract {

  private final ConcurrencyStrategy strategy =
      new SpinLockStrategy(SpinLockKind.TICKET, SpinLockStrategy.DEFAULT_TURNS);

  @Override
  public ConcurrencyStrategy strategy() {
    return strategy;
  }
}
