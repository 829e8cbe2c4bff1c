package org.penstock.service.http;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.penstock.api.TransportAddress;
import org.penstock.service.http.internal.HttpConnection;
import org.penstock.tdi.AddressFile;
import org.penstock.tdi.AddressOptions;
import org.penstock.tdi.Client;
import org.penstock.tdi.ConnectionEndpoint;
import org.penstock.tdi.Protocol;
import org.penstock.tdi.Status;
import org.penstock.tdi.TransportException;

/**
 * A small HTTP/1.1 file server on a stack (RFC 9110, RFC 9112): GET and HEAD, keep-alive, pipelined
 * requests. Each connection has a virtual thread; file contents are read into memory leased from
 * the stack and sent in place.
 */
public final class HttpServer implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger("org.penstock.service.http");
  private static final int BACKLOG = 512;
  private static final int START_TRIES = 5000;
  private static final long START_PAUSE_NANOS = 1_000_000;
  private static final Duration RETRY = Duration.ofMillis(100);

  private final Client client;
  private final Path root;
  private final AddressFile file;
  private final Set<HttpConnection> connections = ConcurrentHashMap.newKeySet();
  private final Thread acceptor;
  private volatile boolean closed;

  private HttpServer(Client client, Path root, AddressFile file) {
    this.client = client;
    this.root = root;
    this.file = file;
    this.acceptor = Thread.ofVirtual().name("http-" + file.local()).unstarted(this::accept);
  }

  /**
   * Starts a server.
   *
   * @param local where it listens
   * @param root the folder it shows; nothing outside of it is ever sent, links included
   * @throws IOException if the folder can't be read, or the address can't be opened
   */
  public static HttpServer start(Client client, TransportAddress local, Path root)
      throws IOException {
    Path real = root.toRealPath();
    AddressFile file =
        client.openAddress(Protocol.TCP, local, AddressOptions.DEFAULT.withBacklog(BACKLOG));
    HttpServer server = new HttpServer(client, real, file);
    server.acceptor.start();
    server.awaitListening();
    return server;
  }

  /** Where it listens. */
  public TransportAddress local() {
    return file.local();
  }

  /** Connections open at this moment. */
  public int connections() {
    return connections.size();
  }

  /** Stops listening and resets the connections that are left. */
  @Override
  public void close() {
    closed = true;
    acceptor.interrupt();
    file.close();
    connections.forEach(HttpConnection::abort);
  }

  /**
   * The address listens from the acceptor's first listen on: whoever connects now is not refused.
   */
  private void awaitListening() {
    for (int i = 0; i < START_TRIES && !file.info().listening(); i++) {
      LockSupport.parkNanos(START_PAUSE_NANOS);
    }
  }

  private void accept() {
    while (!closed) {
      try {
        ConnectionEndpoint endpoint = client.openEndpoint(file, null);
        boolean taken = false;
        try {
          TransportAddress peer = endpoint.listen(null);
          serve(endpoint, peer);
          taken = true;
        } finally {
          if (!taken) {
            endpoint.close();
          }
        }
      } catch (TransportException e) {
        if (closed || e.status() == Status.INVALID_HANDLE || !pause(e)) {
          return;
        }
      } catch (RuntimeException e) {
        // Such as a strategy that lets nobody wait: it may be replaced, the server stays.
        if (closed || !pause(e)) {
          return;
        }
      }
    }
  }

  private void serve(ConnectionEndpoint endpoint, TransportAddress peer) {
    HttpConnection connection = new HttpConnection(client, endpoint, root);
    connections.add(connection);
    if (closed) {
      connection.abort();
    }
    Thread.ofVirtual()
        .name("http-" + peer)
        .start(() -> {
          try {
            connection.serve();
          } finally {
            connections.remove(connection);
          }
        });
  }

  /** A failed accept is tried again after a while; false if the thread was interrupted. */
  private boolean pause(Exception e) {
    LOG.log(System.Logger.Level.WARNING, "HTTP on " + local() + ": " + e.getMessage());
    try {
      Thread.sleep(RETRY);
      return true;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
