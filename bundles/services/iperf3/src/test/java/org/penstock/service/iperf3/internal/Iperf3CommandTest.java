package org.penstock.service.iperf3.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.penstock.service.testkit.JoinedStacks.at;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.felix.service.command.CommandSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.penstock.service.iperf3.Iperf3Server;
import org.penstock.service.testkit.JoinedStacks;

/** The command as Gogo calls it. */
@Timeout(60)
class Iperf3CommandTest {

  private final JoinedStacks stacks = new JoinedStacks();
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private final Iperf3Command command = new Iperf3Command();
  private Iperf3Server server;

  @BeforeEach
  void start() throws Exception {
    server = Iperf3Server.start(stacks.server(), at(Iperf3Server.PORT));
    command.bindClient(stacks.server(), Map.of("stack.name", "low", "service.ranking", 1));
    command.bindClient(stacks.client(), Map.of("stack.name", "high", "service.ranking", 2));
  }

  @AfterEach
  void close() {
    server.close();
    stacks.close();
  }

  private String run(String stack, String bytes, String time, String interval, String address)
      throws Exception {
    PrintStream console = new PrintStream(printed, true, StandardCharsets.UTF_8);
    CommandSession session =
        (CommandSession)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {CommandSession.class},
                (proxy, method, arguments) ->
                    method.getReturnType() == InputStream.class ? null : console);
    return command.iperf3(
        session,
        stack,
        "5201",
        false,
        false,
        "1",
        false,
        time,
        bytes,
        "0",
        "",
        "",
        "",
        false,
        interval,
        false,
        false,
        new String[] {address});
  }

  @Test
  void printsTheTableByTheStackOfTheHighestRanking() throws Exception {
    String summary = run("", "1M", "10", "1", JoinedStacks.SERVER);

    assertThat(printed.toString(StandardCharsets.UTF_8)).startsWith("[ ID] Interval");
    assertThat(summary).contains("1.00 MBytes").contains("sender").contains("receiver");
  }

  @ParameterizedTest
  @CsvSource({
    "nobody, 1M, 10, 1,   no stack 'nobody'",
    "'',     1X, 10, 1,   --bytes '1X' is not a number",
    "'',     '', 1.5, 1,  --time '1.5' is not a whole number",
    "'',     '', 10, -1,  --interval '-1' is not a number",
    "'',     '', 1M, 1,   --time '1M' is not a number"
  })
  void saysInOneLineWhatItDoesNotTake(
      String stack, String bytes, String time, String interval, String said) {
    assertThatThrownBy(() -> run(stack, bytes, time, interval, JoinedStacks.SERVER))
        .satisfies(wrong -> assertThat(wrong.toString()).startsWith(said).doesNotContain("\n"));
  }
}
