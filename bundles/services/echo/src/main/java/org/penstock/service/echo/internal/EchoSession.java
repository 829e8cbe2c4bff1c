package org.penstock.service.echo.internal;

import java.lang.foreign.MemorySegment;
import org.penstock.service.Session;
import org.penstock.tdi.ReceiveFlags;
import org.penstock.tdi.Request;
import org.penstock.tdi.SendFlags;
import org.penstock.tdi.Status;

/** One connection: a receive, a send of what it brought, and so on over the same buffer. */
public final class EchoSession extends Session {

  private static final int BUFFER = 16 * 1024;

  private final MemorySegment buffer = MemorySegment.ofArray(new byte[BUFFER]);
  private final Request receive = Request.of(this::received);
  private final Request send = Request.of(this::sent);

  @Override
  protected void begin() {
    endpoint().receive(receive, buffer, 0, BUFFER, ReceiveFlags.NORMAL);
  }

  @Override
  protected void peerReleased() {
    // The receive that is or will be pending ends with 0 bytes, behind the last answer.
  }

  private void received(Request request, Status status, long count) {
    if (!succeeded(status)) {
      return;
    }
    if (count == 0) {
      finish();
    } else {
      endpoint().send(send, buffer, 0, count, SendFlags.NONE);
    }
  }

  private void sent(Request request, Status status, long count) {
    if (succeeded(status)) {
      begin();
    }
  }
}
