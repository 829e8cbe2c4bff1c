package org.penstock.concurrency.mailbox;

import org.penstock.api.concurrency.ConcurrencyStrategy;
import org.penstock.testkit.concurrency.ConcurrencyStrategyContract;

class MailboxContractTest extends ConcurrencyStrategyContract {

  private final ConcurrencyStrategy strategy = new MailboxStrategy();

  @Override
  public ConcurrencyStrategy strategy() {
    return strategy;
  }
}
