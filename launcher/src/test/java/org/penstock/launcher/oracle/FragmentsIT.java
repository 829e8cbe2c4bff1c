package org.penstock.launcher.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.penstock.launcher.oracle.TappedStack.KERNEL;
import static org.penstock.launcher.oracle.TappedStack.STACK;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.penstock.api.IpAddress;
import org.penstock.api.view.Counter;
import org.penstock.core.api.Icmp.Echo;
import org.penstock.core.api.Icmp.Outcome;
import org.penstock.launcher.Eventually;
import org.penstock.testkit.NetworkNamespaceExtension;
import org.penstock.testkit.Prerequisites;

/** Linux puts our fragments together, and we Linux's (RFC 791 §3.2), over a TAP. */
@ExtendWith(NetworkNamespaceExtension.class)
@Timeout(120)
class FragmentsIT {

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private static TappedStack system;

  @BeforeAll
  static void start() throws Exception {
    Prerequisites.requireTool("ping", "iputils-ping");
    system = TappedStack.direct();
  }

  @AfterAll
  static void stop() throws Exception {
    if (system != null) {
      system.close();
    }
  }

  private static long count(Counter counter) {
    return system.stack().view().counters().get(counter);
  }

  private static void awaitCount(Counter counter, long wanted) throws InterruptedException {
    Eventually.await(
        counter + " to be " + wanted, () -> count(counter) >= wanted, () -> count(counter));
    assertThat(count(counter)).isEqualTo(wanted);
  }

  @ParameterizedTest
  @ValueSource(ints = {1473, 4000, 60_000, 65_507})
  void linuxIsAnswered(int bytes) throws Exception {
    long together = count(Counter.IP_REASSEMBLED);
    long cut = count(Counter.IP_FRAGMENTED);

    // One at a time: the socket of ping has room for two answers of this size, and on a busy
    // machine
    // it may be slow to read.
    for (int i = 0; i < 20; i++) {
      String figures = system.sh("ping -q -c 1 -W 60 -s " + bytes + " " + STACK);

      assertThat(figures).contains("1 packets transmitted, 1 received, 0% packet loss");
      assertThat(figures).doesNotContain("duplicates").doesNotContain("errors");
    }
    awaitCount(Counter.IP_REASSEMBLED, together + 20);
    // The last answer may be there before whoever sent it has counted it.
    awaitCount(Counter.IP_FRAGMENTED, cut + 20);
  }

  @ParameterizedTest
  @ValueSource(ints = {1473, 4000, 60_000, 65_507})
  void linuxAnswers(int bytes) throws Exception {
    Echo echo =
        system
            .stack()
            .icmp()
            .echo(IpAddress.parse(KERNEL), bytes, PATIENCE.toNanos())
            .toCompletableFuture()
            .get(PATIENCE.toSeconds() + 1, TimeUnit.SECONDS);

    assertThat(echo.outcome()).isEqualTo(Outcome.REPLY);
    assertThat(echo.bytes()).isEqualTo(bytes);
  }

  /** The neighbour is forgotten in between, so the fragments wait for it. */
  @Test
  void linuxIsAnsweredAfterItHasForgottenUs() throws Exception {
    system.sh("ip neighbour flush dev tap0");

    String figures = system.sh("ping -q -c 1 -w 5 -s 60000 " + STACK);

    assertThat(figures).contains("1 received, 0% packet loss");
  }
}
