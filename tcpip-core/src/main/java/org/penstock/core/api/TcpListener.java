package org.penstock.core.api;

import org.osgi.annotation.versioning.ProviderType;
import org.penstock.api.TransportAddress;

/** A TCP in state LISTEN. All methods may be called from any thread. */
@ProviderType
public interface TcpListener {

  /** Where it listens. */
  TransportAddress local();

  /**
   * Gives back a unit of the accept budget: a connection that was {@linkplain
   * TcpAcceptor#established established} has been taken by, or refused to, the application.
   */
  void accepted();

  /** Listens no more. Handshakes under way are reset, connections established stay. */
  void close();
}
