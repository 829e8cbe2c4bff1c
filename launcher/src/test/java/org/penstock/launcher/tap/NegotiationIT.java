package org.penstock.launcher.tap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.penstock.launcher.tap.TapSystem.STACK;
import static org.penstock.launcher.tap.TapSystem.sha256;

import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.penstock.launcher.Eventually;
import org.penstock.testkit.NetworkNamespaceExtension;
import org.penstock.testkit.SeededContent;

/** Linux opens connections with any combination of timestamps, SACK, window scale and ECN. */
@ExtendWith(NetworkNamespaceExtension.class)
@Timeout(300)
class NegotiationIT {

  private static final SeededContent CONTENT = new SeededContent(3, 3L << 20);

  private static TapSystem system;

  @BeforeAll
  static void start() throws Exception {
    system = TapSystem.start("negotiation", Map.of("time.wait.seconds", "1"), Map.of());
    CONTENT.writeTo(system.www("large"));
  }

  @AfterAll
  static void stop() {
    if (system != null) {
      system.close();
    }
  }

  @ParameterizedTest(name = "timestamps {0}, SACK {1}, window scale {2}")
  @CsvSource({
    "0, 0, 0", "1, 0, 0", "0, 1, 0", "1, 1, 0", "0, 0, 1", "1, 0, 1", "0, 1, 1", "1, 1, 1",
  })
  void whatLinuxOffersIsWhatBothUse(int timestamps, int sack, int scale) throws Exception {
    set("tcp_timestamps", timestamps);
    set("tcp_sack", sack);
    set("tcp_window_scaling", scale);
    set("tcp_ecn", 0);

    String seen = whatLinuxSees();

    assertThat(seen.contains(" ts ")).as(seen).isEqualTo(timestamps == 1);
    assertThat(seen.contains(" sack ")).as(seen).isEqualTo(sack == 1);
    assertThat(seen.contains("wscale:")).as(seen).isEqualTo(scale == 1);
    assertBothWaysWork();
  }

  @Test
  void whereLinuxAsksForEcnBothUseIt() throws Exception {
    set("tcp_timestamps", 1);
    set("tcp_sack", 1);
    set("tcp_window_scaling", 1);
    set("tcp_ecn", 1);

    assertThat(whatLinuxSees()).containsPattern("\\becn\\b");
    assertBothWaysWork();
  }

  /** A connection of Linux's, as ss shows it. */
  private static String whatLinuxSees() throws Exception {
    // Its input stays open, and so the connection does.
    Process echoed = system.start("exec ncat " + STACK + " 7");
    TapSystem.limit(echoed);
    Eventually.await(
        "a connection",
        () -> !system.stack().connectedEndpoints().isEmpty(),
        () -> system.stack().connections());
    String seen = system.sh("ss -tinoH state established dst " + STACK);
    echoed.destroyForcibly();

    return seen;
  }

  private static void assertBothWaysWork() throws Exception {
    system.sh("curl -sS --fail -o " + system.got("large") + " http://" + STACK + "/large");
    assertThat(sha256(system.got("large"))).isEqualTo(CONTENT.sha256());
    system.sh("ncat " + STACK + " 7 <" + system.www("large") + " >" + system.got("heard"));
    assertThat(sha256(system.got("heard"))).isEqualTo(CONTENT.sha256());
    system.awaitIdle();
    assertThat(system.stack().brokenInvariants()).isEmpty();
    assertThat(system.stack().drops("TCP_PAWS")).isZero();
  }

  private static void set(String name, int value) throws Exception {
    system.sh("echo " + value + " >/proc/sys/net/ipv4/" + name);
  }
}
