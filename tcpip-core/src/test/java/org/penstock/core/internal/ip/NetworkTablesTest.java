package org.penstock.core.internal.ip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.penstock.core.internal.ip.TestNetwork.ANY;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.penstock.api.IpAddress;
import org.penstock.api.IpPrefix;
import org.penstock.api.netif.LinkType;
import org.penstock.api.netif.NetifCapabilities;
import org.penstock.api.view.RouteView;

/** Addresses and routes: RFC 1122 §3.3.1, §3.3.4, longest prefix first. */
class NetworkTablesTest {

  private final NetworkTables tables = new NetworkTables();
  private final FakeSlot first = new FakeSlot(0);
  private final FakeSlot second = new FakeSlot(1, NetifCapabilities.plain(LinkType.ETHERNET, 9000));

  private static IpAddress at(String text) {
    return IpAddress.parse(text);
  }

  private static List<IpPrefix> prefixes(String... texts) {
    return List.of(texts).stream().map(IpPrefix::parse).toList();
  }

  private Path path(String remote) {
    return tables.path(ANY, at(remote));
  }

  @Test
  void reachesASubnetDirectlyAndTheRestByTheGateway() {
    tables.put(first, prefixes("192.0.2.1/24"), at("192.0.2.254"));

    assertThat(path("192.0.2.77"))
        .isEqualTo(
            new Path(
                0, at("192.0.2.1"), at("192.0.2.77"), at("192.0.2.77"), 1500, tables.generation()));
    assertThat(path("203.0.113.9"))
        .isEqualTo(
            new Path(
                0,
                at("192.0.2.1"),
                at("203.0.113.9"),
                at("192.0.2.254"),
                1500,
                tables.generation()));
  }

  @Test
  void hasNoWayWithoutARoute() {
    assertThat(path("192.0.2.77")).isNull();
    tables.put(first, prefixes("192.0.2.1/24"), null);

    assertThat(path("203.0.113.9")).isNull();
    assertThat(tables.sourceFor(at("203.0.113.9"))).isNull();
    assertThat(path("0.0.0.0")).isNull();
  }

  @Test
  void prefersTheLongestPrefixThenTheLowestMetric() {
    tables.put(first, prefixes("192.0.2.1/24"), at("192.0.2.254"));
    tables.put(second, prefixes("198.51.100.1/24"), null);
    tables.addRoute(IpPrefix.parse("203.0.113.0/24"), at("192.0.2.10"), 0, 20);
    tables.addRoute(IpPrefix.parse("203.0.113.0/24"), at("198.51.100.10"), 1, 10);
    tables.addRoute(IpPrefix.parse("203.0.113.128/25"), at("192.0.2.11"), 0, 500);

    assertThat(path("203.0.113.5").nextHop()).isEqualTo(at("198.51.100.10"));
    assertThat(path("203.0.113.5").mtu()).isEqualTo(9000);
    assertThat(path("203.0.113.200").nextHop()).isEqualTo(at("192.0.2.11"));
    assertThat(path("198.18.0.1").nextHop()).isEqualTo(at("192.0.2.254"));

    tables.removeRoute(IpPrefix.parse("203.0.113.128/25"), at("192.0.2.11"), 0, 500);
    assertThat(path("203.0.113.200").nextHop()).isEqualTo(at("198.51.100.10"));
  }

  @Test
  void choosesTheSourceOnTheSubnetOfTheNextHop() {
    tables.put(first, prefixes("192.0.2.1/24", "198.51.100.1/24"), at("198.51.100.254"));

    assertThat(tables.sourceFor(at("192.0.2.9"))).isEqualTo(at("192.0.2.1"));
    assertThat(tables.sourceFor(at("198.51.100.9"))).isEqualTo(at("198.51.100.1"));
    assertThat(tables.sourceFor(at("203.0.113.9"))).isEqualTo(at("198.51.100.1"));
  }

  @Test
  void keepsTheSourceThatWasAskedForIfItIsOurs() {
    tables.put(first, prefixes("192.0.2.1/24", "198.51.100.1/24"), null);

    assertThat(tables.path(at("198.51.100.1"), at("192.0.2.9")).local())
        .isEqualTo(at("198.51.100.1"));
    assertThat(tables.path(at("203.0.113.1"), at("192.0.2.9"))).isNull();
  }

