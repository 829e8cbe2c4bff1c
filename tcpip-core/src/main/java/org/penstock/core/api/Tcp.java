package org.penstock.core.api;

import org.osgi.annotation.versioning.ProviderType;
import org.penstock.api.TransportAddress;

/** TCP, as the transport layer uses it. */
@ProviderType
public interface Tcp {

  /** IP protocol number. */
  int PROTOCOL = 6;

  /** The cell in which a flow lives; from any thread. */
  int cellOf(TransportAddress local, TransportAddress remote);

  /**
   * Opens a connection actively. Called inside {@link #cellOf} of the two addresses.
   *
   * @param local a specified address of ours, and a port that the caller holds a reference on
   * @param user is told how it goes on, never from within this call
   * @throws TcpException if it can't even begin
   */
  TcpConnection connect(
      TransportAddress local, TransportAddress remote, TcpSettings settings, TcpUser user)
      throws TcpException;

  /**
   * Listens. From any thread.
   *
   * @param local an address of ours or an unspecified one for all, and a port that the caller holds
   *     a reference on
   * @param backlog most connections that wait to be accepted, and beside them most handshakes under
   *     way; at least 1. What happens to more handshakes says {@link SynCookies}
   * @throws TcpException {@link TcpFailure#ADDRESS_IN_USE} if there is such a listener
   */
  TcpListener listen(
      TransportAddress local, int backlog, TcpSettings settings, TcpAcceptor acceptor)
      throws TcpException;
}
