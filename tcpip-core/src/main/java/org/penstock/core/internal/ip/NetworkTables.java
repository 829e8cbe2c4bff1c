package org.penstock.core.internal.ip;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.penstock.api.IpAddress;
import org.penstock.api.IpPrefix;
import org.penstock.api.view.RouteView;

/** Skeleton. */
public final class NetworkTables {

  /** Empty tables. */
  public NetworkTables() {}

  /** Adds an interface or changes its addresses and its default gateway. */
  public void put(SlotLink slot, List<IpPrefix> addresses, @Nullable IpAddress gateway) {
    throw new UnsupportedOperationException();
  }

  /** Takes an interface out. */
  public void remove(int slot) {
    throw new UnsupportedOperationException();
  }

  /** Has all paths looked up again: an MTU has changed. */
  public void refresh() {
    throw new UnsupportedOperationException();
  }

  /** Changes whenever a path may have become another. */
  public long generation() {
    throw new UnsupportedOperationException();
  }

  /** True if the address is one of ours. */
  public boolean isLocal(long high, long low) {
    throw new UnsupportedOperationException();
  }

  /** The source address for a destination, or null. */
  public @Nullable IpAddress sourceFor(IpAddress remote) {
    throw new UnsupportedOperationException();
  }

  /** The addresses of an interface. */
  public List<IpPrefix> addresses(int slot) {
    throw new UnsupportedOperationException();
  }

  /** The routes, longest prefix first. */
  public List<RouteView> routes() {
    throw new UnsupportedOperationException();
  }
}