  @Test
  void goesByTheSlotOfTheSourceWhereRoutesAreEquallyGood() {
    tables.put(first, prefixes("192.0.2.1/24"), at("192.0.2.254"));
    tables.put(second, prefixes("198.51.100.1/24"), at("198.51.100.254"));

    assertThat(path("203.0.113.9").slot()).isZero();
    assertThat(tables.path(at("198.51.100.1"), at("203.0.113.9")).slot()).isEqualTo(1);
  }

  @Test
  void comesBackToItselfWithoutAnInterface() {
    tables.put(first, prefixes("192.0.2.1/24"), null);

    Path own = path("192.0.2.1");
    assertThat(own.slot()).isEqualTo(LocalLink.NUMBER);
    assertThat(own.local()).isEqualTo(at("192.0.2.1"));
    assertThat(own.mtu()).isEqualTo(LocalLink.MTU);
    assertThat(path("127.9.9.9").local()).isEqualTo(at("127.0.0.1"));
    assertThat(tables.path(at("192.0.2.1"), at("127.0.0.1")).slot()).isEqualTo(LocalLink.NUMBER);
  }

  @Test
  void letsNoLoopbackAddressOut() {
    tables.put(first, prefixes("192.0.2.1/24"), at("192.0.2.254"));

    assertThat(tables.path(at("127.0.0.1"), at("192.0.2.9"))).isNull();
    assertThat(tables.path(at("127.0.0.1"), at("255.255.255.255"))).isNull();
  }

  @Test
  void knowsItsOwnAddresses() {
    tables.put(first, prefixes("192.0.2.1/24", "2001:db8::1/64"), null);
    tables.put(second, prefixes("198.51.100.1/24"), null);

    assertThat(List.of("192.0.2.1", "198.51.100.1", "127.0.0.1", "127.1.2.3", "::1", "2001:db8::1"))
        .allMatch(text -> tables.isLocal(at(text)));
    assertThat(
            List.of("192.0.2.2", "0.0.0.0", "::", "255.255.255.255", "192.0.2.255", "2001:db8::2"))
        .noneMatch(text -> tables.isLocal(at(text)));
  }

  @Test
  void findsEveryOneOfManyAddresses() {
    String[] many = new String[300];
    for (int i = 0; i < many.length; i++) {
      many[i] = IpAddress.ofIpv4(0xc612_0001 + i) + "/15";
    }
    tables.put(first, prefixes(many), null);

    for (int i = 0; i < many.length; i++) {
      assertThat(tables.isLocal(IpAddress.ofIpv4(0xc612_0001 + i))).isTrue();
      assertThat(tables.isLocal(IpAddress.ofIpv4(0xc612_4001 + i))).isFalse();
    }
  }

  @Test
  void sendsLimitedBroadcastsByTheSlotOfTheSourceElseOfTheDefaultRoute() {
    tables.put(first, prefixes("192.0.2.1/24"), null);
    tables.put(second, prefixes("198.51.100.1/24"), at("198.51.100.254"));

    assertThat(path("255.255.255.255").slot()).isEqualTo(1);
    assertThat(path("255.255.255.255").nextHop()).isEqualTo(IpAddress.BROADCAST_IPV4);
    assertThat(path("255.255.255.255").local()).isEqualTo(at("198.51.100.1"));
    assertThat(tables.path(at("192.0.2.1"), at("255.255.255.255")).slot()).isZero();
    assertThat(path("224.0.0.251").nextHop()).isEqualTo(at("224.0.0.251"));
  }

