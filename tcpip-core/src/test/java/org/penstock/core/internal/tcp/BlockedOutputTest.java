package org.penstock.core.internal.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.penstock.api.view.Counter;
import org.penstock.core.internal.ip.PacketOutput.Outcome;

/** What the way down refuses was not sent, and is no loss. */
class BlockedOutputTest extends TcpScript {

  private void block() {
    host.output.outcome = Outcome.BLOCKED;
  }

  private void unblock() {
    host.output.outcome = Outcome.SENT;
    host.inside(host.output.waiters::ready);
  }

  @Test
  void refusedSegmentsLeaveWhenTheWayIsFree() {
    connected();
    block();
    send(5000, 0);
    peer.expectNothing();
    assertThat(connection.sender().hasInFlight()).isFalse();
    assertThat(host.output.waiters.size()).isEqualTo(1);
    send(100, 0);
    assertThat(host.output.waiters.size()).isEqualTo(1);
    unblock();
    for (int i = 0; i < 3; i++) {
      peer.expect("A").seq(1 + i * 1460).length(1460);
    }
    peer.expect("PA").seq(4381).length(720);
  }

  @Test
  void beingRefusedIsNoLoss() {
    connected();
    send(14_600, 0);
    host.output.sent.clear();
    block();
    host.runTo(host.now() + 20 * Host.SECOND);
    // One loss: what had left before. Further attempts that were refused are none.
    assertThat(host.count(Counter.TCP_TIMEOUTS)).isEqualTo(1);
    assertThat(host.count(Counter.TCP_RETRANSMITTED)).isZero();
    assertThat(connection.sender().congestion().state().threshold()).isEqualTo(5 * 1460);
    unblock();
    // At once, although the timer was backed off; and from now on by the true timeout.
    peer.expect("A").seq(1);
    peer.expectAfter(200, "A").seq(1);
  }

  @Test
  void aConnectionSurvivesMinutesWithoutADriverAndIsGivenUpInTheEnd() {
    connected();
    block();
    send("x");
    host.runTo(host.now() + 300 * Host.SECOND);
    assertThat(state()).isEqualTo("ESTABLISHED");
    host.runTo(host.now() + 400 * Host.SECOND);
    assertThat(user.told).endsWith("failed TIMED_OUT");
    host.assertClean();
    // Who still waits in a list when the connection is gone is told in vain.
    unblock();
    peer.expectNothing();
  }

  @Test
  void whatIsGivenWhileAnAcknowledgementWaitsHasATimer() {
    connected();
    block();
    peer.segment("A").seq(1).ack(1).text(1460, 0).deliver();
    peer.segment("A").seq(1461).ack(1).text(1460, 1460).send();
    assertThat(connection.isBlocked()).isTrue();
    send("x");
    // Every occupation's end holds the invariants: what waits to be sent has a timer. Should nobody
    // tell that the way is free, it finds out.
    host.output.outcome = Outcome.SENT;
    peer.expectAfter(200, "PA").seq(1).ack(2921).text("x");
  }

  @Test
  void aRefusedAcknowledgementLeavesLater() {
    connected();
    block();
    peer.segment("A").seq(1).ack(1).text(1460, 0).deliver();
    peer.segment("A").seq(1461).ack(1).text(1460, 1460).deliver();
    host.finish();
    peer.expectNothing();
    unblock();
    peer.expect("A").ack(2921);
    peer.expectNothingFor(1000);
  }

  @Test
  void aRefusedSynLeavesWhenTheNeighbourIsKnown() {
    block();
    connection = host.connect(1024, peer.transport(), settings, user);
    peer.expectNothing();
    unblock();
    peer.theirIss = host.output.sent.peek().header().sequence();
    peer.expect("S");
    peer.segment("SA").ack(1).mss(MSS).send();
    assertThat(state()).isEqualTo("ESTABLISHED");
    assertThat(host.count(Counter.TCP_RETRANSMITTED)).isZero();
  }

  @Test
  void aNeighbourThatDoesNotAnswerFailsTheConnect() {
    block();
    connection = host.connect(1024, peer.transport(), settings, user);
    host.inside(host.output.waiters::failed);
    assertThat(user.told).containsExactly("failed HOST_UNREACHABLE");
    host.assertClean();
  }

  @Test
  void aNeighbourLostLaterIsASoftErrorThatIsNamedInTheEnd() {
    connected();
    block();
    send("x");
    host.inside(host.output.waiters::failed);
    assertThat(state()).isEqualTo("ESTABLISHED");
    host.runTo(host.now() + 700 * Host.SECOND);
    assertThat(user.told).endsWith("failed HOST_UNREACHABLE");
  }

  @Test
  void aRouteThatReturnsIsUsedAgain() {
    connected();
    host.output.routed = false;
    host.output.generation++;
    send("x");
    peer.expectNothing();
    host.runTo(host.now() + 10 * Host.SECOND);
    peer.expectNothing();
    host.output.routed = true;
    host.runTo(host.now() + 20 * Host.SECOND);
    peer.expect("PA").text("x");
  }

  @Test
  void anAcknowledgementThatANeighbourWouldNotTakeIsLeftToThePeer() {
    connected();
    host.output.outcome = Outcome.BLOCKED;
    peer.segment("A").seq(1).ack(1).text(1460, 0).deliver();
    peer.segment("A").seq(1461).ack(1).text(1460, 1460).send();
    host.output.outcome = Outcome.SENT;
    // Every occupation's end holds the invariants: nothing waits to be acknowledged for ever.
    host.inside(host.output.waiters::failed);
    peer.expectNothingFor(1000);
    // It is there after all, and sends again.
    peer.segment("A").seq(1461).ack(1).text(1460, 1460).send();
    peer.expect("A").seq(1).ack(2921);
    assertThat(user.read.size()).isEqualTo(2920);
  }

  @Test
  void withoutARouteTheConnectionIsGivenUpAsUnreachable() {
    connected();
    host.output.routed = false;
    host.output.generation++;
    send("x");
    host.runTo(host.now() + 700 * Host.SECOND);
    assertThat(user.told).endsWith("failed NETWORK_UNREACHABLE");
    host.assertClean();
  }

  @Test
  void aNewPathMayCarryLessAndWhatIsSentAgainIsCutAnew() {
    connected();
    send(2920, 0);
    peer.expect("A").length(1460);
    peer.expect("PA").length(1460);
    host.output.mtu = 1000;
    host.output.generation++;
    peer.expectAfter(200, "A").seq(1).text(960, 0);
    peer.segment("A").seq(1).ack(961).send();
    peer.expect("A").seq(961).text(960, 960);
    peer.expect("A").seq(1921).text(960, 1920);
  }
}
