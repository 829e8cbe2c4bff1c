package org.penstock.tdi;

import org.jspecify.annotations.Nullable;
import org.penstock.api.TransportAddress;

/**
 * What a listen asks for; {@link #ANY} for most.
 *
 * @param remote takes connections from this address only (an unspecified address or port 0 matches
 *     all), null for any
 * @param queryAccept true to complete with an offer: the endpoint is {@link EndpointState#OFFERED}
 *     until the client accepts or disconnects, which rejects it
 */
public record ListenOptions(@Nullable TransportAddress remote, boolean queryAccept) {

  /** Any connection, accepted at once. */
  public static final ListenOptions ANY = new ListenOptions(null, false);

  /** Any connection, offered first. */
  public static final ListenOptions OFFER = new ListenOptions(null, true);

  /** Only connections from this address. */
  public static ListenOptions from(TransportAddress remote) {
    return new ListenOptions(remote, false);
  }

  /** True if a connection from this peer is asked for. */
  public boolean matches(TransportAddress peer) {
    return remote == null
        || ((remote.port() == 0 || remote.port() == peer.port())
            && (remote.address().isAny() || remote.address().equals(peer.address())));
  }
}
