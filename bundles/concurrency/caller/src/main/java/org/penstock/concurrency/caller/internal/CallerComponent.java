package org.penstock.concurrency.caller.internal;

import org.osgi.service.component.annotations.Component;
import org.penstock.api.concurrency.ConcurrencyStrategy;
import org.penstock.concurrency.caller.CallerStrategy;

/** Offers the strategy as a service, also under its own type, which is what polls. */
@Component(
    service = {ConcurrencyStrategy.class, CallerStrategy.class},
    // The last resort: a stack that took it would stand still until somebody polls.
    property = {
      ConcurrencyStrategy.NAME + "=" + CallerStrategy.STRATEGY,
      "service.ranking:Integer=-1000"
    })
public final class CallerComponent extends CallerStrategy {

  /** Called by SCR. */
  public CallerComponent() {}
}
