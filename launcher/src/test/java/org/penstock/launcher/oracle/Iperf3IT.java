package org.penstock.launcher.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;
import static org.penstock.launcher.oracle.TappedStack.KERNEL;
import static org.penstock.launcher.oracle.TappedStack.STACK;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.penstock.api.TransportAddress;
import org.penstock.launcher.Eventually;
import org.penstock.service.iperf3.Iperf3Client;
import org.penstock.service.iperf3.Iperf3Report;
import org.penstock.service.iperf3.Iperf3Server;
import org.penstock.service.iperf3.Iperf3Settings;
import org.penstock.service.iperf3.Iperf3Settings.Direction;
import org.penstock.testkit.NetworkNamespaceExtension;
import org.penstock.testkit.Prerequisites;

/** The real iperf3 as client of our server and as server of our client, over a TAP. */
@ExtendWith(NetworkNamespaceExtension.class)
@Timeout(120)
class Iperf3IT {

  /** How far the figures of two programs about one test may lie apart. */
  private static final double PERCENT = 5;

  private static final int THEIRS = 5202;

  private static TappedStack system;
  private static Iperf3Server server;
  private static Process iperf3;

  @BeforeAll
  static void start() throws Exception {
    Prerequisites.requireTool("iperf3", "iperf3");
    system = TappedStack.direct();
    server = Iperf3Server.start(system.client(), TransportAddress.of("0.0.0.0", Iperf3Server.PORT));
  }

  @AfterAll
  static void stop() throws Exception {
    if (server != null) {
      server.close();
    }
    if (iperf3 != null) {
      iperf3.destroy();
    }
    if (system != null) {
      system.close();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-t 2",
        "-t 2 -R",
        "-t 2 --bidir",
        "-t 2 -P 8",
        "-t 1 -R -P 8",
        "-n 20M",
        "-n 20M -R",
        "-k 100",
        "-t 1 -l 1000 -w 64K -N",
        "-t 1 --bidir -b 50M",
        "-t 1 -u -b 20M",
        "-t 1 -u -b 20M -R",
        "-t 1 -u -b 20M --bidir -P 2 --udp-counters-64bit",
        "-t 1 -O 1 -b 50M"
      })
  void realClientsJsonAgreesWithOurServers(String options) throws Exception {
    long tests = server.tests();
    JsonObject json = parse(system.sh("iperf3 -J --get-server-output -c " + STACK + " " + options));

    assertThat(json.has("error")).as("%s", json.get("error")).isFalse();
    JsonObject theirs = json.getAsJsonObject("end");
    JsonObject ours = json.getAsJsonObject("server_output_json").getAsJsonObject("end");
    boolean both = options.contains("--bidir");
    for (String suffix : both ? new String[] {"", "_bidir_reverse"} : new String[] {""}) {
      assertAgree(theirs, ours, suffix, options);
    }
    Eventually.await("the end of the test", () -> server.tests() == tests + 1, server::tests);
  }

  private static void assertAgree(
      JsonObject theirs, JsonObject ours, String suffix, String options) {
    List<String> sums = List.of("sum_sent", "sum_received");
    List<String> figures = new ArrayList<>(List.of("bytes"));
    if (options.contains("-u")) {
      sums = List.of("sum");
      figures.add("packets");
    }
    // In a shorter test the moments between the two ends' first and last looks at the clock count.
    if (options.contains("-t 2")) {
      figures.add("bits_per_second");
    }
    for (String sum : sums) {
      for (String figure : figures) {
        assertThat(figure(ours, sum + suffix, figure))
            .as("%s of %s", figure, sum + suffix)
            .isPositive()
            .isCloseTo(figure(theirs, sum + suffix, figure), withinPercentage(PERCENT));
      }
    }
  }

  private static double figure(JsonObject end, String sum, String figure) {
    return end.getAsJsonObject(sum).get(figure).getAsDouble();
  }

  @Test
  void realClientsTableIsPrinted() throws Exception {
    String table = system.sh("iperf3 -t 1 -R -c " + STACK);

    assertThat(table).contains("receiver").contains("iperf Done.");
  }

  @Test
  void ourClientAgreesWithTheRealServer() throws Exception {
    Iperf3Settings second = Iperf3Settings.DEFAULT.withSeconds(1);
    for (Direction direction : Direction.values()) {
      assertAgrees(second.withDirection(direction));
    }
    assertAgrees(second.withParallel(8));
    assertAgrees(
        second
            .overUdp()
            .withBitsPerSecond(20_000_000)
            .withDirection(Direction.BIDIRECTIONAL)
            .withParallel(2));
    assertAgrees(Iperf3Settings.DEFAULT.withBytes(20_000_000));
  }

  private static void assertAgrees(Iperf3Settings settings) throws Exception {
    Process real =
        system.linux().start("sh", "-c", "exec iperf3 -s -1 -J -p " + THEIRS + " 2>/dev/null");
    system.awaitListener(THEIRS);
    Iperf3Report report =
        new Iperf3Client(system.client()).run(TransportAddress.of(KERNEL, THEIRS), settings);
    String said = new String(real.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(real.waitFor(30, TimeUnit.SECONDS)).isTrue();
    JsonObject theirs = parse(said).getAsJsonObject("end");
    JsonObject ours = parse(report.json()).getAsJsonObject("end");
    // A real server knows its own end alone.
    boolean reverse = settings.direction() == Direction.REVERSE;
    assertClose(settings, ours, theirs, reverse ? "sum_sent" : "sum_received");
    if (settings.direction() == Direction.BIDIRECTIONAL) {
      assertClose(settings, ours, theirs, "sum_sent_bidir_reverse");
    }
    assertThat(report.streams())
        .as("retransmissions counted")
        .filteredOn(stream -> stream.sending() && !settings.udp())
        .allMatch(stream -> stream.retransmits() >= 0);
  }

  private static void assertClose(
      Iperf3Settings settings, JsonObject ours, JsonObject theirs, String sum) {
    for (String figure : List.of("bytes", "bits_per_second")) {
      assertThat(figure(ours, sum, figure))
          .as("%s of %s of %s", figure, sum, settings)
          .isPositive()
          .isCloseTo(figure(theirs, sum, figure), withinPercentage(PERCENT));
    }
  }

  private static JsonObject parse(String json) {
    return JsonParser.parseString(json).getAsJsonObject();
  }
}
