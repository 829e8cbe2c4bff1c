package org.penstock.netif.loopback.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.penstock.api.netif.LinkType;
import org.penstock.api.netif.Netif;
import org.penstock.api.netif.NetifAttachment;
import org.penstock.api.runtime.SystemRuntime;
import org.penstock.testkit.netif.RecordingHost;

class ComponentsTest {

  private final FakeFramework framework = new FakeFramework();

  private static Map<String, Object> properties(Object... pairs) {
    Map<String, Object> properties = new HashMap<>();
    properties.put("service.pid", "org.penstock.netif.cable~x");
    for (int i = 0; i < pairs.length; i += 2) {
      properties.put((String) pairs[i], pairs[i + 1]);
    }
    return properties;
  }

  private CableComponent cable() {
    CableComponent component = new CableComponent(framework.context());
    component.loggers = framework.loggers();
    return component;
  }

  private List<Netif> netifs() {
    return List.copyOf(framework.services.keySet());
  }

  @Test
  void aCableIsTwoJoinedServices() throws Exception {
    CableComponent component = cable();
    component.configure(
        properties(
            "name", "wire0", "service.ranking", 7, ".secret", "x", "component.id", 3, "mtu", 9000));

    assertThat(framework.events).containsExactly("registered wire0.a", "registered wire0.b");
    Netif a = netifs().get(0);
    Netif b = netifs().get(1);
    assertThat(framework.services.get(a).get(Netif.NAME)).isEqualTo("wire0.a");
    assertThat(framework.services.get(b).get(Netif.NAME)).isEqualTo("wire0.b");
    assertThat(framework.services.get(a).get(Netif.TYPE)).isEqualTo("cable");
    assertThat(framework.services.get(a).get("service.ranking")).isEqualTo(7);
    assertThat(framework.services.get(a).get(".secret")).isNull();
    assertThat(framework.services.get(a).get("component.id")).isNull();
    assertThat(a.capabilities().mtu()).isEqualTo(9000);
    assertThat(a.capabilities().tcpSegmentation()).isEqualTo(65_535);

    NetifAttachment bond =
        a.attach(new RecordingHost("a/net0", SystemRuntime.get(), a.capabilities()));
    assertThat(bond.link().up()).isFalse();
    b.attach(new RecordingHost("b/net0", SystemRuntime.get(), b.capabilities()));
    assertThat(bond.link().up()).as("joined").isTrue();

    component.deactivate();
    assertThat(framework.services).isEmpty();
  }

  @Test
  void readsTextAsFileInstallGivesIt() {
    cable().configure(properties("name", " wire0 ", "mtu", "1280", "offload", "None"));
    Netif a = netifs().getFirst();
    assertThat(a.name()).isEqualTo("wire0.a");
    assertThat(a.capabilities().mtu()).isEqualTo(1280);
    assertThat(a.capabilities().checksumOut()).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "mtu|67|property 'mtu' has the value '67'; allowed: 68 to 65535 bytes",
        "mtu|many|property 'mtu' has the value 'many'; allowed: 68 to 65535 bytes",
        "queue.length|0|property 'queue.length' has the value '0'; allowed: 1 to 1048576 frames",
        "offload|all|property 'offload' has the value 'all'; allowed: none, checksum, segmentation",
        "name|''|property 'name' is missing; allowed: a name such as wire0",
      })
  void saysInOneLineWhatIsWrong(String property, String value, String message) {
    Map<String, Object> properties = properties("name", "wire0");
    properties.put(property, value);
    cable().configure(properties);
    assertThat(framework.services).isEmpty();
    assertThat(framework.events).containsExactly("error: org.penstock.netif.cable~x: " + message);
  }

  @Test
  void aWrongChangeLeavesTheLastGoodConfiguration() {
    CableComponent component = cable();
    component.configure(properties("name", "wire0"));
    List<Netif> good = netifs();
    component.configure(properties("name", "wire0", "mtu", 7));
    assertThat(netifs()).isEqualTo(good);
  }

  @Test
  void aChangeIsMadeBeforeTheOldIsBroken() {
    CableComponent component = cable();
    component.configure(properties("name", "wire0"));
    component.configure(properties("name", "wire0", "mtu", 1400));
    assertThat(framework.events)
        .containsExactly(
            "registered wire0.a",
            "registered wire0.b",
            "registered wire0.a",
            "registered wire0.b",
            "unregistered wire0.a",
            "unregistered wire0.b");
    assertThat(netifs()).extracting(n -> n.capabilities().mtu()).containsExactly(1400, 1400);
  }

  @Test
  void equalSettingsKeepTheDevices() {
    CableComponent component = cable();
    component.configure(properties("name", "wire0", "service.ranking", 1));
    List<Netif> before = netifs();
    // A configuration that was read from a file is all text.
    component.configure(properties("name", "wire0", "service.ranking", "2"));
    assertThat(netifs()).isEqualTo(before);
    assertThat(framework.services.get(before.getFirst()).get("service.ranking")).isEqualTo(2);
  }

  @Test
  void aLoopbackIsOneService() {
    LoopbackComponent component = new LoopbackComponent(framework.context());
    component.loggers = framework.loggers();
    component.configure(properties("mtu", "9"));
    assertThat(framework.events).singleElement().asString().contains("'name' is missing");
    component.configure(properties("name", "lo"));
    Netif lo = netifs().getFirst();
    assertThat(framework.services.get(lo).get(Netif.TYPE)).isEqualTo("loopback");
    assertThat(framework.services.get(lo).get(Netif.NAME)).isEqualTo("lo");
    assertThat(lo.capabilities().linkType()).isEqualTo(LinkType.IP);
    component.deactivate();
    assertThat(framework.services).isEmpty();
  }

  @Test
  void aSwitchIsAServiceForEachPort() {
    SwitchComponent component = new SwitchComponent(framework.context());
    component.loggers = framework.loggers();
    component.configure(properties("name", "sw0", "ports", "3", "mtu", "9000"));
    assertThat(framework.events)
        .containsExactly("registered sw0/1", "registered sw0/2", "registered sw0/3");
    for (Netif port : netifs()) {
      assertThat(framework.services.get(port).get(Netif.TYPE)).isEqualTo("switch");
      assertThat(framework.services.get(port).get(Netif.NAME)).isEqualTo(port.name());
      assertThat(port.capabilities().mtu()).isEqualTo(9000);
      assertThat(port.capabilities().linkType()).isEqualTo(LinkType.ETHERNET);
    }
    component.deactivate();
    assertThat(framework.services).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ports|1|property 'ports' has the value '1'; allowed: 2 to 256 ports",
        "addresses|7|property 'addresses' has the value '7'; allowed: 8 to 65536 stations",
        "ageing.seconds|0|property 'ageing.seconds' has the value '0';"
            + " allowed: 1 to 1000000 seconds",
        "name|''|property 'name' is missing; allowed: a name such as sw0",
      })
  void saysInOneLineWhatIsWrongWithASwitch(String property, String value, String message) {
    SwitchComponent component = new SwitchComponent(framework.context());
    component.loggers = framework.loggers();
    Map<String, Object> properties = properties("name", "sw0");
    properties.put(property, value);
    component.configure(properties);
    assertThat(framework.services).isEmpty();
    assertThat(framework.events).containsExactly("error: org.penstock.netif.cable~x: " + message);
  }

  @Test
  void worksWithoutALogService() {
    CableComponent component = new CableComponent(framework.context());
    component.configure(properties("mtu", "9", "name", "x"));
    assertThat(framework.services).isEmpty();
  }
}
