package org.penstock.tdi;

import org.osgi.annotation.versioning.ProviderType;
import org.penstock.api.TransportAddress;

/** A connection shown to a {@link ConnectHandler}; valid until the handler returns. */
@ProviderType
public interface ConnectOffer {

  /** Our address. */
  TransportAddress local();

  /** The peer's address. */
  TransportAddress remote();

  /**
   * Accepts the connection with an endpoint that is associated with the address and {@linkplain
   * EndpointState#BOUND inactive}; another one refuses it, as seen by its request.
   */
  void accept(ConnectionEndpoint endpoint);

  /**
   * Accepts the connection; the request completes when the endpoint has it, {@link Status#SUCCESS},
   * or could not take it. Data may be indicated before.
   */
  void accept(ConnectionEndpoint endpoint, Request request);

  /** Refuses the connection: a reset. */
  void refuse();
}
