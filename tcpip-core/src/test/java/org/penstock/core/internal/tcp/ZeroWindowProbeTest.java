package org.penstock.core.internal.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.penstock.api.view.Counter;

/** RFC 9293 §3.8.6.1: probing a closed window. */
class ZeroWindowProbeTest extends TcpScript {

  @Test
  void aClosedWindowIsProbedByOneByteMoreAndMoreSeldom() {
    // PITFALLS 12.
    connected();
    peer.segment("A").seq(1).ack(1).win(0).send();
    send(2000, 0);
    int interval = 200;
    for (int i = 0; i < 6; i++) {
      peer.expectAfter(interval, "A").seq(1).text(1, 0);
      peer.segment("A").seq(1).ack(1).win(0).send();
      interval *= 2;
    }
    assertThat(host.count(Counter.TCP_WINDOW_PROBES)).isEqualTo(6);
    assertThat(host.count(Counter.TCP_TIMEOUTS)).isZero();
    peer.segment("A").seq(1).ack(1).win(60_000).send();
    peer.expect("A").seq(1).text(1460, 0);
    peer.expect("PA").seq(1461).text(540, 1460);
    peer.segment("A").seq(1).ack(2001).win(60_000).send();
    peer.expectNothingFor(10_000);
  }

  @Test
  void aProbesByteThatIsTakenCounts() {
    connected();
    peer.segment("A").seq(1).ack(1).win(0).send();
    send(2000, 0);
    peer.expectAfter(200, "A").seq(1).text(1, 0);
    peer.segment("A").seq(1).ack(2).win(0).send();
    assertThat(user.acknowledged).isEqualTo(1);
    peer.expectAfter(200, "A").seq(2).text(1, 1);
    peer.segment("A").seq(1).ack(3).win(60_000).send();
    peer.expect("A").seq(3).text(1460, 2);
    peer.expect("PA").seq(1463).length(538);
  }

  @Test
  void aPeerThatAnswersKeepsTheConnectionForEver() {
    connected();
    peer.segment("A").seq(1).ack(1).win(0).send();
    send(2000, 0);
    for (int i = 0; i < 200; i++) {
      host.runTo(host.now() + 60 * Host.SECOND);
      assertThat(host.output.sent).hasSizeBetween(0, 9);
      host.output.sent.clear();
      peer.segment("A").seq(1).ack(1).win(0).send();
    }
    assertThat(state()).isEqualTo("ESTABLISHED");
    peer.segment("A").seq(1).ack(1).win(5000).send();
    peer.expect("A").seq(1).length(1460);
  }

  @Test
  void aPeerThatDoesNotAnswerIsGivenUp() {
    connected();
    peer.segment("A").seq(1).ack(1).win(0).send();
    send(2000, 0);
    host.runTo(host.now() + 600 * Host.SECOND);
    assertThat(user.told).endsWith("failed TIMED_OUT");
    assertThat(host.count(Counter.TCP_WINDOW_PROBES)).isEqualTo(15);
    host.assertClean();
  }

  @Test
  void aWindowThatClosesWithDataInFlightIsNotProbedBeforeThat() {
    connected();
    peer.segment("A").seq(1).ack(1).win(2920).send();
    send(6000, 0);
    peer.expect("A").seq(1);
    peer.expect("A").seq(1461);
    peer.segment("A").seq(1).ack(2921).win(0).send();
    peer.expectAfter(200, "A").seq(2921).length(1);
    peer.segment("A").seq(1).ack(2921).win(2920).send();
    peer.expect("A").seq(2921).length(1460);
    peer.expect("A").seq(4381).length(1460);
  }

  @Test
  void aWindowTakenBackDoesNotLoseWhatWasSent() {
    // RFC 9293 §3.8.6 (SHLD-15, MUST-34): a sender must cope.
    connected();
    peer.segment("A").seq(1).ack(1).win(5000).send();
    send(2920, 0);
    peer.expect("A").seq(1);
    peer.expect("PA").seq(1461);
    peer.segment("A").seq(1).ack(1461).win(0).send();
    peer.expectAfter(200, "PA").seq(1461).length(1460);
    for (int i = 0; i < 40; i++) {
      peer.segment("A").seq(1).ack(1461).win(0).send();
      host.runTo(host.now() + 60 * Host.SECOND);
      host.output.sent.clear();
    }
    assertThat(state()).isEqualTo("ESTABLISHED");
    peer.segment("A").seq(1).ack(1461).win(5000).send();
    peer.ignoreSent();
    peer.segment("A").seq(1).ack(2921).win(5000).send();
    assertThat(user.acknowledged).isEqualTo(2920);
    peer.expectNothingFor(10_000);
  }

  @Test
  void ourClosedWindowAnswersProbesAndLetsAcknowledgementsIn() {
    // PITFALLS 12.
    connected();
    user.reading = false;
    for (int at = 0; at < 65_535; at += 1460) {
      peer.segment("A").seq(1 + at).ack(1).text(Math.min(1460, 65_535 - at), at).send();
    }
    peer.ignoreSent();
    peer.expectAfter(40, "A").ack(65_536).win(0);
    send("still sending");
    peer.expect("PA").ack(65_536).win(0);
    // A probe with an acknowledgement: the byte is not taken, the acknowledgement is.
    peer.segment("A").seq(65_536).ack(14).text("!").send();
    peer.expect("A").seq(14).ack(65_536).win(0);
    assertThat(user.acknowledged).isEqualTo(13);
    assertThat(connection.available()).isEqualTo(65_535);
    // RFC 9293 §3.10.7.4: resets as well.
    peer.segment("R").seq(65_536).send();
    assertThat(user.told).endsWith("failed CONNECTION_RESET");
  }

  @Test
  void aFinIsTakenAlsoByAClosedWindow() {
    connected();
    user.reading = false;
    for (int at = 0; at < 65_535; at += 1460) {
      peer.segment("A").seq(1 + at).ack(1).text(Math.min(1460, 65_535 - at), at).send();
    }
    peer.ignoreSent();
    peer.segment("FA").seq(65_536).ack(1).send();
    peer.expect("A").ack(65_537).win(0);
    assertThat(user.told).endsWith("released");
  }

  @Test
  void ourFinGoesToAClosedWindow() {
    connected();
    peer.segment("A").seq(1).ack(1).win(0).send();
    release();
    peer.expect("FA").seq(1);
  }

  @Test
  void aWindowTakenBackLetsNothingNewGo() {
    // RFC 9293 §3.8.6 (SHLD-15).
    connected();
    peer.segment("A").seq(1).ack(1).win(5000).send();
    send(2920, 0);
    peer.expect("A").seq(1);
    peer.expect("PA").seq(1461);
    peer.segment("A").seq(1).ack(1461).win(500).send();
    send(1460, 2920);
    peer.expectNothing();
    peer.segment("A").seq(1).ack(2921).win(5000).send();
    peer.expect("PA").seq(2921).text(1460, 2920);
  }
}
