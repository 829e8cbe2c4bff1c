package org.penstock.service.chargen;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicInteger;
import org.penstock.api.TransportAddress;
import org.penstock.core.api.TcpSettings;
import org.penstock.service.Server;
import org.penstock.service.TcpServer;
import org.penstock.service.UdpServer;
import org.penstock.service.chargen.internal.ChargenSession;
import org.penstock.service.chargen.internal.Pattern;
import org.penstock.tdi.AddressOptions;
import org.penstock.tdi.Client;
import org.penstock.tdi.TransportException;

/**
 * Generates characters (RFC 864): over TCP the rotating pattern, from accept on until the
 * connection ends; over UDP some lines of it for each datagram. What it receives is thrown away.
 *
 * <p>A peer that has released its direction goes on receiving. All methods may be called from any
 * thread.
 */
public final class ChargenServer implements AutoCloseable {

  /** The service's well-known port. */
  public static final int PORT = 19;

  /** Most bytes queued for one peer, so that those that do not read cost little. */
  private static final int SEND_BUFFER = 256 * 1024;

  private static final AddressOptions OPTIONS =
      AddressOptions.DEFAULT.withSettings(
          TcpSettings.DEFAULT.withKeepAlive(Server.KEEP_ALIVE_NANOS).withBuffers(SEND_BUFFER, 0));

  private final Server server;

  private ChargenServer(Server server) {
    this.server = server;
  }

  /**
   * Starts a server.
   *
   * @param local where it listens, TCP and UDP; port 0 draws one
   * @throws TransportException if the address can't be opened
   */
  public static ChargenServer start(Client client, TransportAddress local)
      throws TransportException {
    Pattern pattern = new Pattern();
    AtomicInteger line = new AtomicInteger();
    return new ChargenServer(
        Server.start(
            local,
            at ->
                TcpServer.start(
                    client,
                    at,
                    OPTIONS,
                    (endpoint, data) -> data.took(data.length()),
                    () -> new ChargenSession(pattern)),
            at ->
                UdpServer.start(
                    client,
                    at,
                    Pattern.DATAGRAM,
                    (datagram, answer) -> answer(pattern, line.getAndIncrement(), answer))));
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

  private static int answer(Pattern pattern, int line, MemorySegment answer) {
    return pattern.datagram(line, answer);
  }
}
