package org.penstock.shell.internal.ping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.penstock.api.IpAddress;
import org.penstock.core.api.Icmp;
import org.penstock.core.api.Icmp.Outcome;

/** Echo requests against scripted answers. */
class PingTest {

  private static final IpAddress REMOTE = IpAddress.parse("192.0.2.2");
  private static final IpAddress ROUTER = IpAddress.parse("192.0.2.254");

  private final Queue<Icmp.Echo> answers = new ArrayDeque<>();
  private final List<Long> pauses = new ArrayList<>();
  private final List<String> lines = new ArrayList<>();

  private PingReport ping(int count) {
    Ping ping = new Ping(REMOTE, count, 56, 1_000_000_000, 2_000_000_000);
    return ping.run(
        (remote, payload, timeout) -> CompletableFuture.completedFuture(answers.remove()),
        pauses::add,
        lines::add);
  }

  private void answer(Outcome outcome, IpAddress from, long nanos) {
    int bytes = outcome == Outcome.REPLY ? 56 : 0;
    answers.add(new Icmp.Echo(outcome, from, bytes, outcome == Outcome.REPLY ? 64 : 0, nanos));
  }

  @Test
  void everyAnswerHasALineAndTheReportSumsUp() {
    answer(Outcome.REPLY, REMOTE, 1_000_000);
    answer(Outcome.TIMED_OUT, REMOTE, 0);
    answer(Outcome.UNREACHABLE, ROUTER, 0);
    answer(Outcome.REPLY, REMOTE, 3_000_000);

    PingReport report = ping(4);

    assertThat(lines)
        .containsExactly(
            "ping 192.0.2.2: 56 bytes of data",
            "56 bytes from 192.0.2.2: seq=1 ttl=64 time=1.000 ms",
            "no reply from 192.0.2.2 within 2.00 s: seq=2",
            "192.0.2.2 is unreachable, says 192.0.2.254: seq=3",
            "56 bytes from 192.0.2.2: seq=4 ttl=64 time=3.000 ms");
    assertThat(report.text())
        .isEqualTo("4 sent, 2 received, 50 % lost; round trip min/avg/max 1.000/2.000/3.000 ms");
    // Not after one that timed out, nor after the last.
    assertThat(pauses).containsExactly(999_000_000L, 1_000_000_000L);
  }

  @Test
  void withoutAnyReplyThereIsNoRoundTrip() {
    answer(Outcome.UNREACHABLE, REMOTE, 0);

    assertThat(ping(1).text()).isEqualTo("1 sent, 0 received, 100 % lost");
    assertThat(lines).last().isEqualTo("192.0.2.2 is unreachable: seq=1");
  }

  @Test
  void anInterruptEndsItEarly() {
    answer(Outcome.REPLY, REMOTE, 1_000_000);
    Ping ping = new Ping(REMOTE, 5, 56, 1_000_000_000, 2_000_000_000);

    PingReport report =
        ping.run(
            (remote, payload, timeout) -> CompletableFuture.completedFuture(answers.remove()),
            nanos -> {
              throw new InterruptedException();
            },
            lines::add);

    assertThat(report.sent()).isEqualTo(1);
    assertThat(lines).last().isEqualTo("interrupted");
  }

  @Test
  void refusesWhatCantBe() {
    assertThatThrownBy(() -> new Ping(REMOTE, 0, 56, 1, 1)).hasMessageContaining("count 0");
    assertThatThrownBy(() -> new Ping(REMOTE, 1, 65_508, 1, 1)).hasMessageContaining("65508");
    assertThatThrownBy(() -> new Ping(REMOTE, 1, 56, 1, 0)).hasMessageContaining("timeout");
  }
}
