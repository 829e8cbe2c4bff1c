package org.penstock.service.chargen.internal;

import org.penstock.service.Session;
import org.penstock.tdi.Request;
import org.penstock.tdi.SendFlags;
import org.penstock.tdi.Status;

/** One connection: the pattern over and over, each send issued by the completion of the last. */
public final class ChargenSession extends Session {

  private final Pattern pattern;
  private final Request send = Request.of(this::sent);

  /** A connection that sends this pattern. */
  public ChargenSession(Pattern pattern) {
    this.pattern = pattern;
  }

  @Override
  protected void begin() {
    endpoint().send(send, pattern.text(), 0, pattern.text().byteSize(), SendFlags.PARTIAL);
  }

  @Override
  protected void peerReleased() {
    // RFC 864: it goes on until the connection ends; a peer that is gone answers by a reset.
  }

  private void sent(Request request, Status status, long count) {
    if (succeeded(status)) {
      begin();
    }
  }
}
