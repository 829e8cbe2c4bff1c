package org.penstock.core.internal.udp;

import org.jspecify.annotations.Nullable;
import org.penstock.api.IpAddress;
import org.penstock.api.TransportAddress;

/**
 * The addresses a cell met lately, as the values that users are given, so that a datagram from a
 * peer of late allocates nothing. Owned by the cell.
 */
final class TransportAddresses {

  private static final int PLACES = 256;

  private final @Nullable TransportAddress[] places = new @Nullable TransportAddress[PLACES];

  TransportAddress of(long high, long low, int port) {
    int hash = (int) (high ^ high >>> 32 ^ low ^ low >>> 32) * 31 + port;
    int place = (hash * 0x9e37_79b9 >>> 16) & PLACES - 1;
    TransportAddress known = places[place];
    if (known == null
        || known.port() != port
        || known.address().low() != low
        || known.address().high() != high) {
      known = new TransportAddress(IpAddress.of(high, low, 0), port);
      places[place] = known;
    }
    return known;
  }
}
