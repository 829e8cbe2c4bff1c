package org.penstock.netif.tap.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.penstock.testkit.NetworkNamespace;
import org.penstock.testkit.NetworkNamespaceExtension;

/** A configuration's life, from its first to its last property. */
@ExtendWith(NetworkNamespaceExtension.class)
class TapComponentTest {
  private static final String PID = "org.penstock.netif.tap~tap0";

  private final FakeFramework framework = new FakeFramework();
  private final TapComponent component = new TapComponent(framework.context());
  private List<String> before;
  private NetworkNamespace net;

  @BeforeEach
  void prepare(NetworkNamespace namespace) throws Exception {
    net = namespace;
    component.loggers = framework.loggers();
    before = Descriptors.ofTheDriver();
  }

  @AfterEach
  void leavesNothingBehind() throws Exception {
    component.deactivate();
    component.deactivate();
    assertThat(framework.services).isEmpty();
    assertThat(Descriptors.ofTheDriver()).isEqualTo(before);
  }

  private Map<String, Object> properties(Object... more) {
    Map<String, Object> properties = new HashMap<>();
    properties.put("service.pid", PID);
    properties.put("name", "tap0");
    properties.put("netns", net.name());
    for (int i = 0; i < more.length; i += 2) {
      properties.put((String) more[i], more[i + 1]);
    }
    return properties;
  }

  private FakeFramework.Service service() {
    assertThat(framework.services).hasSize(1);
    return framework.services.getFirst();
  }

  private String links() {
    return net.run("ip", "-o", "link");
  }

  @Test
  void offersTheDriverWhileTheDeviceIsOpen() {
    component.activate(properties("service.ranking", 7, ".secret", "x", "component.id", 3));

    var offered = service().properties;
    assertThat(offered.get("netif.name")).isEqualTo("tap0");
    assertThat(offered.get("netif.type")).isEqualTo("tap");
    assertThat(offered.get("service.ranking")).isEqualTo(7);
    assertThat(offered.get("netns")).isEqualTo(net.name());
    assertThat(offered.get(".secret")).isNull();
    assertThat(offered.get("component.id")).isNull();
    assertThat(links()).contains("tap0");

    component.deactivate();
    assertThat(framework.events).containsExactly("registered tap0", "unregistered tap0");
    assertThat(links()).doesNotContain("tap0");
  }

  @Test
  void offersNothingForAWrongValueAndSaysWhy() {
    component.activate(properties("mtu", "20"));

    assertThat(framework.events)
        .containsExactly(
            "error: "
                + PID
                + ": property 'mtu' has the value '20'; allowed: 68 to 65521 bytes, or 0 to leave"
                + " it as it is");
    assertThat(links()).doesNotContain("tap0");

    component.configure(properties("mtu", "1300"));
    assertThat(service().netif.capabilities().mtu()).isEqualTo(1300);
  }

  @Test
  void offersNothingWhereTheDeviceCannotBeOpenedAndSaysWhy() {
    component.activate(properties("netns", "penstock-none"));

    assertThat(framework.events)
        .singleElement()
        .asString()
        .startsWith("error: " + PID + ": cannot open the network namespace")
        .endsWith("create it with 'ip netns add penstock-none'");
  }

  @Test
  void keepsTheLastGoodConfiguration() {
    component.activate(properties("mtu", 1300));
    TapNetif good = service().netif;

    component.configure(properties("mtu", "none"));
    component.configure(properties("mtu", 1300, "netns", "penstock-none"));
    component.configure(properties("mtu", 1300, "service.ranking", "first"));

    assertThat(service().netif).isSameAs(good);
    assertThat(good.capabilities().mtu()).isEqualTo(1300);
    assertThat(links()).contains("tap0").contains("mtu 1300");
    assertThat(framework.events).filteredOn(event -> event.startsWith("error: ")).hasSize(3);
  }

  @Test
  void makesBeforeItBreaks() {
    component.activate(properties());
    String index = links().lines().filter(line -> line.contains("tap0")).findFirst().orElseThrow();

    component.configure(properties("mtu", 1300));

    assertThat(framework.events)
        .containsExactly("registered tap0", "registered tap0", "unregistered tap0");
    assertThat(service().netif.capabilities().mtu()).isEqualTo(1300);
    // The same device: were it made anew, it would have another index and another address.
    String after = links().lines().filter(line -> line.contains("tap0")).findFirst().orElseThrow();
    assertThat(after.split(":")[0]).isEqualTo(index.split(":")[0]);
    assertThat(after).endsWith(index.substring(index.indexOf("link/ether")));
  }

  @Test
  void changesNothingButTheServiceForTheSameSettings() {
    component.activate(properties("service.ranking", 1));
    TapNetif netif = service().netif;

    // A configuration that was read from a file is all text.
    component.configure(properties("service.ranking", "2"));

    assertThat(service().netif).isSameAs(netif);
    assertThat(service().properties.get("service.ranking")).isEqualTo(2);
    assertThat(framework.events).containsExactly("registered tap0");
  }

  @Test
  void reopensADeviceWithASingleQueue() {
    net.run("ip", "tuntap", "add", "tap0", "mode", "tap");
    component.activate(properties());
    component.configure(properties("mtu", 1300));

    assertThat(service().netif.capabilities().mtu()).isEqualTo(1300);
    assertThat(framework.events)
        .filteredOn(event -> !event.startsWith("warn: "))
        .containsExactly("registered tap0", "unregistered tap0", "registered tap0");
    assertThat(framework.events)
        .filteredOn(event -> event.startsWith("warn: "))
        .hasSize(2)
        .allMatch(event -> event.contains("the device exists with a single queue"));
  }

  @Test
  void withdrawsADeviceThatWasDeleted() throws Exception {
    component.activate(properties());
    try (var slot = new AttachedTap(service().netif)) {
      net.run("ip", "link", "del", "tap0");
      assertThat(slot.host.await(framework.services::isEmpty, AttachedTap.soon())).isTrue();
    }
    assertThat(framework.events)
        .containsExactly(
            "registered tap0",
            "warn: "
                + PID
                + ": the TAP device 'tap0' has been deleted; update the configuration to create it"
                + " anew",
            "unregistered tap0");

    component.configure(properties());
    assertThat(links()).contains("tap0");
  }
}
