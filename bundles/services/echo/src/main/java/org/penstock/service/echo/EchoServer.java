package org.penstock.service.echo;

import java.lang.foreign.MemorySegment;
import org.penstock.api.TransportAddress;
import org.penstock.core.api.TcpSettings;
import org.penstock.service.Server;
import org.penstock.service.TcpServer;
import org.penstock.service.UdpServer;
import org.penstock.service.echo.internal.EchoSession;
import org.penstock.tdi.AddressOptions;
import org.penstock.tdi.Client;
import org.penstock.tdi.DatagramIndication;
import org.penstock.tdi.TransportException;

/**
 * Sends back what it receives (RFC 862), over TCP and UDP.
 *
 * <p>A connection takes no more while its answer waits for room, so that nothing is lost and a peer
 * that does not read is held up by its own window. All methods may be called from any thread.
 */
public final class EchoServer implements AutoCloseable {

  /** The service's well-known port. */
  public static final int PORT = 7;

  private static final int BUFFER = 256 * 1024;
  private static final AddressOptions OPTIONS =
      AddressOptions.DEFAULT.withSettings(
          TcpSettings.DEFAULT
              .withNoDelay(true)
              .withKeepAlive(Server.KEEP_ALIVE_NANOS)
              .withBuffers(BUFFER, BUFFER));

  private final Server server;

  private EchoServer(Server server) {
    this.server = server;
  }

  /**
   * Starts a server.
   *
   * @param local where it listens, TCP and UDP; port 0 draws one
   * @throws TransportException if the address can't be opened
   */
  public static EchoServer start(Client client, TransportAddress local) throws TransportException {
    return new EchoServer(
        Server.start(
            local,
            at -> TcpServer.start(client, at, OPTIONS, null, EchoSession::new),
            at -> UdpServer.start(client, at, UdpServer.LONGEST, EchoServer::answer)));
  }

  /** Where it listens. */
  public TransportAddress local() {
    return server.local();
  }

  /** TCP connections open at this moment. */
  public int connections() {
    return server.connections();
  }

  /** Stops listening and resets the connections that are left. */
  @Override
  public void close() {
    server.close();
  }

  private static int answer(DatagramIndication datagram, MemorySegment answer) {
    MemorySegment.copy(datagram.segment(), datagram.offset(), answer, 0, datagram.length());
    return datagram.length();
  }
}
