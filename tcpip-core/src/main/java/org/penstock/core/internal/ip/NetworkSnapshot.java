package org.penstock.core.internal.ip;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.penstock.api.IpAddress;
import org.penstock.api.IpPrefix;

/** Addresses and routes at one moment. Immutable; a change makes another one. */
final class NetworkSnapshot {

  static final NetworkSnapshot EMPTY = new NetworkSnapshot(1, List.of(), List.of(), PathMtus.NONE);

  private static final IpAddress LOOPBACK_IPV4 = IpAddress.ofIpv4(0x7f00_0001);

  private final long generation;
  private final List<AddressedSlot> slots;
  private final List<Route> staticRoutes;
  private final List<Route> routes;
  private final AddressSet own;
  private final PathMtus pathMtus;

  private NetworkSnapshot(
      long generation, List<AddressedSlot> slots, List<Route> staticRoutes, PathMtus pathMtus) {
    this.generation = generation;
    this.slots = slots;
    this.staticRoutes = staticRoutes;
    this.pathMtus = pathMtus;
    List<Route> all = new ArrayList<>(staticRoutes);
    List<IpAddress> hosts = new ArrayList<>();
    for (AddressedSlot slot : slots) {
      slot.addRoutes(all);
      hosts.addAll(slot.hosts());
    }
    this.routes = all.stream().distinct().sorted().toList();
    this.own = new AddressSet(hosts);
  }

  NetworkSnapshot with(AddressedSlot slot) {
    List<AddressedSlot> changed = without(slots, slot.number());
    changed.add(slot);
    changed.sort(Comparator.comparingInt(AddressedSlot::number));
    requireUnique(changed);
    return new NetworkSnapshot(generation + 1, List.copyOf(changed), staticRoutes, pathMtus);
  }

  NetworkSnapshot without(int slot) {
    List<Route> kept = staticRoutes.stream().filter(route -> route.slot() != slot).toList();
    return new NetworkSnapshot(generation + 1, List.copyOf(without(slots, slot)), kept, pathMtus);
  }

  NetworkSnapshot with(Route route) {
    List<Route> changed = new ArrayList<>(staticRoutes);
    changed.remove(route);
    changed.add(route);
    return new NetworkSnapshot(generation + 1, slots, List.copyOf(changed), pathMtus);
  }

  NetworkSnapshot without(Route route) {
    List<Route> changed = new ArrayList<>(staticRoutes);
    changed.remove(route);
    return new NetworkSnapshot(generation + 1, slots, List.copyOf(changed), pathMtus);
  }

  /** True if the route was added, and does not follow from an address or a gateway. */
  boolean holds(Route route) {
    return staticRoutes.contains(route);
  }

  NetworkSnapshot refreshed() {
    return with(pathMtus);
  }

  NetworkSnapshot with(PathMtus changed) {
    return new NetworkSnapshot(generation + 1, slots, staticRoutes, changed);
  }

  /** What is known of paths beyond their first link. */
  PathMtus pathMtus() {
    return pathMtus;
  }

  long generation() {
    return generation;
  }

  List<Route> routes() {
    return routes;
  }

  /** The slot of that number with its addresses, or null. Allocates nothing. */
  @Nullable AddressedSlot slot(int number) {
    for (int i = 0; i < slots.size(); i++) {
      if (slots.get(i).number() == number) {
        return slots.get(i);
      }
    }
    return null;
  }

  /** True for an address of a slot. Allocates nothing. */
  boolean isOwn(long high, long low) {
    return own.contains(high, low);
  }

  /** True for an address of a slot and for those of loopback. Allocates nothing. */
  boolean isLocal(long high, long low) {
    return own.contains(high, low) || isLoopback(high, low);
  }

  /** True for 127/8 and ::1. Allocates nothing. */
  static boolean isLoopback(long high, long low) {
    return high == 0 && (low >>> 24 == 0xffff_7fL || low == 1);
  }

