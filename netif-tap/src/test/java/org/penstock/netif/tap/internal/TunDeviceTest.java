package org.penstock.netif.tap.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.penstock.api.MacAddress;
import org.penstock.api.netif.LinkType;
import org.penstock.netif.tap.TapException;
import org.penstock.netif.tap.TapSettings;
import org.penstock.testkit.NetworkNamespace;
import org.penstock.testkit.NetworkNamespaceExtension;

/** What is different about a TUN. */
@ExtendWith(NetworkNamespaceExtension.class)
class TunDeviceTest {

  private static TapSettings tun0(NetworkNamespace net) {
    return TapSettings.tun("tun0").withNetns(net.name());
  }

  @Test
  void isADeviceWithoutALinkHeader(NetworkNamespace net) throws Exception {
    try (TapNetif tun = TapNetif.open(tun0(net).withMtu(1400), lost -> {})) {
      assertThat(net.run("ip", "-d", "link", "show", "tun0"))
          .contains("POINTOPOINT", "tun type tun", "vnet_hdr on multi_queue");
      assertThat(tun.mac()).isEqualTo(MacAddress.ZERO);
      assertThat(tun.capabilities().linkType()).isEqualTo(LinkType.IP);
      assertThat(tun.capabilities().mtu()).isEqualTo(1400);
      assertThat(tun.capabilities().tcpSegmentation()).isEqualTo(65_535);
      assertThat(tun.capabilities().receiveCoalescing()).isEqualTo(65_535);
    }
    try (TapNetif tun = TapNetif.open(tun0(net).withOffload(false), lost -> {})) {
      assertThat(tun.capabilities().receiveCoalescing()).isEqualTo(1500);
      assertThat(tun.capabilities().checksumOut()).isFalse();
    }
  }

  @Test
  void canBeOpenedTwiceSoThatADriverTakesOver(NetworkNamespace net) throws Exception {
    try (TapNetif one = TapNetif.open(tun0(net), lost -> {});
        TapNetif other = TapNetif.open(tun0(net), lost -> {})) {
      assertThat(one.isShareable()).isTrue();
      assertThat(other.fallbacks()).isEmpty();
    }
  }

  @Test
  void saysThatAnInterfaceIsOfTheOtherKind(NetworkNamespace net) throws Exception {
    net.run("ip", "tuntap", "add", "tun0", "mode", "tap");
    assertThatThrownBy(() -> TapNetif.open(tun0(net), lost -> {}))
        .isInstanceOf(TapException.class)
        .hasMessageStartingWith("cannot open the TUN device 'tun0' in network namespace ")
        .hasMessageEndingWith(
            "an interface of this name exists and is no TUN: choose another name");
  }

  @Test
  void isAServiceOfItsOwnPid(NetworkNamespace net) {
    FakeFramework framework = new FakeFramework();
    TunComponent component = new TunComponent(framework.context());
    component.loggers = framework.loggers();
    Map<String, Object> properties = new HashMap<>();
    properties.put("service.pid", "org.penstock.netif.tun~tun0");
    properties.put("name", "tun0");
    properties.put("netns", net.name());
    component.activate(properties);
    try {
      assertThat(framework.services).hasSize(1);
      var offered = framework.services.getFirst();
      assertThat(offered.properties.get("netif.name")).isEqualTo("tun0");
      assertThat(offered.properties.get("netif.type")).isEqualTo("tun");
      assertThat(offered.netif.capabilities().linkType()).isEqualTo(LinkType.IP);
      properties.put("mac", "02:00:5e:10:00:01");
      component.configure(properties);
      assertThat(framework.events)
          .last()
          .asString()
          .startsWith("error: org.penstock.netif.tun~tun0: property 'mac' has the value");
    } finally {
      component.deactivate();
    }
    assertThat(framework.services).isEmpty();
    assertThat(net.run("ip", "-o", "link")).doesNotContain("tun0");
  }
}
