package org.penstock.service.iperf3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.penstock.service.testkit.JoinedStacks.PATIENCE;
import static org.penstock.service.testkit.JoinedStacks.at;
import static org.penstock.service.testkit.JoinedStacks.await;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.penstock.service.iperf3.Iperf3Settings.Direction;
import org.penstock.service.testkit.JoinedStacks;
import org.penstock.tdi.ConnectionEndpoint;
import org.penstock.tdi.Disconnect;

/** Client and server over two stacks. */
@Timeout(60)
class Iperf3Test {

  private static final int PORT = 5201;
  private static final Iperf3Settings SECOND = Iperf3Settings.DEFAULT.withSeconds(1);

  private final JoinedStacks stacks = new JoinedStacks();
  private Iperf3Server server;

  @BeforeEach
  void startServer() throws Exception {
    server = Iperf3Server.start(stacks.server(), at(PORT));
  }

  @AfterEach
  void closeAll() {
    server.close();
    stacks.close();
  }

  private Iperf3Report run(Iperf3Settings settings) throws Exception {
    Iperf3Report report = new Iperf3Client(stacks.client()).run(at(PORT), settings);
    await("the server is done", () -> server.lastReport() != null);
    return report;
  }

  @Test
  void clientSendsForASecond() throws Exception {
    Iperf3Report report = run(SECOND);

    Iperf3Report.Stream sum = report.sum(true);
    assertThat(sum.sentSeconds()).isCloseTo(1, within(0.2));
    assertThat(sum.receivedBytes()).isPositive().isLessThanOrEqualTo(sum.sentBytes());
    assertThat(server.lastReport().sum(false).receivedBytes()).isEqualTo(sum.receivedBytes());
    assertThat(server.tests()).isEqualTo(1);
  }

  @Test
  void bothEndsSendOverSeveralStreams() throws Exception {
    Iperf3Report report = run(SECOND.withDirection(Direction.BIDIRECTIONAL).withParallel(3));

    assertThat(report.streams())
        .hasSize(6)
        .allMatch(stream -> stream.sentBytes() > 0 && stream.receivedBytes() > 0);
    assertThat(report.streams().stream().map(Iperf3Report.Stream::id))
        .as("numbered as iperf3 does")
        .containsExactly(1, 3, 4, 5, 6, 7);
    assertThat(report.text().lines()).as("two lines a stream and two a sum").hasSize(2 + 12 + 4);
  }

  @Test
  void soManyBytesAndNoMore() throws Exception {
    long bytes = 3_000_001;
    Iperf3Report forward = run(Iperf3Settings.DEFAULT.withParallel(2).withBytes(bytes));
    Iperf3Report reverse =
        run(Iperf3Settings.DEFAULT.withDirection(Direction.REVERSE).withBytes(bytes));

    assertThat(forward.sum(true).sentBytes()).isEqualTo(bytes);
    assertThat(reverse.sum(false).receivedBytes()).isGreaterThanOrEqualTo(bytes);
  }

  @Test
  void rateIsKept() throws Exception {
    Iperf3Report report = run(SECOND.withBitsPerSecond(20_000_000));

    assertThat(report.sum(true).receivedBitsPerSecond()).isCloseTo(20e6, within(2e6));
  }

  @Test
  void datagramsAreNumbered() throws Exception {
    Iperf3Report report = run(SECOND.overUdp().withBitsPerSecond(10_000_000));
    Iperf3Report reverse =
        run(SECOND.overUdp().withBitsPerSecond(10_000_000).withDirection(Direction.REVERSE));

    for (Iperf3Report.Stream stream : List.of(report.sum(true), reverse.sum(false))) {
      assertThat(stream.receivedBitsPerSecond()).isCloseTo(10e6, within(1e6));
      assertThat(stream.lost()).as("a loaded machine may drop some").isLessThan(40);
      assertThat(stream.packets()).isCloseTo(10_000_000 / 8 / 1448, within(90L));
      assertThat(stream.jitterMillis()).isPositive().isLessThan(100);
    }
  }

  @Test
  void beginningIsLeftOut() throws Exception {
    List<Iperf3Interval> told = new ArrayList<>();
    Iperf3Report report =
        new Iperf3Client(stacks.client())
            .run(
                at(PORT),
                SECOND.withBitsPerSecond(8_000_000).withOmitSeconds(1),
                Duration.ofMillis(500),
                told::addAll);

    assertThat(report.sum(true).sentBytes()).isCloseTo(1_000_000, within(200_000L));
    assertThat(report.sum(true).receivedBytes()).isCloseTo(1_000_000, within(200_000L));
    assertThat(told).hasSizeBetween(4, 5);
    assertThat(told.stream().filter(Iperf3Interval::omitted)).hasSize(2);
  }

  @Test
  void jsonHasIperf3sForm() throws Exception {
    JsonObject json =
        JsonParser.parseString(run(SECOND.withBytes(1_000_000)).json()).getAsJsonObject();

    JsonObject end = json.getAsJsonObject("end");
    assertThat(end.getAsJsonObject("sum_sent").get("bytes").getAsLong()).isEqualTo(1_000_000);
    assertThat(end.getAsJsonObject("sum_received").has("bits_per_second")).isTrue();
    assertThat(json.getAsJsonObject("start").getAsJsonObject("test_start").get("protocol"))
        .hasToString("\"TCP\"");
    assertThat(json.getAsJsonArray("intervals")).isNotEmpty();
  }

  @Test
  void secondClientIsToldThatTheServerIsBusy() throws Exception {
    ConnectionEndpoint idle = stacks.connect(PORT);
    idle.send(ByteBuffer.wrap("a cookie of thirty-six characters..\0\0".getBytes()), PATIENCE);
    ByteBuffer state = ByteBuffer.allocate(1);
    idle.receive(state, PATIENCE);

    assertThatThrownBy(() -> run(SECOND))
        .isInstanceOf(Iperf3Exception.class)
        .hasMessageContaining("busy");

    idle.disconnect(Disconnect.ABORT, PATIENCE);
    await("the server forgets the idle client", () -> succeeds(SECOND.withBytes(1)));
  }

  private boolean succeeds(Iperf3Settings settings) {
    try {
      run(settings);
      return true;
    } catch (Exception e) {
      return false;
    }
  }

  @Test
  void settingsThatCannotBeAreRefused() throws Exception {
    ConnectionEndpoint client = stacks.connect(PORT);
    byte[] json = "{\"tcp\":true,\"parallel\":1000,\"len\":1}".getBytes(StandardCharsets.UTF_8);
    client.send(
        ByteBuffer.allocate(37 + 4 + json.length).putInt(37, json.length).put(41, json), PATIENCE);
    ByteBuffer answer = ByteBuffer.allocate(10);
    while (answer.hasRemaining() && client.receive(answer, PATIENCE) > 0) {
      // To its end, which the server brings about.
    }

    assertThat(answer.flip().get()).as("PARAM_EXCHANGE").isEqualTo((byte) 9);
    assertThat(answer.get()).as("SERVER_ERROR").isEqualTo((byte) -2);
    assertThat(answer.remaining()).isEqualTo(8);
    assertThat(server.tests()).isZero();
  }

  @Test
  void noServerIsSaid() {
    assertThatThrownBy(() -> new Iperf3Client(stacks.client()).run(at(9), SECOND))
        .isInstanceOf(Iperf3Exception.class)
        .hasMessageContaining("refused");
  }
}
