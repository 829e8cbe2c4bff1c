package org.penstock.tdi.internal;

import org.penstock.tdi.Disconnect;
import org.penstock.tdi.DisconnectHandler;
import org.penstock.tdi.Status;

/** A connection was ended by the peer or the network. */
final class DisconnectEvent extends Message {

  private final Endpoint endpoint;
  private final DisconnectHandler handler;
  private final Disconnect how;
  private final Status status;

  DisconnectEvent(Endpoint endpoint, DisconnectHandler handler, Disconnect how, Status status) {
    this.endpoint = endpoint;
    this.handler = handler;
    this.how = how;
    this.status = status;
  }

  @Override
  void arrive() {
    throw new IllegalStateException("an event is not submitted");
  }

  @Override
  void deliver() {
    if (!endpoint.isClosed()) {
      handler.disconnected(endpoint.handle(), how, status);
    }
  }
}
