package org.penstock.concurrency.caller;

import org.penstock.api.concurrency.ConcurrencyStrategy;
import org.penstock.testkit.concurrency.EntryContract;
import org.penstock.testkit.concurrency.HandOverContract;
import org.penstock.testkit.concurrency.QueueContract;
import org.penstock.testkit.concurrency.TimerContract;

/** What applies to a strategy that lets one thread in. */
class CallerContractTest implements EntryContract, TimerContract, QueueContract, HandOverContract {

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
