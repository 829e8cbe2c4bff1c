package org.penstock.service.discard.internal;

import org.penstock.service.Session;

/** One connection: its data is thrown away by the server's receive event; it ends as the peer. */
public final class DiscardSession extends Session {

  @Override
  protected void begin() {
    // RFC 863: no answer is sent, and data may have been thrown away already.
  }
}
