package org.penstock.netif.tap.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.penstock.api.MacAddress;
import org.penstock.api.netif.LinkType;
import org.penstock.netif.tap.TapSettings;

class TapPropertiesTest {
  private static final TapSettings ALL =
      TapSettings.of("tap0")
          .withNetns("blue")
          .withPersistent(true)
          .withMtu(1400)
          .withMac(MacAddress.parse("02:00:5e:10:00:01"))
          .withOffload(false)
          .withSpinMicros(50);

  @Test
  void readsTextAsItStandsInAFile() {
    Map<String, Object> text =
        Map.of(
            "name", " tap0 ",
            "netns", "blue",
            "persistent", "true",
            "mtu", "1400",
            "mac", "02-00-5E-10-00-01",
            "offload", "false",
            "queues", "1",
            "spin.micros", "50");

    assertThat(TapProperties.parse(LinkType.ETHERNET, text)).isEqualTo(ALL);
  }

  @Test
  void readsTypedValues() {
    Map<String, Object> typed =
        Map.of(
            "name",
            "tap0",
            "netns",
            "blue",
            "persistent",
            true,
            "mtu",
            1400,
            "mac",
            "02:00:5e:10:00:01",
            "offload",
            Boolean.FALSE,
            "queues",
            1L,
            "spin.micros",
            50);

    assertThat(TapProperties.parse(LinkType.ETHERNET, typed)).isEqualTo(ALL);
  }

  @Test
  void hasADefaultForAllButTheName() {
    Map<String, Object> empty = Map.of("name", "tap0", "netns", "", "mac", "", "mtu", " ");

    assertThat(TapProperties.parse(LinkType.ETHERNET, empty)).isEqualTo(TapSettings.of("tap0"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TapProperties.parse(LinkType.ETHERNET, Map.of()))
        .withMessage("property 'name' is missing; allowed: an interface's name such as tap0");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "mtu; 1500B; a whole number",
        "mtu; 99999; 68 to 65521 bytes, or 0 to leave it as it is",
        "persistent; yes; true or false",
        "offload; TRUE; true or false",
        "mac; 02:00; an Ethernet address such as 02:00:5e:10:00:01",
        "queues; 4; 1",
        "spin.micros; 1e3; a whole number"
      })
  void namesPropertyValueAndWhatIsAllowed(String property, String value, String allowed) {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> TapProperties.parse(LinkType.ETHERNET, Map.of("name", "tap0", property, value)))
        .withMessage("property '%s' has the value '%s'; allowed: %s", property, value, allowed);
  }

  @Test
  void aTunHasTheSamePropertiesWithoutAnAddress() {
    assertThat(TapProperties.parse(LinkType.IP, Map.of("name", "tun0", "mtu", "65535")))
        .isEqualTo(TapSettings.tun("tun0").withMtu(65_535));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TapProperties.parse(LinkType.IP, Map.of()))
        .withMessage("property 'name' is missing; allowed: an interface's name such as tun0");
    Map<String, ?> withAddress = Map.of("name", "tun0", "mac", "02:00:5e:10:00:01");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TapProperties.parse(LinkType.IP, withAddress))
        .withMessage(
            "property 'mac' has the value '02:00:5e:10:00:01'; allowed: none: a TUN device has no"
                + " Ethernet address");
  }
}
