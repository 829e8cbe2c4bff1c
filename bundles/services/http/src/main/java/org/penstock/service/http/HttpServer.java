package org.penstock.service.http;

import java.io.IOException;
import java.nio.file.Path;
import org.penstock.api.TransportAddress;
import org.penstock.service.TcpServer;
import org.penstock.service.http.internal.HttpSession;
import org.penstock.tdi.AddressOptions;
import org.penstock.tdi.Client;

/**
 * A small HTTP/1.1 file server on a stack (RFC 9110, RFC 9112): GET and HEAD, keep-alive, pipelined
 * requests. Each connection has a virtual thread; file contents are read into memory leased from
 * the stack and sent in place.
 */
public final class HttpServer implements AutoCloseable {

  /** Browsers and load generators open many at once. */
  private static final AddressOptions OPTIONS = AddressOptions.DEFAULT.withBacklog(512);

  private final TcpServer server;

  private HttpServer(TcpServer server) {
    this.server = server;
  }

  /**
   * Starts a server. It listens when this returns: whoever connects then is not refused.
   *
   * @param local where it listens
   * @param root the folder it shows; nothing outside of it is ever sent, links included
   * @throws IOException if the folder can't be read, or the address can't be opened
   */
  public static HttpServer start(Client client, TransportAddress local, Path root)
      throws IOException {
    Path real = root.toRealPath();
    return new HttpServer(
        TcpServer.start(client, local, OPTIONS, null, () -> new HttpSession(client, real)));
  }

  /** Where it listens. */
  public TransportAddress local() {
    return server.local();
  }

  /** Connections open at this moment. */
  public int connections() {
    return server.connections();
  }

  /** Stops listening and resets the connections that are left. */
  @Override
  public void close() {
    server.close();
  }
}
