package org.penstock.service.http.internal;

import java.nio.file.Path;
import org.penstock.service.Session;
import org.penstock.tdi.Client;

/** Gives a connection its virtual thread, which may block where a session may not. */
public final class HttpSession extends Session {

  private final Client client;
  private final Path root;

  /**
   * A session.
   *
   * @param root a real path
   */
  public HttpSession(Client client, Path root) {
    this.client = client;
    this.root = root;
  }

  @Override
  protected void begin() {
    Thread.ofVirtual().name("http-" + endpoint().info().remote()).start(this::serve);
  }

  /** The thread reads to the end by itself, and answers what it has read until then. */
  @Override
  protected void peerReleased() {}

  private void serve() {
    try {
      new HttpConnection(client, endpoint(), root).serve();
    } finally {
      end();
    }
  }
}
