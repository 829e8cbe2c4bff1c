package org.penstock.concurrency.caller;

import org.penstock.api.concurrency.ConcurrencyStrategy;
import org.penstock.testkit.concurrency.EntryContract;
import org.penstock.testkit.concurrency.TimerContract;

class CallerContractTest implements EntryContract, TimerContract {

  private final CallerStrategy strategy = new CallerStrategy();

  @Override
  public ConcurrencyStrategy strategy() {
    return strategy;
  }

  @Override
  public void settle() {
    strategy.poll();
  }
}