  @Test
  void knowsTheDirectedBroadcastsOfASlot() {
    tables.put(first, prefixes("192.0.2.1/25", "198.51.100.0/31"), null);

    AddressedSlot slot = tables.snapshot().slot(0);
    assertThat(slot.isDirectedBroadcast(at("192.0.2.127").ipv4())).isTrue();
    assertThat(slot.isDirectedBroadcast(at("192.0.2.255").ipv4())).isFalse();
    // RFC 3021: both addresses of a /31 are hosts.
    assertThat(slot.isDirectedBroadcast(at("198.51.100.1").ipv4())).isFalse();
    assertThat(path("192.0.2.127").nextHop()).isEqualTo(at("192.0.2.127"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0.0.0.0/0",
        "0.1.2.3/8",
        "127.0.0.2/8",
        "224.0.0.1/24",
        "240.0.0.1/24",
        "255.255.255.255/32",
        "192.0.2.0/24",
        "192.0.2.255/24",
        "::/64",
        "::1/128",
        "ff02::1/16"
      })
  void refusesAddressesThatNoStationCanHave(String address) {
    long before = tables.generation();

    assertThatThrownBy(() -> tables.put(first, prefixes(address), null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(address)
        .hasMessageContaining("net0")
        .hasMessageContaining("write one such as");
    assertThat(tables.generation()).isEqualTo(before);
  }

  @Test
  void refusesAnAddressTwiceAndKeepsWhatItHad() {
    tables.put(first, prefixes("192.0.2.1/24"), null);

    assertThatThrownBy(() -> tables.put(second, prefixes("192.0.2.1/24"), null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("192.0.2.1")
        .hasMessageContaining("net");
    assertThat(tables.addresses(1)).isEmpty();
    assertThat(tables.addresses(0)).containsExactly(IpPrefix.parse("192.0.2.1/24"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"192.0.2.1", "0.0.0.0", "224.0.0.1", "255.255.255.255", "127.0.0.1"})
  void refusesGatewaysThatAreNoOtherStation(String gateway) {
    assertThatThrownBy(() -> tables.put(first, prefixes("192.0.2.1/24"), at(gateway)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("gateway " + gateway);
  }

  @Test
  void changesItsGenerationWithEveryChange() {
    long start = tables.generation();
    tables.put(first, prefixes("192.0.2.1/24"), null);
    long added = tables.generation();
    tables.refresh();
    long refreshed = tables.generation();
    tables.remove(0);

    assertThat(List.of(start, added, refreshed, tables.generation())).doesNotHaveDuplicates();
    assertThat(tables.isLocal(at("192.0.2.1"))).isFalse();
    assertThat(tables.routes()).isEmpty();
    assertThat(path("192.0.2.9")).isNull();
  }

  @Test
  void replacesTheAddressesOfASlot() {
    tables.put(first, prefixes("192.0.2.1/24"), at("192.0.2.254"));
    tables.addRoute(IpPrefix.parse("203.0.113.0/24"), at("192.0.2.10"), 0, 5);
    tables.put(first, prefixes("198.51.100.1/24"), null);

    assertThat(tables.isLocal(at("192.0.2.1"))).isFalse();
    assertThat(tables.isLocal(at("198.51.100.1"))).isTrue();
    assertThat(path("192.0.2.9")).isNull();
    assertThat(tables.routes())
        .containsExactly(
            new RouteView(IpPrefix.parse("198.51.100.0/24"), null, "net0", 0),
            new RouteView(IpPrefix.parse("203.0.113.0/24"), at("192.0.2.10"), "net0", 5));
  }

  @Test
  void listsRoutesLongestPrefixFirst() {
    tables.put(second, prefixes("198.51.100.1/25"), at("198.51.100.2"));
    tables.put(first, prefixes("192.0.2.1/24"), null);

    assertThat(tables.routes())
        .containsExactly(
            new RouteView(IpPrefix.parse("198.51.100.0/25"), null, "net1", 0),
            new RouteView(IpPrefix.parse("192.0.2.0/24"), null, "net0", 0),
            new RouteView(IpPrefix.parse("0.0.0.0/0"), at("198.51.100.2"), "net1", 0));
  }

  @Test
  void looksBothFamiliesUp() {
    tables.put(first, prefixes("2001:db8::1/64", "192.0.2.1/24"), at("2001:db8::ff"));

    Path near = tables.path(IpAddress.ANY_IPV6, at("2001:db8::7"));
    assertThat(near.nextHop()).isEqualTo(at("2001:db8::7"));
    assertThat(near.local()).isEqualTo(at("2001:db8::1"));
    Path far = tables.path(IpAddress.ANY_IPV6, at("2001:db8:1::7"));
    assertThat(far.nextHop()).isEqualTo(at("2001:db8::ff"));
    assertThat(path("198.51.100.1")).isNull();
    assertThat(tables.path(at("192.0.2.1"), at("2001:db8::7"))).isNull();
  }
}
