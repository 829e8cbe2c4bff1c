package org.penstock.service.discard;

import java.util.concurrent.atomic.LongAdder;
import org.penstock.api.TransportAddress;
import org.penstock.core.api.TcpSettings;
import org.penstock.service.Server;
import org.penstock.service.TcpServer;
import org.penstock.service.UdpServer;
import org.penstock.service.discard.internal.DiscardSession;
import org.penstock.tdi.AddressOptions;
import org.penstock.tdi.Client;
import org.penstock.tdi.ReceiveIndication;
import org.penstock.tdi.TransportException;

/**
 * Throws away what it receives (RFC 863), over TCP and UDP: straight from the receive event,
 * without a copy, a buffer or a thread. All methods may be called from any thread.
 */
public final class DiscardServer implements AutoCloseable {

  /** The service's well-known port. */
  public static final int PORT = 9;

  private static final AddressOptions OPTIONS =
      AddressOptions.DEFAULT.withSettings(
          TcpSettings.DEFAULT.withKeepAlive(Server.KEEP_ALIVE_NANOS));

  private final LongAdder discarded;
  private final Server server;

  private DiscardServer(Server server, LongAdder discarded) {
    this.server = server;
    this.discarded = discarded;
  }

  /**
   * Starts a server.
   *
   * @param local where it listens, TCP and UDP; port 0 draws one
   * @throws TransportException if the address can't be opened
   */
  public static DiscardServer start(Client client, TransportAddress local)
      throws TransportException {
    LongAdder discarded = new LongAdder();
    return new DiscardServer(
        Server.start(
            local,
            at ->
                TcpServer.start(
                    client,
                    at,
                    OPTIONS,
                    (endpoint, data) -> discard(data, discarded),
                    DiscardSession::new),
            at ->
                UdpServer.start(
                    client,
                    at,
                    0,
                    (datagram, answer) -> {
                      discarded.add(datagram.length());
                      return UdpServer.NO_ANSWER;
                    })),
        discarded);
  }

  /** Where it listens. */
  public TransportAddress local() {
    return server.local();
  }

  /** TCP connections open at this moment. */
  public int connections() {
    return server.connections();
  }

  /** Bytes thrown away so far, TCP and UDP. */
  public long discarded() {
    return discarded.sum();
  }

  /** Stops listening and resets the connections that are left. */
  @Override
  public void close() {
    server.close();
  }

  private static void discard(ReceiveIndication data, LongAdder discarded) {
    discarded.add(data.length());
    data.took(data.length());
  }
}
