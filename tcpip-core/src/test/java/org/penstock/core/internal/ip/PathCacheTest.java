package org.penstock.core.internal.ip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.penstock.core.internal.ip.TestNetwork.ANY;
import static org.penstock.core.internal.ip.TestNetwork.PEER;

import org.junit.jupiter.api.Test;
import org.penstock.api.IpAddress;

/** A cache that never gives another way than a lookup would. */
class PathCacheTest {

  private final TestNetwork net = new TestNetwork();
  private final Ipv4Output output = net.ip.output(0);
  private final PathCache cache = new PathCache(output);

  @Test
  void givesTheSameWayAsALookupAlsoWherePlacesAreShared() {
    String[] own = new String[50];
    for (int i = 0; i < own.length; i++) {
      own[i] = IpAddress.ofIpv4(0xc612_0001 + i) + "/15";
    }
    net.add(net.slot, null, own);
    for (int round = 0; round < 3; round++) {
      for (int i = 0; i < own.length; i++) {
        IpAddress local = IpAddress.ofIpv4(0xc612_0001 + i);
        for (int j = 0; j < 100; j++) {
          IpAddress remote = IpAddress.ofIpv4(0xc613_0000 + j);
          assertThat(cache.route(local, remote)).isEqualTo(output.route(local, remote));
        }
      }
    }
  }

  @Test
  void remembersAWayUntilRoutesChange() {
    Path first = cache.route(ANY, PEER);
    assertThat(cache.route(ANY, PEER)).isSameAs(first);
    net.ip.tables().refresh();

    assertThat(cache.route(ANY, PEER)).isNotSameAs(first);
    net.ip.tables().remove(0);
    assertThat(cache.route(ANY, PEER)).isNull();
  }
}
