package org.penstock.core.internal.ip;

import java.util.Comparator;
import org.jspecify.annotations.Nullable;
import org.penstock.api.IpAddress;
import org.penstock.api.IpPrefix;

/**
 * A route, in the order in which routes are looked up: longest prefix first, then the lowest
 * metric, then the oldest slot.
 *
 * @param destination where it leads, host bits clear
 * @param gateway the next hop, null if the destination is on the link
 * @param slot the slot's number
 * @param metric lower is better
 */
record Route(IpPrefix destination, @Nullable IpAddress gateway, int slot, int metric)
    implements Comparable<Route> {

  private static final Comparator<Route> ORDER =
      Comparator.comparingInt((Route route) -> -route.destination.length())
          .thenComparing(route -> route.destination.address())
          .thenComparingInt(Route::metric)
          .thenComparingInt(Route::slot);

  @Override
  public int compareTo(Route other) {
    return ORDER.compare(this, other);
  }
}
