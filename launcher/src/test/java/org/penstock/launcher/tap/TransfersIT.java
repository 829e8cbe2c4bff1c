package org.penstock.launcher.tap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.penstock.launcher.tap.TapSystem.STACK;
import static org.penstock.launcher.tap.TapSystem.sha256;

import java.io.Writer;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;
import org.penstock.testkit.NetworkNamespaceExtension;
import org.penstock.testkit.SeededContent;

/** Linux's own TCP and its common clients get what they ask for, under each strategy. */
@Tag("container")
@ExtendWith(NetworkNamespaceExtension.class)
@ParameterizedClass(name = "{0}")
@ValueSource(strings = {"global-lock", "mailbox", "sharded"})
@Timeout(300)
class TransfersIT {

  private static final int SMALL_FILES = 1000;
  private static final long LARGE = 64L << 20;

  private static TapSystem system;

  private final String strategy;

  TransfersIT(String strategy) {
    this.strategy = strategy;
  }

  @BeforeParameterizedClassInvocation
  static void start(String strategy) throws Exception {
    system =
        TapSystem.start(
            "transfers-" + strategy,
            Map.of("strategy.target", "(strategy.name=" + strategy + ")", "time.wait.seconds", "1"),
            Map.of());
    for (int i = 0; i < SMALL_FILES; i++) {
      small(i).writeTo(system.www("file" + i));
    }
    large().writeTo(system.www("large"));
  }

  @AfterParameterizedClassInvocation
  static void stop() {
    if (system != null) {
      system.close();
    }
  }

  /** From no byte to some segments, and no two alike. */
  private static SeededContent small(int number) {
    return new SeededContent(number, number * 7919L % 6000);
  }

  private static SeededContent large() {
    return new SeededContent(SMALL_FILES, LARGE);
  }

  @AfterEach
  void nothingIsLeft() throws Exception {
    system.awaitIdle();
    assertThat(system.stack().brokenInvariants()).isEmpty();
    assertThat(system.stack().strategy()).isEqualTo(strategy);
  }

  @Test
  void pingLosesNothing() throws Exception {
    String figures = system.sh("ping -q -c 100 -i 0.01 " + STACK);

    assertThat(figures).contains("100 packets transmitted, 100 received, 0% packet loss");
    assertThat(figures).doesNotContain("duplicates").doesNotContain("errors");
  }

  @Test
  void thousandSmallFilesComeOverOneConnection() throws Exception {
    String connects =
        system.sh(
            "curl -sS --fail -w '%{num_connects}\\n' -o '"
                + system.got("one-by-one#1")
                + "' 'http://"
                + STACK
                + "/file[0-999]'");

    assertThat(sum(connects)).as("connections opened").isEqualTo(1);
    assertSmallFiles("one-by-one", SMALL_FILES);
  }

  @Test
  void hundredFilesComeInParallel() throws Exception {
    long opens = system.stack().counter("TCP_PASSIVE_OPENS");
    String connects =
        system.sh(
            "curl -sS --fail --parallel --parallel-immediate --parallel-max 100"
                + " -w '%{num_connects}\\n' -o '"
                + system.got("parallel#1")
                + "' 'http://"
                + STACK
                + "/file[0-99]' 2>"
                + system.got("progress"));

    assertThat(sum(connects)).as("connections opened").isEqualTo(100);
    assertThat(system.stack().counter("TCP_PASSIVE_OPENS") - opens).isEqualTo(100);
    assertSmallFiles("parallel", 100);
  }

  @Test
  void largeFileComesWhole() throws Exception {
    system.sh("curl -sS --fail -o " + system.got("large") + " http://" + STACK + "/large");

    assertThat(sha256(system.got("large"))).isEqualTo(large().sha256());
  }

  @Test
  void uploadIsTakenToItsLastByte() throws Exception {
    long before = system.stack().ofInterface("receivedBytes");
    // Without --send-only ncat waits for the server's FIN, which follows the last byte's delivery.
    system.sh("ncat " + STACK + " 9 <" + system.www("large"));

    assertThat(system.stack().ofInterface("receivedBytes") - before).isGreaterThan(LARGE);
  }

  @Test
  void echoReturnsEveryByte() throws Exception {
    SeededContent content = new SeededContent(7, 1 << 20);
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
  void chargenSendsUntilTheClientHasEnough() throws Exception {
    String lines =
        system.sh("ncat --recv-only " + STACK + " 19 </dev/null 2>&1 | head -n 1000 | tail -n 1");

    assertThat(lines).hasSize(72);
  }

  private static int sum(String numbers) {
    return numbers.lines().mapToInt(Integer::parseInt).sum();
  }

  private static void assertSmallFiles(String prefix, int count) throws Exception {
    for (int i = 0; i < count; i++) {
      assertThat(sha256(system.got(prefix + i))).as("file %d", i).isEqualTo(small(i).sha256());
    }
  }
}
