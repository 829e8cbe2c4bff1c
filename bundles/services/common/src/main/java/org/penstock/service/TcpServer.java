package org.penstock.service;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.penstock.api.TransportAddress;
import org.penstock.tdi.AddressFile;
import org.penstock.tdi.AddressOptions;
import org.penstock.tdi.Client;
import org.penstock.tdi.ConnectOffer;
import org.penstock.tdi.ConnectionEndpoint;
import org.penstock.tdi.Disconnect;
import org.penstock.tdi.Protocol;
import org.penstock.tdi.ReceiveHandler;
import org.penstock.tdi.Request;
import org.penstock.tdi.Status;
import org.penstock.tdi.TransportException;

/**
 * Accepts every connection to an address and gives each a {@link Session}. It runs on the
 * transport's events alone: there is no thread for a connection, and a peer that is slow or gone
 * holds up nobody but itself.
 *
 * <p>All methods may be called from any thread.
 */
public final class TcpServer implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger("org.penstock.service");

  private final Client client;
  private final AddressFile file;
  private final Supplier<? extends Session> sessions;
  private final Set<Session> open = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  private TcpServer(Client client, AddressFile file, Supplier<? extends Session> sessions) {
    this.client = client;
    this.file = file;
    this.sessions = sessions;
  }

  /**
   * Starts a server.
   *
   * @param local where it listens; port 0 draws one
   * @param data is shown what arrives while a session has no receive pending; null lets it wait for
   *     the session's receives, and the window close
   * @param sessions makes what serves one connection
   * @throws TransportException if the address can't be opened
   */
  public static TcpServer start(
      Client client,
      TransportAddress local,
      AddressOptions options,
      @Nullable ReceiveHandler data,
      Supplier<? extends Session> sessions)
      throws TransportException {
    AddressFile file = client.openAddress(Protocol.TCP, local, options);
    TcpServer server = new TcpServer(client, file, sessions);
    try {
      file.onReceive(data);
      file.onDisconnect(TcpServer::disconnected);
      file.onConnect(server::connecting);
    } catch (TransportException e) {
      server.close();
      throw e;
    }
    return server;
  }

  /** Where it listens. */
  public TransportAddress local() {
    return file.local();
  }

  /** Connections open at this moment. */
  public int connections() {
    return open.size();
  }

  /** Stops listening and resets the connections that are left. */
  @Override
  public void close() {
    closed = true;
    file.close();
    open.forEach(Session::end);
  }

  /** True the first time. */
  boolean forget(Session session) {
    return open.remove(session);
  }

  private void connecting(ConnectOffer offer) throws TransportException {
    if (closed) {
      offer.refuse();
      return;
    }
    Session session = sessions.get();
    ConnectionEndpoint endpoint = client.openEndpoint(file, session);
    session.attach(this, endpoint);
    open.add(session);
    offer.accept(endpoint, Request.of((request, status, count) -> accepted(session, status)));
  }

  private void accepted(Session session, Status status) {
    if (!session.succeeded(status)) {
      LOG.log(
          System.Logger.Level.DEBUG,
          "a connection to " + local() + " was not accepted: " + status.description());
    } else if (closed) {
      session.end();
    } else {
      session.begin();
    }
  }

  private static void disconnected(ConnectionEndpoint endpoint, Disconnect how, Status status) {
    if (!(endpoint.context() instanceof Session session)) {
      return;
    }
    if (how == Disconnect.RELEASE) {
      session.peerReleased();
    } else {
      session.end();
    }
  }
}