  /** The way to a destination, or null; {@code local} may be unspecified. */
  @Nullable Path path(IpAddress local, IpAddress remote) {
    boolean choose = local.isAny();
    if (remote.isAny() || !choose && !isLocal(local.high(), local.low())) {
      return null;
    }
    if (!choose && local.isIpv4() != remote.isIpv4()) {
      return null;
    }
    if (isLocal(remote.high(), remote.low())) {
      IpAddress source = choose ? remote.isLoopback() ? loopback(remote) : remote : local;
      return new Path(LocalLink.NUMBER, source, remote, remote, LocalLink.MTU, generation);
    }
    // RFC 1122 §3.2.1.3 (g): loopback addresses must not appear outside of a host.
    if (local.isLoopback()) {
      return null;
    }
    Route route = route(local, remote);
    AddressedSlot slot = route != null ? slot(route.slot()) : null;
    if (route == null || slot == null) {
      return null;
    }
    IpAddress nextHop = route.gateway() == null ? remote : route.gateway();
    IpAddress source = choose ? slot.sourceFor(nextHop) : local;
    if (source == null) {
      return null;
    }
    int linkMtu = slot.link().mtu();
    PathMtus.Known known = pathMtus.find(remote);
    int mtu = known == null ? linkMtu : Math.min(linkMtu, known.mtu());
    boolean narrow = known != null && known.narrow();
    boolean broadcast =
        remote.isIpv4() && (remote.isLimitedBroadcast() || slot.isDirectedBroadcast(remote.ipv4()));
    return new Path(
        slot.number(), source, remote, nextHop, mtu, linkMtu, narrow, broadcast, generation);
  }

  private static IpAddress loopback(IpAddress remote) {
    return remote.isIpv4() ? LOOPBACK_IPV4 : remote;
  }

  /**
   * The best route: the longest prefix, then the lowest metric. RFC 1122 §3.3.4.2, strong host: a
   * packet leaves only by the slot that its source address belongs to, if it has one already.
   */
  private @Nullable Route route(IpAddress local, IpAddress remote) {
    if (remote.isLimitedBroadcast() || remote.isMulticast()) {
      return linkRoute(local, remote);
    }
    for (Route route : routes) {
      if (route.destination().contains(remote)
          && (local.isAny() || isHeldBy(route.slot(), local))) {
        return route;
      }
    }
    return null;
  }

  /**
   * The way for what is not routed, limited broadcasts and multicasts: by the slot that holds the
   * source address, else by the one of the default route, else by the first (RFC 1122 §3.3.4).
   */
  private @Nullable Route linkRoute(IpAddress local, IpAddress remote) {
    AddressedSlot best = null;
    for (AddressedSlot slot : slots) {
      if (slot.sourceFor(remote) == null) {
        continue;
      }
      if (!local.isAny()) {
        if (slot.holds(local)) {
          best = slot;
          break;
        }
        continue;
      }
      best = best == null || isDefault(slot, remote) && !isDefault(best, remote) ? slot : best;
    }
    int bits = remote.isIpv4() ? 32 : 128;
    return best == null ? null : new Route(new IpPrefix(remote, bits), null, best.number(), 0);
  }

  private boolean isDefault(AddressedSlot slot, IpAddress remote) {
    for (Route route : routes) {
      if (route.destination().length() == 0
          && route.destination().contains(remote)
          && route.slot() == slot.number()) {
        return true;
      }
    }
    return false;
  }

  private boolean isHeldBy(int number, IpAddress local) {
    AddressedSlot slot = slot(number);
    return slot != null && slot.holds(local);
  }

  private static List<AddressedSlot> without(List<AddressedSlot> slots, int number) {
    List<AddressedSlot> others = new ArrayList<>(slots);
    others.removeIf(slot -> slot.number() == number);
    return others;
  }

  private static void requireUnique(List<AddressedSlot> slots) {
    Set<IpAddress> seen = new HashSet<>();
    for (AddressedSlot slot : slots) {
      for (IpAddress host : slot.hosts()) {
        if (!seen.add(host)) {
          throw new IllegalArgumentException(
              "address "
                  + host
                  + " of "
                  + slot.link().name()
                  + " is held already: an address belongs to one interface, once");
        }
      }
    }
  }
}
