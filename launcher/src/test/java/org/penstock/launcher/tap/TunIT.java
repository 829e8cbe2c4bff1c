package org.penstock.launcher.tap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.penstock.launcher.tap.TapSystem.STACK;
import static org.penstock.launcher.tap.TapSystem.sha256;

import java.io.Writer;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.penstock.launcher.Eventually;
import org.penstock.testkit.NetworkNamespaceExtension;
import org.penstock.testkit.SeededContent;

/** Linux and the stack, point to point through a TUN: packets without Ethernet. */
@ExtendWith(NetworkNamespaceExtension.class)
@Timeout(300)
class TunIT {

  private static final SeededContent LARGE = new SeededContent(1, 64L << 20);

  private static TapSystem system;

  @BeforeAll
  static void start() throws Exception {
    system = TapSystem.startTun("tun", Map.of("time.wait.seconds", "1"), Map.of());
    LARGE.writeTo(system.www("large"));
  }

  @AfterAll
  static void stop() {
    if (system != null) {
      system.close();
    }
  }

  @AfterEach
  void nothingIsLeft() throws Exception {
    system.awaitIdle();
    assertThat(system.stack().brokenInvariants()).isEmpty();
  }

  @Test
  void theInterfaceHasNoLinkLayer() {
    assertThat(system.stack().textOfInterface("linkType")).isEqualTo("IP");
    assertThat(system.stack().textOfInterface("mac")).isEqualTo("00:00:00:00:00:00");
    assertThat(system.stack().textOfInterface("offload")).contains("csum", "tso", "lro");
    assertThat(system.stack().counter("ARP_OUT_REQUESTS")).isZero();
  }

  @Test
  void pingLosesNothing() throws Exception {
    assertThat(system.sh("ping -q -c 100 -i 0.01 " + STACK))
        .contains("100 packets transmitted, 100 received, 0% packet loss")
        .doesNotContain("duplicates")
        .doesNotContain("errors");
  }

  @Test
  void whatIsLongerThanTheMtuGoesInFragmentsBothWays() throws Exception {
    long created = system.stack().counter("IP_FRAGMENTS_CREATED");

    // One at a time, since ping waits for the last of several no longer than for the others.
    for (int i = 0; i < 5; i++) {
      assertThat(system.sh("ping -q -c 1 -W 60 -s 20000 " + STACK)).contains("1 received");
    }

    // 20,028 bytes, of which an MTU of 1500 passes 1480 at a time.
    // The last is counted once it is sent, when ping may have it already.
    Eventually.await(
        "14 fragments of each answer",
        () -> system.stack().counter("IP_FRAGMENTS_CREATED") - created == 5 * 14,
        () -> system.stack().counter("IP_FRAGMENTS_CREATED") - created);
  }

  @Test
  void downloadComesWhole() throws Exception {
    system.sh("curl -sS --fail -o " + system.got("large") + " http://" + STACK + "/large");

    assertThat(sha256(system.got("large"))).isEqualTo(LARGE.sha256());
  }

  @Test
  void uploadComesBackWhole() throws Exception {
    SeededContent content = new SeededContent(7, 16L << 20);
    content.writeTo(system.got("said"));
    system.sh("ncat " + STACK + " 7 <" + system.got("said") + " >" + system.got("heard"));

    assertThat(sha256(system.got("heard"))).isEqualTo(content.sha256());
  }

  @Test
  void datagramIsEchoed() throws Exception {
    // Its input stays open, since it ends with that without waiting for an answer.
    Process ncat = system.start("exec ncat -u " + STACK + " 7");
    TapSystem.limit(ncat);
    Writer input = ncat.outputWriter();
    input.write("Is it you?\n");
    input.flush();

    assertThat(ncat.inputReader().readLine()).isEqualTo("Is it you?");
    ncat.destroyForcibly();
  }

  @Test
  void anotherMtuIsTakenOver() throws Exception {
    mtu(1280);
    try {
      system.sh("curl -sS --fail -o " + system.got("narrow") + " http://" + STACK + "/large");
      assertThat(sha256(system.got("narrow"))).isEqualTo(LARGE.sha256());
    } finally {
      mtu(1500);
    }
  }

  private static void mtu(int bytes) throws Exception {
    system.sh("ip link set tun0 mtu " + bytes);
    Eventually.await(
        "an MTU of " + bytes,
        () -> system.stack().ofInterface("mtu") == bytes,
        () -> system.stack().ofInterface("mtu"));
  }
}
