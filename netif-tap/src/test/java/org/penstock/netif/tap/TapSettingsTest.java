package org.penstock.netif.tap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.penstock.api.MacAddress;

class TapSettingsTest {
  private static final TapSettings TAP0 = TapSettings.of("tap0");

  @ParameterizedTest
  @ValueSource(
      strings = {"", "sixteen-letters1", "a/b", "a b", "a:b", "tap%d", ".", "..", "tap\u00e9"})
  void refusesWhatIsNoInterfaceName(String name) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TapSettings.of(name))
        .withMessageStartingWith("property 'name' has the value '" + name + "'; allowed: 1 to 15");
  }

  @ParameterizedTest
  @ValueSource(strings = {"t", "fifteen-letters", "tap.0", "veth_1@x"})
  void takesEveryInterfaceNameTheKernelTakes(String name) {
    assertThat(TapSettings.of(name).name()).isEqualTo(name);
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 1, 67, 65_522})
  void refusesAnMtuThatNoTapHas(int mtu) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TAP0.withMtu(mtu))
        .withMessage(
            "property 'mtu' has the value '"
                + mtu
                + "'; allowed: 68 to 65521 bytes, or 0 to leave it as it is");
  }

  @ParameterizedTest
  @ValueSource(strings = {"01:00:5e:00:00:01", "00:00:00:00:00:00"})
  void refusesWhatIsNoStationAddress(String mac) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TAP0.withMac(MacAddress.parse(mac)))
        .withMessageStartingWith("property 'mac' has the value '" + mac + "'; allowed: a station");
  }

  @Test
  void refusesQueuesAndSpinsOutOfRange() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TAP0.withQueues(2))
        .withMessage("property 'queues' has the value '2'; allowed: 1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TAP0.withSpinMicros(-1))
        .withMessageContaining("'spin.micros' has the value '-1'; allowed: 0 to 10000");
  }

  @Test
  void findsTheNamespacesFile() {
    assertThat(TAP0.namespaceFile()).isEmpty();
    assertThat(TAP0.withNetns("blue").namespaceFile()).contains("/run/netns/blue");
    assertThat(TAP0.withNetns("/proc/1/ns/net").namespaceFile()).contains("/proc/1/ns/net");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TAP0.withNetns("../blue"))
        .withMessageStartingWith("property 'netns' has the value '../blue'");
  }

  @Test
  void aTunTakesPacketsOfEveryLength() {
    TapSettings tun = TapSettings.tun("tun0");
    assertThat(tun.withMtu(65_535).mtu()).isEqualTo(65_535);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> tun.withMtu(65_536))
        .withMessage(
            "property 'mtu' has the value '65536'; allowed: 68 to 65535 bytes, or 0 to leave it as"
                + " it is");
  }
}
