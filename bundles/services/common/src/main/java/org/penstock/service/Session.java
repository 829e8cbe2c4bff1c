package org.penstock.service;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.penstock.tdi.ConnectionEndpoint;
import org.penstock.tdi.Disconnect;
import org.penstock.tdi.Request;
import org.penstock.tdi.Status;

/**
 * A connection of a {@link TcpServer}: what the service does with it. It has no thread: {@link
 * #begin}, {@link #peerReleased} and the completions of its requests come at dispatch level, one at
 * a time, and must not block.
 */
public abstract class Session {

  /** How long the peer may take to acknowledge our FIN. */
  private static final Duration RELEASE = Duration.ofSeconds(60);

  private final Request release = Request.of((request, status, count) -> end());
  private @Nullable ConnectionEndpoint endpoint;
  private @Nullable TcpServer server;

  /** A session whose connection is not there yet. */
  protected Session() {}

  /** The connection is there. */
  protected abstract void begin();

  /**
   * The peer sends no more, and everything it sent was received. By default the session {@linkplain
   * #finish finishes}.
   */
  protected void peerReleased() {
    finish();
  }

  /**
   * The connection is over, however it ended; told once, by whoever ended it. Must not block. By
   * default nothing.
   */
  protected void ended() {}

  /** Its endpoint. */
  protected final ConnectionEndpoint endpoint() {
    ConnectionEndpoint present = endpoint;
    if (present == null) {
      throw new IllegalStateException("the session has no connection yet");
    }
    return present;
  }

  /** Ends in order: FIN behind everything queued; when it is acknowledged the endpoint closes. */
  protected final void finish() {
    if (!release.isPending()) {
      endpoint().disconnect(release, Disconnect.RELEASE, RELEASE);
    }
  }

  /** Closes the endpoint, with a reset if the connection has not ended; from any thread. */
  protected final void end() {
    TcpServer owner = server;
    boolean first = owner != null && owner.forget(this);
    endpoint().close();
    if (first) {
      ended();
    }
  }

  /**
   * Whether a request succeeded; if not, the session ends. For use in completions.
   *
   * @param status how the request ended
   */
  protected final boolean succeeded(Status status) {
    if (status == Status.SUCCESS) {
      return true;
    }
    end();
    return false;
  }

  final void attach(TcpServer owner, ConnectionEndpoint opened) {
    server = owner;
    endpoint = opened;
  }
}
