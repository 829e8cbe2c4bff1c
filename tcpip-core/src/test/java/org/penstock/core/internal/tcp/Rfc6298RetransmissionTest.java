package org.penstock.core.internal.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.penstock.api.view.Counter;
import org.penstock.core.api.TcpSettings;

/** RFC 6298: the retransmission timer; RFC 9293 §3.8.3: when to give up. */
class Rfc6298RetransmissionTest extends TcpScript {

  @Test
  void theTimerBacksOffAndTheConnectionIsGivenUpInTheEnd() {
    connected();
    send("lost");
    peer.expect("PA");
    long begin = host.now();
    long interval = 200;
    for (int i = 0; i < TcpLimits.RETRANSMISSIONS; i++) {
      peer.expectAfter(interval, "PA").seq(1).text("lost");
      interval = Math.min(interval * 2, 60_000);
    }
    peer.expectNothingFor(59_000);
    peer.expectAfter(1_000, "RA").seq(5);
    assertThat(user.told).endsWith("failed TIMED_OUT");
    // RFC 9293 §3.8.3: at least 100 s.
    assertThat(host.now() - begin).isBetween(500 * Host.SECOND, 550 * Host.SECOND);
    assertThat(host.count(Counter.TCP_RETRANSMITTED)).isEqualTo(15);
    host.assertClean();
  }

  @Test
  void anAcknowledgementOfNewDataRestartsTheTimer() {
    connected();
    send(2920, 0);
    peer.expect("A").seq(1);
    peer.expect("PA").seq(1461);
    peer.expectNothingFor(190);
    peer.segment("A").seq(1).ack(1461).send();
    peer.expectNothingFor(150);
    // The sample of 190 ms has made the timeout longer than its least.
    long timeout = connection.sender().rtt().timeout() / Host.MILLIS;
    assertThat(timeout).isGreaterThan(200);
    peer.expectAfter(timeout - 150, "PA").seq(1461);
  }

  @Test
  void anAcknowledgementOfNothingNewDoesNotRestartTheTimer() {
    // PITFALLS 1: a peer that sends keeps postponing the retransmission.
    connected();
    send("lost");
    peer.expect("PA");
    for (int i = 0; i < 21; i++) {
      assertThat(host.count(Counter.TCP_RETRANSMITTED)).isEqualTo(i < 20 ? 0 : 1);
      peer.segment("PA").seq(1 + i).ack(1).text("x").send();
      host.runTo(host.now() + (i < 19 ? 10 : 12) * Host.MILLIS);
    }
    assertThat(host.count(Counter.TCP_TIMEOUTS)).isEqualTo(1);
  }

  @Test
  void aPeerThatDelaysItsAcknowledgementsIsNotTakenForLost() {
    connected();
    for (int i = 0; i < 30; i++) {
      send("x");
      peer.expect("PA").seq(1 + i);
      peer.expectNothingFor(50);
      peer.segment("A").seq(1).ack(2 + i).send();
    }
    // A round trip of 50 ms, and the 190 ms that the peer waits for a second segment.
    send("y");
    peer.expect("PA").seq(31).text("y");
    peer.expectNothingFor(240);
    peer.segment("A").seq(1).ack(32).send();
    assertThat(host.count(Counter.TCP_RETRANSMITTED)).isZero();
    // The other side of it: what is lost is sent again soon after.
    send("z");
    peer.expect("PA").seq(32);
    peer.expectNothingFor(250);
    host.runTo(host.now() + 150 * Host.MILLIS);
    peer.expect("PA").seq(32).text("z");
  }

  @Test
  void theTimerIsOffWhenAllIsAcknowledged() {
    connected();
    send("x");
    peer.expect("PA");
    peer.segment("A").seq(1).ack(2).send();
    assertThat(host.cell.timers().size()).isZero();
  }

  @Test
  void karnNoSampleFromWhatWasSentTwice() {
    connected();
    long before = connection.sender().rtt().smoothed();
    send("twice");
    peer.expect("PA");
    peer.expectAfter(200, "PA");
    host.runTo(host.now() + 150 * Host.MILLIS);
    peer.segment("A").seq(1).ack(6).send();
    assertThat(connection.sender().rtt().smoothed()).isEqualTo(before);
    // What was backed off stays so until there is a sample.
    send("next");
    peer.expect("PA");
    peer.expectAfter(400, "PA").text("next");
  }

  @Test
  void aSampleCollapsesTheBackOff() {
    connected();
    send("a");
    peer.expect("PA");
    peer.expectAfter(200, "PA");
    peer.segment("A").seq(1).ack(2).send();
    send("b");
    peer.expect("PA");
    peer.segment("A").seq(1).ack(3).send();
    send("c");
    peer.expect("PA");
    peer.expectAfter(200, "PA").text("c");
  }

  @Test
  void afterATimeoutEverythingIsSentAgainBySlowStart() {
    connected();
    send(14_600, 0);
    for (int i = 0; i < 10; i++) {
      peer.expect(i < 9 ? "A" : "PA").seq(1 + i * 1460);
    }
    peer.expectAfter(200, "A").seq(1);
    peer.expectNothing();
    assertThat(connection.sender().congestion().window()).isEqualTo(1460);
    peer.segment("A").seq(1).ack(1461).send();
    peer.expect("A").seq(1461);
    peer.expect("A").seq(2921);
    peer.expectNothing();
    peer.segment("A").seq(1).ack(4381).send();
    peer.expect("A").seq(4381);
    peer.expect("A").seq(5841);
    peer.expect("A").seq(7301);
    peer.expectNothing();
    // The rest had arrived.
    peer.segment("A").seq(1).ack(14_601).send();
    peer.expectNothingFor(5_000);
  }

  @Test
  void theUserTimeoutEndsItExactly() {
    settings = TcpSettings.DEFAULT.withUserTimeout(3 * Host.SECOND);
    connected();
    host.runTo(host.now() + 60 * Host.SECOND);
    send("x");
    peer.expect("PA");
    host.runTo(host.now() + 2_999 * Host.MILLIS);
    assertThat(user.told).containsExactly("connected");
    host.runTo(host.now() + 2 * Host.MILLIS);
    assertThat(user.told).endsWith("failed TIMED_OUT");
    host.assertClean();
  }

  @Test
  void theUserTimeoutAlsoHoldsInSynSentAndAgainstAClosedWindow() {
    settings = TcpSettings.DEFAULT.withUserTimeout(3 * Host.SECOND);
    connecting();
    host.runTo(host.now() + 3_001 * Host.MILLIS);
    assertThat(user.told).containsExactly("failed TIMED_OUT");
    host.output.sent.clear();
    user = new RecordingUser();
    connected();
    peer.segment("A").seq(1).ack(1).win(0).send();
    send("x");
    host.runTo(host.now() + 2_999 * Host.MILLIS);
    assertThat(user.told).containsExactly("connected");
    host.runTo(host.now() + 2 * Host.MILLIS);
    assertThat(user.told).endsWith("failed TIMED_OUT");
  }

  @Test
  void aLostSynMakesTheFirstTimeoutThreeSecondsAndTheWindowOneSegment() {
    connecting();
    peer.expectAfter(1000, "S");
    peer.segment("SA").ack(1).mss(MSS).send();
    peer.expect("A");
    send(3000, 0);
    peer.expect("A").seq(1).length(1460);
    peer.expectAfter(3000, "A").seq(1);
  }
}
