package org.penstock.core.internal.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.penstock.core.api.TcpSettings;

/** RFC 9293 §3.8.4: keep-alive. */
class KeepAliveTest extends TcpScript {

  private void idle() {
    settings = TcpSettings.DEFAULT.withKeepAlive(100 * Host.SECOND);
    connected();
  }

  @Test
  void anIdleConnectionIsProbedAndThenGivenUp() {
    idle();
    peer.expectAfter(100_000, "A").seq(0).ack(1).length(0);
    for (int i = 1; i < 9; i++) {
      peer.expectAfter(75_000, "A").seq(0);
    }
    peer.expectAfter(75_000, "RA").seq(1);
    assertThat(user.told).endsWith("failed TIMED_OUT");
    host.assertClean();
  }

  @Test
  void anAnswerKeepsItAlive() {
    idle();
    for (int i = 0; i < 30; i++) {
      peer.expectAfter(100_000, "A").seq(0);
      peer.segment("A").seq(1).ack(1).send();
    }
    assertThat(state()).isEqualTo("ESTABLISHED");
  }

  @Test
  void whatArrivesPostponesTheProbe() {
    idle();
    host.runTo(host.now() + 90 * Host.SECOND);
    peer.segment("PA").seq(1).ack(1).text("x").send();
    peer.expectAfter(40, "A").ack(2);
    peer.expectAfter(99_960, "A").seq(0);
  }

  @Test
  void dataInFlightIsTheRetransmissionTimersBusiness() {
    idle();
    send("x");
    peer.expect("PA");
    for (int i = 0; i < 9; i++) {
      host.runTo(host.now() + 30 * Host.SECOND);
      assertThat(host.output.sent).allMatch(s -> s.text().length == 1);
      host.output.sent.clear();
    }
  }

  @Test
  void withoutTheSettingNothingIsProbed() {
    connected();
    assertThat(host.cell.timers().size()).isZero();
    peer.expectNothingFor(100_000_000);
  }

  @Test
  void itCanBeTurnedOnAndOffLater() {
    connected();
    host.inside(() -> connection.settings(TcpSettings.DEFAULT.withKeepAlive(Host.SECOND)));
    peer.expectAfter(1000, "A").seq(0);
    host.inside(() -> connection.settings(TcpSettings.DEFAULT));
    peer.expectNothingFor(100_000);
    assertThat(host.cell.timers().size()).isZero();
  }

  @Test
  void timeBetweenProbesAndTheirNumberAreTheUsers() {
    settings = TcpSettings.DEFAULT.withKeepAlive(100 * Host.SECOND, 7 * Host.SECOND, 3);
    connected();
    peer.expectAfter(100_000, "A").seq(0);
    peer.expectAfter(7_000, "A").seq(0);
    peer.expectAfter(7_000, "A").seq(0);
    peer.segment("A").seq(1).ack(1).send();
    // Counted anew after an answer.
    peer.expectAfter(100_000, "A").seq(0);
    peer.expectAfter(7_000, "A").seq(0);
    peer.expectAfter(7_000, "A").seq(0);
    peer.expectAfter(7_000, "RA").seq(1);
    assertThat(user.told).endsWith("failed TIMED_OUT");
  }

  @Test
  void ourAnswerToAPeersProbe() {
    connected();
    peer.segment("A").seq(0).ack(1).send();
    peer.expect("A").seq(1).ack(1);
    host.runTo(host.now() + 75 * Host.SECOND);
    // With a byte of garbage, as old implementations send it.
    peer.segment("A").seq(0).ack(1).text("?").send();
    peer.expect("A").seq(1).ack(1);
    assertThat(user.text()).isEmpty();
  }

  @Test
  void timeWaitHasNoKeepAlive() {
    // PITFALLS 6.
    idle();
    release();
    peer.expect("FA");
    peer.segment("FA").seq(1).ack(2).send();
    peer.expect("A");
    peer.expectNothingFor(1_000_000);
    host.assertClean();
  }
}
