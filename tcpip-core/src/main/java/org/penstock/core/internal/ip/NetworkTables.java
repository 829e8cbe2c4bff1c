package org.penstock.core.internal.ip;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.penstock.api.IpAddress;
import org.penstock.api.IpPrefix;
import org.penstock.api.view.RouteView;

/**
 * The addresses and routes of a stack, of both families: an immutable snapshot, replaced as a whole
 * by every change. From any thread; nothing here waits. Looking an address up allocates nothing.
 *
 * <p>A slot without a driver keeps its routes: what goes by it waits.
 */
public final class NetworkTables {

  private final AtomicReference<NetworkSnapshot> current =
      new AtomicReference<>(NetworkSnapshot.EMPTY);

  /** Empty tables: nothing but loopback. */
  public NetworkTables() {}

  /**
   * Adds a slot, or replaces its addresses and default gateway.
   *
   * @param addresses its addresses with their prefixes, each of which makes a route to its link
   * @param gateway where everything without a better route goes, null for nowhere
   * @throws IllegalArgumentException if an address is none that a station can have, or is held by
   *     another slot; the tables stay as they were
   */
  public void put(SlotLink slot, List<IpPrefix> addresses, @Nullable IpAddress gateway) {
    AddressedSlot addressed = new AddressedSlot(slot, addresses, gateway);
    current.updateAndGet(tables -> tables.with(addressed));
  }

  /** Takes a slot out, with its addresses and all routes by it. */
  public void remove(int slot) {
    current.updateAndGet(tables -> tables.without(slot));
  }

  /**
   * Adds a route.
   *
   * @param destination where it leads; host bits do not matter
   * @param gateway the next hop, null if the destination is on the slot's link
   * @param slot the slot's number
   * @param metric lower is better; routes that follow from addresses and gateways have 0
   * @throws IllegalArgumentException if the gateway is not on the slot's link
   */
  public void addRoute(IpPrefix destination, @Nullable IpAddress gateway, int slot, int metric) {
    Route route = new Route(destination.network(), gateway, slot, metric);
    current.updateAndGet(tables -> {
      AddressedSlot addressed = tables.slot(slot);
      if (gateway != null
          && (addressed == null || !addressed.isOnLink(gateway) || addressed.holds(gateway))) {
        throw new IllegalArgumentException(
            "gateway "
                + gateway
                + " is not another station on the interface's link: it must be in one of its"
                + " subnets "
                + (addressed == null ? List.of() : addressed.addresses()));
      }
      return tables.with(route);
    });
  }

  /**
   * Takes a route out that {@link #addRoute} added.
   *
   * @return false if it is not there
   */
  public boolean removeRoute(
      IpPrefix destination, @Nullable IpAddress gateway, int slot, int metric) {
    Route route = new Route(destination.network(), gateway, slot, metric);
    NetworkSnapshot before = current.getAndUpdate(tables -> tables.without(route));
    return before.holds(route);
  }

  /** Has all paths looked up again, because the MTU of a slot has changed. */
  public void refresh() {
    current.updateAndGet(NetworkSnapshot::refreshed);
  }

  /** Notes what is known of the path to a destination. */
  void learn(IpAddress destination, PathMtus.Known path) {
    current.updateAndGet(tables -> tables.with(tables.pathMtus().with(destination, path)));
  }

  /** Forgets what was learned of paths by that time. */
  void forget(long nanos) {
    current.updateAndGet(tables -> {
      PathMtus left = tables.pathMtus().after(nanos);
      return left == tables.pathMtus() ? tables : tables.with(left);
    });
  }

  /** Names the present state: a {@link Path} of another generation is looked up again. */
  public long generation() {
    return snapshot().generation();
  }

  /** True if the address is a slot's, or loopback. */
  public boolean isLocal(long high, long low) {
    return snapshot().isLocal(high, low);
  }

  /** True if the address is a slot's, or loopback. */
  public boolean isLocal(IpAddress address) {
    return isLocal(address.high(), address.low());
  }

  /**
   * The way to a destination.
   *
   * @param local the source address, or an unspecified one to have it chosen
   * @return null if there is none
   */
  public @Nullable Path path(IpAddress local, IpAddress remote) {
    return snapshot().path(local, remote);
  }

  /**
   * The address to send from (RFC 1122 §3.3.4.3).
   *
   * @return null if there is no way to the destination
   */
  public @Nullable IpAddress sourceFor(IpAddress remote) {
    Path path = path(remote.isIpv4() ? IpAddress.ANY_IPV4 : IpAddress.ANY_IPV6, remote);
    return path == null ? null : path.local();
  }

  /** The addresses of a slot; empty if it is not known. */
  public List<IpPrefix> addresses(int slot) {
    AddressedSlot addressed = snapshot().slot(slot);
    return addressed == null ? List.of() : addressed.addresses();
  }

  /** The routes, longest prefix first. */
  public List<RouteView> routes() {
    NetworkSnapshot snapshot = snapshot();
    List<RouteView> views = new ArrayList<>();
    for (Route route : snapshot.routes()) {
      AddressedSlot slot = snapshot.slot(route.slot());
      if (slot != null) {
        views.add(
            new RouteView(
                route.destination(), route.gateway(), slot.link().name(), route.metric()));
      }
    }
    return views;
  }

  /** The present state. */
  NetworkSnapshot snapshot() {
    return Objects.requireNonNull(current.get(), "the tables are never without a state");
  }
}
