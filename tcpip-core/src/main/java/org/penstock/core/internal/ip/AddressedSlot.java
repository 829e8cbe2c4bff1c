package org.penstock.core.internal.ip;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.penstock.api.IpAddress;
import org.penstock.api.IpPrefix;

/** A slot with its addresses and its default gateway. Immutable. */
final class AddressedSlot {

  private final SlotLink link;
  private final List<IpPrefix> addresses;
  private final @Nullable IpAddress gateway;
  private final AddressSet hosts;
  private final int[] broadcasts;

  /**
   * A slot's addresses.
   *
   * @throws IllegalArgumentException if one can't be an interface's; the message says why
   */
  AddressedSlot(SlotLink link, List<IpPrefix> addresses, @Nullable IpAddress gateway) {
    this.link = link;
    this.addresses = List.copyOf(addresses);
    this.gateway = gateway;
    for (IpPrefix address : this.addresses) {
      requireHost(address);
    }
    this.hosts = new AddressSet(hosts());
    if (gateway != null && (!isStation(gateway) || holds(gateway))) {
      throw new IllegalArgumentException(
          "gateway "
              + gateway
              + " of "
              + link.name()
              + " is not another station's address: write one such as 192.0.2.1");
    }
    this.broadcasts =
        this.addresses.stream()
            .filter(prefix -> prefix.address().isIpv4() && prefix.length() < 31)
            .mapToInt(prefix -> prefix.broadcast().ipv4())
            .distinct()
            .toArray();
  }

  int number() {
    return link.number();
  }

  SlotLink link() {
    return link;
  }

  List<IpPrefix> addresses() {
    return addresses;
  }

  /** Adds the routes that follow from the addresses and the gateway. */
  void addRoutes(List<Route> routes) {
    for (IpPrefix prefix : addresses) {
      routes.add(new Route(prefix.network(), null, number(), 0));
    }
    if (gateway != null) {
      IpAddress any = gateway.isIpv4() ? IpAddress.ANY_IPV4 : IpAddress.ANY_IPV6;
      routes.add(new Route(new IpPrefix(any, 0), gateway, number(), 0));
    }
  }

  /** True for one of its addresses. */
  boolean holds(IpAddress address) {
    return holds(address.high(), address.low());
  }

  /** True for one of its addresses. Allocates nothing. */
  boolean holds(long high, long low) {
    return hosts.contains(high, low);
  }

  /** True for the directed broadcast address of one of the subnets. Allocates nothing. */
  boolean isDirectedBroadcast(int address) {
    for (int broadcast : broadcasts) {
      if (broadcast == address) {
        return true;
      }
    }
    return false;
  }

  /** True if the address lies in one of the subnets, so that it is a neighbour's. */
  boolean isOnLink(IpAddress address) {
    for (IpPrefix prefix : addresses) {
      if (prefix.contains(address)) {
        return true;
      }
    }
    return false;
  }

  /** RFC 1122 §3.3.4.3: the address on the same subnet as the next hop, else the first one. */
  @Nullable IpAddress sourceFor(IpAddress nextHop) {
    IpAddress first = null;
    for (IpPrefix prefix : addresses) {
      if (prefix.contains(nextHop)) {
        return prefix.address();
      }
      if (first == null && prefix.address().isIpv4() == nextHop.isIpv4()) {
        first = prefix.address();
      }
    }
    return first;
  }

  /** All host addresses, without the lengths. */
  List<IpAddress> hosts() {
    List<IpAddress> hosts = new ArrayList<>();
    for (IpPrefix prefix : addresses) {
      hosts.add(prefix.address());
    }
    return hosts;
  }

  private void requireHost(IpPrefix prefix) {
    IpAddress address = prefix.address();
    boolean subnet = address.isIpv4() && prefix.length() < 31;
    // RFC 1122 §3.2.1.3: a host number of all ones or zeros is not a host's.
    if (!isStation(address)
        || subnet
            && (address.equals(prefix.broadcast()) || address.equals(prefix.network().address()))) {
      throw new IllegalArgumentException(
          "address "
              + prefix
              + " of "
              + link.name()
              + " is not one a station can have: it is unspecified, loopback, multicast,"
              + " broadcast or the subnet itself; write one such as 192.0.2.2/24");
    }
  }

  /** True if the address can be a single station's on a link. */
  static boolean isStation(IpAddress address) {
    if (address.isAny() || address.isLoopback() || address.isMulticast()) {
      return false;
    }
    return !address.isIpv4() || isStation(address.ipv4());
  }

  /**
   * True if an IPv4 address can be a single station's on a link: not 0/8, 127/8, multicast (224/4)
   * or class E with the limited broadcast address (240/4); RFC 1122 §3.2.1.3, RFC 6890 §2.2.2.
   */
  static boolean isStation(int address) {
    int network = address >>> 24;
    return network != 0 && network != 127 && network < 224;
  }
}
