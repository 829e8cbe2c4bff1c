package org.penstock.concurrency.caller.internal;

import org.osgi.service.component.annotations.Component;
import org.penstock.concurrency.caller.CallerStrategy;

/**
 * Offers the strategy under its own type, to who will poll. Not as a strategy among others: a stack
 * that took it as the last one left would stand still instead of being parked.
 */
@Component(service = CallerStrategy.class)
public final class CallerComponent extends CallerStrategy {

  /** Called by SCR. */
  public CallerComponent() {}
}
