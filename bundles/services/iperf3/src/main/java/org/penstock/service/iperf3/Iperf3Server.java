package org.penstock.service.iperf3;

import org.jspecify.annotations.Nullable;
import org.penstock.api.TransportAddress;
import org.penstock.core.api.TcpSettings;
import org.penstock.service.Server;
import org.penstock.service.TcpServer;
import org.penstock.service.iperf3.internal.Iperf3Session;
import org.penstock.service.iperf3.internal.Reception;
import org.penstock.tdi.AddressFile;
import org.penstock.tdi.AddressOptions;
import org.penstock.tdi.Client;
import org.penstock.tdi.Protocol;
import org.penstock.tdi.TransportException;

/**
 * An iperf3 server: runs the tests that iperf3 clients ask for, one at a time. A client that comes
 * during a test is told that the server is busy; a test whose client has fallen silent gives way.
 *
 * <p>It runs on the transport's events; there is a thread only while it sends datagrams or at a
 * limited rate. All methods may be called from any thread.
 */
public final class Iperf3Server implements AutoCloseable {

  /** The service's usual port. */
  public static final int PORT = 5201;

  private static final AddressOptions OPTIONS =
      AddressOptions.DEFAULT.withSettings(
          TcpSettings.DEFAULT.withKeepAlive(Server.KEEP_ALIVE_NANOS));

  private final TcpServer connections;
  private final AddressFile datagrams;
  private final Reception reception;

  private Iperf3Server(TcpServer connections, AddressFile datagrams, Reception reception) {
    this.connections = connections;
    this.datagrams = datagrams;
    this.reception = reception;
  }

  /**
   * Starts a server.
   *
   * @param local where it listens, TCP and UDP; port 0 draws one
   * @throws TransportException if the address can't be opened
   */
  public static Iperf3Server start(Client client, TransportAddress local)
      throws TransportException {
    Reception reception = new Reception(client);
    TcpServer connections =
        TcpServer.start(
            client, local, OPTIONS, Iperf3Session::receivedAt, () -> new Iperf3Session(reception));
    try {
      AddressFile datagrams =
          client.openAddress(Protocol.UDP, connections.local(), Reception.DATAGRAMS);
      datagrams.onReceiveDatagram(reception::received);
      return new Iperf3Server(connections, datagrams, reception);
    } catch (TransportException e) {
      connections.close();
      throw e;
    }
  }

  /** Where it listens. */
  public TransportAddress local() {
    return connections.local();
  }

  /** Tests that were run to their end. */
  public long tests() {
    return reception.tests();
  }

  /** What the last test run to its end has measured, null before the first. */
  public @Nullable Iperf3Report lastReport() {
    return reception.lastReport();
  }

  /** Stops listening and resets the connections that are left. */
  @Override
  public void close() {
    connections.close();
    datagrams.close();
    reception.close();
  }
}
