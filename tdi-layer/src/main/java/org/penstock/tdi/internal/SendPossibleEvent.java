package org.penstock.tdi.internal;

import org.penstock.tdi.SendPossibleHandler;

/** There is room to send again. */
final class SendPossibleEvent extends Message {

  private final Endpoint endpoint;
  private final int room;

  SendPossibleEvent(Endpoint endpoint, int room) {
    this.endpoint = endpoint;
    this.room = room;
  }

  @Override
  void arrive() {
    throw new IllegalStateException("an event is not submitted");
  }

  @Override
  void deliver() {
    AddressHandle file = endpoint.file();
    if (file != null && !endpoint.isClosed() && file.calls().enter()) {
      try {
        SendPossibleHandler handler = file.handlers().sendPossible();
        if (handler != null) {
          handler.sendPossible(endpoint.handle(), room);
        }
      } finally {
        file.calls().exit();
      }
    }
  }
}
