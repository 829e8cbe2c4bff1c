package org.penstock.concurrency.mailbox.internal;

import org.osgi.service.component.annotations.Component;
import org.penstock.api.concurrency.ConcurrencyStrategy;
import org.penstock.api.concurrency.StrategyHost;
import org.penstock.api.concurrency.StrategyInstance;
import org.penstock.concurrency.mailbox.MailboxStrategy;

/** Offers the strategy as a service. */
@Component(
    service = ConcurrencyStrategy.class,
    // Below global-lock, so that the default does not depend on which bundle started first.
    property = {
      ConcurrencyStrategy.NAME + "=" + MailboxStrategy.STRATEGY,
      "service.ranking:Integer=-10"
    })
public final class MailboxComponent implements ConcurrencyStrategy {

  private final MailboxStrategy strategy = new MailboxStrategy();

  /** Called by SCR. */
  public MailboxComponent() {}

  @Override
  public String name() {
    return strategy.name();
  }

  @Override
  public int partitions(int cells, int processors) {
    return strategy.partitions(cells, processors);
  }

  @Override
  public StrategyInstance start(StrategyHost host) {
    return strategy.start(host);
  }
}
