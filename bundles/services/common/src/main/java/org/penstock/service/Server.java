package org.penstock.service;

import org.penstock.api.TransportAddress;
import org.penstock.tdi.TransportException;

/** A service at one address for TCP and UDP. All methods may be called from any thread. */
public final class Server implements AutoCloseable {

  /**
   * Idle time after which keep-alive probes find out whether a peer is still there (RFC 9293
   * §3.8.4: no less than two hours by default), in nanoseconds.
   */
  public static final long KEEP_ALIVE_NANOS = 7_200_000_000_000L;

  /** Starts one of the two. */
  @FunctionalInterface
  public interface Starter<T> {
    /** Starts it at an address. */
    T start(TransportAddress local) throws TransportException;
  }

  private final TcpServer tcp;
  private final UdpServer udp;

  private Server(TcpServer tcp, UdpServer udp) {
    this.tcp = tcp;
    this.udp = udp;
  }

  /**
   * Starts both, or none.
   *
   * @param local where it listens; port 0 has TCP draw one, which UDP then takes
   * @throws TransportException if the address can't be opened
   */
  public static Server start(
      TransportAddress local, Starter<TcpServer> tcpStarter, Starter<UdpServer> udpStarter)
      throws TransportException {
    TcpServer tcp = tcpStarter.start(local);
    try {
      return new Server(tcp, udpStarter.start(tcp.local()));
    } catch (TransportException e) {
      tcp.close();
      throw e;
    }
  }

  /** Where it listens. */
  public TransportAddress local() {
    return tcp.local();
  }

  /** TCP connections open at this moment. */
  public int connections() {
    return tcp.connections();
  }

  /** Stops listening and resets the connections that are left. */
  @Override
  public void close() {
    tcp.close();
    udp.close();
  }
}
