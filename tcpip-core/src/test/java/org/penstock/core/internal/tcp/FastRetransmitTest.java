package org.penstock.core.internal.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.penstock.api.view.Counter;

/** RFC 5681 §3.2, RFC 6582 (NewReno), RFC 3042 (limited transmit), RFC 6928. */
class FastRetransmitTest extends TcpScript {

  /** Ten segments in flight, of thirty. */
  private void flying() {
    connected();
    send(30 * 1460, 0);
    for (int i = 0; i < 10; i++) {
      peer.expect("A").seq(1 + i * 1460);
    }
    // RFC 6928: the initial window.
    peer.expectNothing();
  }

  private void duplicate() {
    peer.segment("A").seq(1).ack(1).send();
  }

  private int at(int segment) {
    return 1 + segment * 1460;
  }

  @Test
  void theThirdDuplicateSendsTheMissingSegment() {
    flying();
    // Limited transmit: a new segment for each of the first two.
    duplicate();
    peer.expect("A").seq(at(10));
    duplicate();
    peer.expect("A").seq(at(11));
    duplicate();
    peer.expect("A").seq(at(0)).text(1460, 0);
    peer.expectNothing();
    assertThat(host.count(Counter.TCP_FAST_RETRANSMITS)).isEqualTo(1);
    // FlightSize is 12 segments.
    assertThat(connection.sender().congestion().state().threshold()).isEqualTo(6 * 1460);
    assertThat(connection.sender().congestion().window()).isEqualTo(6 * 1460);
  }

  @Test
  void furtherDuplicatesLetNewSegmentsGoAndAFullAcknowledgementEndsIt() {
    flying();
    for (int i = 0; i < 3; i++) {
      duplicate();
    }
    peer.ignoreSent();
    // 12 in flight, 3 of them known to have arrived, 6 allowed: the fourth is one too many still.
    for (int i = 0; i < 3; i++) {
      duplicate();
      peer.expectNothing();
    }
    duplicate();
    peer.expect("A").seq(at(12));
    duplicate();
    peer.expect("A").seq(at(13));
    peer.segment("A").seq(1).ack(at(12)).send();
    assertThat(connection.sender().recovery().phase()).isEqualTo(LossRecovery.Phase.OPEN);
    assertThat(connection.sender().congestion().window()).isLessThanOrEqualTo(6 * 1460);
    assertThat(user.acknowledged).isEqualTo(12 * 1460);
  }

  @Test
  void aPartialAcknowledgementSendsTheNextMissingSegment() {
    flying();
    for (int i = 0; i < 3; i++) {
      duplicate();
    }
    peer.ignoreSent();
    // Segments 0, 4 and 7 were lost.
    peer.segment("A").seq(1).ack(at(4)).send();
    peer.expect("A").seq(at(4)).text(1460, 4 * 1460);
    peer.ignoreSent();
    peer.segment("A").seq(1).ack(at(7)).send();
    peer.expect("A").seq(at(7));
    peer.ignoreSent();
    assertThat(connection.sender().recovery().phase()).isEqualTo(LossRecovery.Phase.FAST);
    assertThat(host.count(Counter.TCP_FAST_RETRANSMITS)).isEqualTo(1);
    peer.segment("A").seq(1).ack(at(12)).send();
    assertThat(connection.sender().recovery().phase()).isEqualTo(LossRecovery.Phase.OPEN);
    assertThat(host.count(Counter.TCP_TIMEOUTS)).isZero();
  }

  @Test
  void whatIsNoDuplicateDoesNotCount() {
    flying();
    // With text, with another window, without anything in flight.
    for (int i = 0; i < 5; i++) {
      peer.segment("A").seq(1 + i).ack(1).text("x").send();
      peer.segment("A").seq(6).ack(1).win(60_000 - i).send();
    }
    assertThat(host.count(Counter.TCP_DUPLICATE_ACKS)).isZero();
    assertThat(host.count(Counter.TCP_FAST_RETRANSMITS)).isZero();
  }

  @Test
  void duplicatesWithNothingInFlightDoNotCount() {
    connected();
    for (int i = 0; i < 10; i++) {
      duplicate();
    }
    assertThat(host.count(Counter.TCP_DUPLICATE_ACKS)).isZero();
    send(1460, 0);
    peer.expect("PA");
    duplicate();
    duplicate();
    peer.expectNothing();
  }

  @Test
  void aFloodOfDuplicatesOpensNothing() {
    // PITFALLS 17: the counter does not overflow; forged acknowledgements don't inflate the window.
    flying();
    for (int i = 0; i < 70_000; i++) {
      peer.segment("A").seq(1).ack(1).deliver();
    }
    host.finish();
    int sent = 0;
    while (host.output.sent.poll() != null) {
      sent++;
    }
    assertThat(sent).isLessThanOrEqualTo(10);
    assertThat(host.count(Counter.TCP_FAST_RETRANSMITS)).isEqualTo(1);
    peer.segment("A").seq(1).ack(at(10)).send();
    assertThat(user.acknowledged).isEqualTo(10 * 1460);
  }

  @Test
  void noSecondFastRetransmitForWhatATimeoutHasCovered() {
    flying();
    peer.expectAfter(200, "A").seq(1);
    for (int i = 0; i < 9; i++) {
      duplicate();
    }
    peer.expectNothing();
    assertThat(host.count(Counter.TCP_FAST_RETRANSMITS)).isZero();
  }

  @Test
  void aLostRetransmissionIsLeftToTheTimer() {
    flying();
    for (int i = 0; i < 3; i++) {
      duplicate();
    }
    peer.ignoreSent();
    peer.expectAfter(200, "A").seq(1);
    assertThat(host.count(Counter.TCP_TIMEOUTS)).isEqualTo(1);
  }

  @Test
  void theWindowGrowsInSlowStartByWhatIsAcknowledged() {
    flying();
    peer.segment("A").seq(1).ack(at(2)).send();
    for (int i = 0; i < 4; i++) {
      peer.expect("A").seq(at(10 + i));
    }
    peer.expectNothing();
    assertThat(connection.sender().congestion().window()).isEqualTo(12 * 1460);
  }

  @Test
  void theWindowDoesNotGrowWhereItIsNotUsed() {
    connected();
    for (int i = 0; i < 100; i++) {
      send(100, 0);
      peer.expect("PA");
      peer.segment("A").seq(1).ack(101 + 100 * i).send();
    }
    assertThat(connection.sender().congestion().window()).isEqualTo(10 * 1460);
  }

  @Test
  void afterAnIdleTimeTheWindowIsTheInitialOneAtMost() {
    connected();
    int acknowledged = 1;
    for (int round = 0; round < 4; round++) {
      send(20 * 1460, 0);
      while (!host.output.sent.isEmpty()) {
        acknowledged = host.output.sent.poll().end() - peer.theirIss;
        if (!host.output.sent.isEmpty()) {
          continue;
        }
        peer.segment("A").seq(1).ack(acknowledged).send();
      }
    }
    assertThat(connection.sender().congestion().window()).isGreaterThan(15 * 1460);
    assertThat(acknowledged).isEqualTo(1 + 80 * 1460);
    host.runTo(host.now() + 10 * Host.SECOND);
    send(40 * 1460, 0);
    assertThat(host.output.sent).hasSize(10);
  }
}
