package org.penstock.netif.fault.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.penstock.api.netif.impairment.ImpairmentConfig;
import org.penstock.netif.fault.FaultSettings;

/** What a configuration and a command line mean, and what is said of wrong ones. */
class FaultPropertiesTest {

  private static FaultProperties.Read read(String... pairs) {
    Map<String, Object> properties = new HashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      properties.put(pairs[i], pairs[i + 1]);
    }
    return new FaultProperties(properties).read();
  }

  @Test
  void nothingHappensUnlessItIsSet() {
    FaultProperties.Read read = read("stack", "a");
    assertThat(read.slot()).isEqualTo("net0");
    FaultSettings settings = read.settings();
    assertThat(settings.in().failure()).isZero();
    assertThat(settings.out().delayNanos()).isZero();
    assertThat(settings.memory()).isEqualTo(FaultSettings.DEFAULT_MEMORY);
  }

  @Test
  void aDirectionsPropertyGoesBeforeThatOfBoth() {
    FaultSettings settings =
        read("stack", "a", "loss", "1%", "in.loss", "0.5", "out.delay", "20ms", "rate", "10mbit")
            .settings();
    assertThat(settings.in().loss()).isEqualTo(0.5);
    assertThat(settings.out().loss()).isEqualTo(0.01);
    assertThat(settings.in().delayNanos()).isZero();
    assertThat(settings.out().delayNanos()).isEqualTo(20_000_000);
    assertThat(settings.in().bitsPerSecond()).isEqualTo(10_000_000);
    assertThat(settings.out().queueBytes()).isEqualTo(256 << 10);
  }

  @Test
  void readsEveryImpairment() {
    ImpairmentConfig all =
        read(
                "stack",
                "a",
                "burst.loss",
                "10%",
                "burst.length",
                "4",
                "jitter",
                "500us",
                "reorder",
                "2%",
                "reorder.delay",
                "1.5s",
                "duplicate",
                "3%",
                "duplicate.delay",
                "7ns",
                "corrupt",
                "0.001",
                "rate",
                "64000",
                "queue",
                "64k",
                "mark",
                "1m",
                "mtu",
                "1400",
                "down",
                "true")
            .settings()
            .out();
    assertThat(all.burstLoss().toGood()).isEqualTo(0.25);
    assertThat(all.jitterNanos()).isEqualTo(500_000);
    assertThat(all.reorder()).isEqualTo(0.02);
    assertThat(all.reorderNanos()).isEqualTo(1_500_000_000L);
    assertThat(all.duplicate()).isEqualTo(0.03);
    assertThat(all.duplicateNanos()).isEqualTo(7);
    assertThat(all.corrupt()).isEqualTo(0.001);
    assertThat(all.bitsPerSecond()).isEqualTo(64_000);
    assertThat(all.queueBytes()).isEqualTo(64 << 10);
    assertThat(all.markBytes()).isEqualTo(1 << 20);
    assertThat(all.mtu()).isEqualTo(1400);
    assertThat(all.down()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "loss, 101%, 0 to 1",
    "loss, -1, 0 to 1",
    "loss, 2, 0 to 1",
    "in.loss, much, 0 to 1",
    "burst.loss, 1, less than all",
    "burst.length, 0.5, 1 frame",
    "delay, 20, a time such as",
    "delay, 20 apples, a time such as",
    "rate, fast, bits a second",
    "queue, -5, bytes such as",
    "mtu, 20, 68 to 65535",
    "down, yes, true or false",
    "seed, x, a whole number",
    "memory, 1, bytes",
  })
  void saysWhatIsWrongAndWhatIsAllowed(String property, String value, String allowed) {
    assertThatThrownBy(() -> read("stack", "a", property, value))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + property + "'")
        .hasMessageContaining("'" + value + "'")
        .hasMessageContaining(allowed);
  }

  @Test
  void needsAStack() {
    assertThatThrownBy(() -> read("loss", "1%")).hasMessageContaining("property 'stack'");
  }

  @Test
  void aCommandSetsOneDirectionOrBoth() {
    FaultRequest both = FaultRequest.parse("net0 --loss 1% --burst-length 5".split(" "));
    assertThat(both.slot()).isEqualTo("net0");
    assertThat(both.options())
        .containsOnly(Map.entry("loss", "1%"), Map.entry("burst.length", "5"));
    FaultRequest one = FaultRequest.parse("-s b net0 --out --delay 1ms --seed 7".split(" "));
    assertThat(one.stack()).isEqualTo("b");
    assertThat(one.options()).containsOnly(Map.entry("out.delay", "1ms"), Map.entry("seed", "7"));
    assertThat(FaultRequest.parse("net0 off".split(" ")).isOff()).isTrue();
    assertThat(FaultRequest.parse(new String[0]).slot()).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "net0",
    "net0 on",
    "net0 off --loss 1%",
    "--loss 1%",
    "net0 --los 1%",
    "net0 --loss",
    "net0 net1 --loss 1%"
  })
  void refusesACommandThatMeansNothing(String line) {
    assertThatThrownBy(() -> FaultRequest.parse(line.split(" ")))
        .isInstanceOf(FaultException.class)
        .hasMessageContaining("help net:fault");
  }
}
