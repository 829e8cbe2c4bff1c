package org.penstock.core.internal.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.penstock.api.view.DropReason;
import org.penstock.core.api.StackBuilder;

/** RFC 7323 §5: protection against wrapped sequence numbers. */
class Rfc7323PawsTest extends TcpScript {

  private static final long DAY = 24 * 3600 * Host.SECOND;

  @Override
  StackBuilder builder() {
    return new StackBuilder("test").buffers(1 << 20, 1 << 20);
  }

  private void connectedWithTimestamps() {
    connecting();
    peer.segment("SA").ack(1).mss(MSS).scale(7).sackPermitted().stamps(700, 0).send();
    peer.expect("A").seq(1).ack(1).echo(700);
  }

  @Test
  void anOldDuplicateWhoseSequenceNumberFitsIsDroppedAndAnswered() {
    connectedWithTimestamps();
    peer.segment("PA").seq(1).ack(1).stamps(699, 0).text("old").send();
    peer.expect("A").ack(1).echo(700);
    assertThat(user.text()).isEmpty();
    assertThat(host.count(DropReason.TCP_PAWS)).isEqualTo(1);
    peer.segment("PA").seq(1).ack(1).stamps(700, 0).text("new").send();
    assertThat(user.text()).isEqualTo("new");
  }

  @Test
  void comparedModuloTwoToThe32() {
    connecting();
    peer.segment("SA").ack(1).mss(MSS).stamps(-3, 0).send();
    peer.expect("A").echo(-3);
    peer.segment("PA").seq(1).ack(1).stamps(5, 0).text("new").send();
    assertThat(user.text()).isEqualTo("new");
    peer.expectAfter(40, "A").echo(5);
    peer.segment("PA").seq(4).ack(1).stamps(-1, 0).text("old").send();
    assertThat(user.text()).isEqualTo("new");
  }

  @Test
  void acknowledgementsOfOldDuplicatesDoNotCount() {
    connectedWithTimestamps();
    send("x");
    peer.expect("PA");
    peer.segment("A").seq(1).ack(2).win(1).stamps(600, 0).send();
    assertThat(connection.sender().hasInFlight()).isTrue();
    assertThat(host.count(DropReason.TCP_PAWS)).isEqualTo(1);
  }

  @Test
  void thoseWithoutTextAreAnsweredSparingly() {
    connectedWithTimestamps();
    for (int i = 0; i < 10; i++) {
      peer.segment("A").seq(1).ack(1).stamps(600, 0).send();
    }
    peer.expect("A");
    peer.expectNothing();
  }

  @Test
  void aResetIsExempt() {
    // §5.2.
    connectedWithTimestamps();
    peer.segment("R").seq(1).stamps(1, 0).send();
    assertThat(user.told).contains("failed CONNECTION_RESET");
  }

  @Test
  void aResetDoesNotSetTsRecent() {
    connectedWithTimestamps();
    peer.segment("R").seq(100).stamps(1_000_000, 0).send();
    peer.ignoreSent();
    assertThat(connection.timestamps().recent()).isEqualTo(700);
  }

  @Test
  void norDoesASegmentWhoseAcknowledgementIsBad() {
    connectedWithTimestamps();
    peer.segment("A").seq(1).ack(1_000_000).stamps(1_000_000, 0).text("forged").send();
    assertThat(connection.timestamps().recent()).isEqualTo(700);
    peer.segment("PA").seq(1).ack(1).stamps(701, 0).text("true").send();
    assertThat(user.text()).isEqualTo("true");
  }

  @Test
  void norOneAheadOfAGapOrOutsideOfTheWindow() {
    connectedWithTimestamps();
    peer.segment("A").seq(101).ack(1).stamps(800, 0).text("ahead").send();
    peer.segment("A").seq(-100_000).ack(1).stamps(801, 0).text("outside").send();
    assertThat(connection.timestamps().recent()).isEqualTo(700);
  }

  @Test
  void whatIsTrimmedSetsItByWhereItBegan() {
    connectedWithTimestamps();
    peer.segment("A").seq(1).ack(1).stamps(710, 0).text(100, 0).send();
    // Not acknowledged yet: Last.ACK.sent is 1.
    peer.segment("PA").seq(1).ack(1).stamps(720, 0).text(200, 0).send();
    assertThat(connection.timestamps().recent()).isEqualTo(720);
  }

  @Test
  void after24DaysOfSilenceTsRecentIsOutdated() {
    // §5.5.
    connectedWithTimestamps();
    host.runTo(host.now() + 25 * DAY);
    peer.segment("PA").seq(1).ack(1).stamps(699, 0).text("later").send();
    assertThat(user.text()).isEqualTo("later");
    assertThat(connection.timestamps().recent()).isEqualTo(699);
  }

  @Test
  void after23DaysItIsNot() {
    connectedWithTimestamps();
    host.runTo(host.now() + 23 * DAY);
    peer.segment("PA").seq(1).ack(1).stamps(699, 0).text("old").send();
    assertThat(user.text()).isEmpty();
  }

  @Test
  void whatTheNetworkDoubledIsReportedToo() {
    connectedWithTimestamps();
    peer.segment("A").seq(1).ack(1).stamps(710, 0).text(1000, 0).deliver();
    peer.segment("A").seq(1001).ack(1).stamps(712, 0).text(1000, 1000).send();
    peer.expect("A").ack(2001).sack();
    peer.segment("A").seq(2001).ack(1).stamps(720, 0).text(1000, 2000).send();
    peer.segment("A").seq(1).ack(1).stamps(710, 0).text(1000, 0).send();
    peer.expect("A").ack(3001).sack(1, 1001);
  }

  @Test
  void pitfall16AnAcknowledgementWithoutTheOptionCompletesTheHandshake() {
    // §3.2 would have it dropped; see SegmentArrives.
    listening(8);
    peer.segment("S").mss(MSS).stamps(700, 0).send();
    peer.theirIss = host.output.sent.poll().header().sequence();
    peer.segment("A").seq(1).ack(1).send();
    assertThat(acceptor.connections).hasSize(1);
    connection = acceptor.connections.getLast();
    assertThat(state()).isEqualTo("ESTABLISHED");
    peer.segment("PA").seq(1).ack(1).text("without").send();
    assertThat(acceptor.users.getLast().text()).isEqualTo("without");
    peer.expect("A").ack(8).echo(700);
  }

  @Test
  void pitfall16ARetransmissionCarriesTheTimeItLeftAndIsTaken() {
    connectedWithTimestamps();
    send("x");
    int first = peer.expect("PA").stamps().value();
    int second = peer.expectAfter(200, "PA").text("x").stamps().value();
    assertThat(second - first).isEqualTo(200);
    peer.segment("A").seq(1).ack(2).stamps(900, second).send();
    assertThat(connection.sender().hasInFlight()).isFalse();
    peer.segment("PA").seq(1).ack(2).stamps(1000, second).text("lost").send();
    peer.expectAfter(40, "A").ack(5).echo(1000);
    peer.segment("PA").seq(1).ack(2).stamps(1200, second).text("lost").send();
    // The echo says which of the two has arrived: the first.
    peer.expect("A").ack(5).echo(1000);
    assertThat(user.text()).isEqualTo("lost");
  }

  @Test
  void timestampsThatNobodyNegotiatedProtectNothing() {
    connected();
    peer.segment("PA").seq(1).ack(1).stamps(10, 0).text("a").send();
    peer.segment("PA").seq(2).ack(1).stamps(5, 0).text("b").send();
    assertThat(user.text()).isEqualTo("ab");
    assertThat(host.count(DropReason.TCP_PAWS)).isZero();
  }
}
