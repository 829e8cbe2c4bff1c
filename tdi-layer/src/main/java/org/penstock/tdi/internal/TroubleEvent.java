package org.penstock.tdi.internal;

import org.penstock.tdi.Status;
import org.penstock.tdi.TroubleHandler;

/** Something is wrong with the way of a connection, which goes on. */
final class TroubleEvent extends Message {

  private final Endpoint endpoint;
  private final TroubleHandler handler;
  private final Status status;

  TroubleEvent(Endpoint endpoint, TroubleHandler handler, Status status) {
    this.endpoint = endpoint;
    this.handler = handler;
    this.status = status;
  }

  @Override
  void arrive() {
    throw new IllegalStateException("an event is not submitted");
  }

  @Override
  void deliver() {
    if (!endpoint.isClosed()) {
      handler.troubled(endpoint.handle(), status);
    }
  }
}
