package org.penstock.core.internal.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.penstock.core.internal.memory.MemoryPressure;

/** RFC 9293 §3.6: closing a connection. */
class CloseTest extends TcpScript {

  @Test
  void aFinAndTheAcknowledgementOfOursInOneBatchAreBothAnswered() {
    connected();
    release();
    peer.expect("FA").seq(1).ack(1);
    // CLOSING and TIME-WAIT within one occupation.
    peer.segment("FA").seq(1).ack(1).text(100, 0).deliver();
    peer.segment("A").seq(102).ack(2).deliver();
    host.finish();
    peer.expect("A").seq(2).ack(102);
    peer.expectNothing();
    assertThat(host.views().getFirst().state()).isEqualTo("TIME-WAIT");
  }

  @Test
  void simultaneousCloseByFinsThatCross() {
    connected();
    release();
    peer.expect("FA").seq(1);
    peer.segment("FA").seq(1).ack(1).send();
    peer.expect("A").seq(2).ack(2);
    assertThat(state()).isEqualTo("CLOSING");
    peer.segment("A").seq(2).ack(2).send();
    assertThat(state()).isEqualTo("TIME-WAIT");
    peer.expectNothing();
    assertThat(user.told).containsExactly("connected", "released", "releaseAcknowledged", "closed");
  }

  @Test
  void simultaneousCloseWithDataBeforeBothFins() {
    connected();
    send("ours");
    release();
    peer.expect("PA").text("ours");
    peer.expect("FA").seq(5);
    peer.segment("FPA").seq(1).ack(1).text("theirs").send();
    peer.expect("A").seq(6).ack(8);
    assertThat(user.text()).isEqualTo("theirs");
    assertThat(state()).isEqualTo("CLOSING");
    // Our data is acknowledged, our FIN is not: it is not over.
    peer.segment("A").seq(8).ack(5).send();
    assertThat(state()).isEqualTo("CLOSING");
    peer.segment("A").seq(8).ack(6).send();
    assertThat(state()).isEqualTo("TIME-WAIT");
  }

  @Test
  void finAndAcknowledgementOfOursInOneSegment() {
    connected();
    release();
    peer.expect("FA");
    peer.segment("FA").seq(1).ack(2).send();
    peer.expect("A").seq(2).ack(2);
    assertThat(state()).isEqualTo("TIME-WAIT");
    assertThat(user.told).endsWith("closed");
  }

  @Test
  void afterOurReleaseThePeerGoesOnSending() {
    connected();
    release();
    peer.expect("FA").seq(1);
    peer.segment("A").seq(1).ack(2).send();
    assertThat(state()).isEqualTo("FIN-WAIT-2");
    for (int i = 0; i < 4; i++) {
      peer.segment("PA").seq(1 + i * 1460).ack(2).text(1460, i).send();
    }
    peer.expect("A").seq(2).ack(2921);
    peer.expect("A").seq(2).ack(5841);
    assertThat(user.read.size()).isEqualTo(5840);
    peer.segment("FPA").seq(5841).ack(2).text("end").send();
    peer.expect("A").seq(2).ack(5845);
    assertThat(state()).isEqualTo("TIME-WAIT");
    assertThat(user.told).endsWith("released", "closed");
  }

  @Test
  void afterThePeersReleaseWeGoOnSending() {
    // PITFALLS 11: the peer has shut down writing, and we do not close for that.
    connected();
    peer.segment("FA").seq(1).ack(1).send();
    peer.expect("A").ack(2);
    assertThat(state()).isEqualTo("CLOSE-WAIT");
    for (int i = 0; i < 5; i++) {
      send(1460, i);
      peer.expect("PA").seq(1 + 1460 * i).ack(2).length(1460);
      peer.segment("A").seq(2).ack(1 + 1460 * (i + 1)).send();
    }
    assertThat(user.told).containsExactly("connected", "received".repeat(0) + "released");
    release();
    peer.expect("FA").seq(7301);
    peer.segment("A").seq(2).ack(7302).send();
    assertThat(user.told).containsExactly("connected", "released", "releaseAcknowledged", "closed");
    host.assertClean();
  }

  @Test
  void finFollowsTheDataThatIsStillQueued() {
    connected();
    peer.segment("A").seq(1).ack(1).win(1460).send();
    send(3000, 0);
    release();
    assertThat(state()).isEqualTo("FIN-WAIT-1");
    peer.expect("A").seq(1).length(1460);
    peer.expectNothing();
    peer.segment("A").seq(1).ack(1461).win(1460).send();
    peer.expect("A").seq(1461).length(1460);
    peer.segment("A").seq(1).ack(2921).win(1460).send();
    peer.expect("FPA").seq(2921).length(80);
    peer.segment("A").seq(1).ack(3002).send();
    assertThat(state()).isEqualTo("FIN-WAIT-2");
  }

  @Test
  void finIsSentAgain() {
    connected();
    release();
    peer.expect("FA").seq(1);
    peer.expectAfter(200, "FA").seq(1);
    peer.expectAfter(400, "FA").seq(1);
    peer.segment("A").seq(1).ack(2).send();
    assertThat(state()).isEqualTo("FIN-WAIT-2");
    peer.expectNothingFor(10_000);
  }

  @Test
  void finWithDataIsSentAgainAsAWhole() {
    connected();
    host.inside(() -> {
      connection.send(java.lang.foreign.MemorySegment.ofArray(new byte[100]), 0, 100, true);
      connection.release();
    });
    peer.expect("FPA").seq(1).length(100);
    peer.expectAfter(200, "FPA").seq(1).length(100);
    peer.segment("A").seq(1).ack(102).send();
    assertThat(state()).isEqualTo("FIN-WAIT-2");
  }

  @Test
  void thePeersFinSentAgainIsAcknowledgedAgain() {
    connected();
    peer.segment("FA").seq(1).ack(1).send();
    peer.expect("A").ack(2);
    peer.segment("FA").seq(1).ack(1).send();
    peer.expect("A").ack(2);
    peer.segment("FA").seq(1).ack(1).send();
    peer.expect("A").ack(2);
    assertThat(user.told).containsExactly("connected", "released");
  }

  @Test
  void aFinAheadOfAGapWaitsForIt() {
    connected();
    peer.segment("FA").seq(11).ack(1).send();
    peer.expect("A").ack(1);
    assertThat(state()).isEqualTo("ESTABLISHED");
    peer.segment("PA").seq(1).ack(1).text("0123456789").send();
    peer.expect("A").ack(12);
    assertThat(user.text()).isEqualTo("0123456789");
    assertThat(user.told).containsExactly("connected", "received", "released");
  }

  @Test
  void nothingBehindAFinIsTaken() {
    connected();
    peer.segment("FA").seq(11).ack(1).send();
    peer.segment("PA").seq(1).ack(1).text("0123456789too much").send();
    peer.ignoreSent();
    assertThat(user.text()).isEqualTo("0123456789");
    assertThat(user.told).endsWith("released");
    peer.segment("PA").seq(12).ack(1).text("more").send();
    assertThat(user.text()).isEqualTo("0123456789");
    assertThat(state()).isEqualTo("CLOSE-WAIT");
  }

  @Test
  void lastAckIsLeftOnlyWhenOurFinIsAcknowledged() {
    // PITFALLS 3.
    connected();
    peer.segment("FA").seq(1).ack(1).send();
    peer.expect("A");
    send("tail");
    release();
    peer.expect("PA").seq(1);
    peer.expect("FA").seq(5);
    peer.segment("A").seq(2).ack(1).send();
    peer.segment("A").seq(2).ack(3).send();
    peer.segment("A").seq(2).ack(5).send();
    assertThat(state()).isEqualTo("LAST-ACK");
    peer.expectNothing();
    peer.segment("A").seq(2).ack(6).send();
    assertThat(state()).isEqualTo("CLOSED");
    assertThat(user.told).endsWith("closed");
  }

  @Test
  void closedIsToldWhenAllWasRead() {
    connected();
    user.reading = false;
    release();
    peer.expect("FA");
    peer.segment("FPA").seq(1).ack(2).text("unread").send();
    peer.expect("A").ack(8);
    assertThat(user.told)
        .containsExactly("connected", "received", "released", "releaseAcknowledged");
    assertThat(host.views()).singleElement().matches(v -> v.state().equals("TIME-WAIT"));
    host.runTo(host.now() + 120 * Host.SECOND);
    assertThat(connection.available()).isEqualTo(6);
    host.inside(() -> user.readAll(connection));
    assertThat(user.text()).isEqualTo("unread");
    assertThat(user.told).endsWith("closed");
    host.assertClean();
  }

  @Test
  void sendAfterReleaseIsRefused() {
    connected();
    release();
    assertThatThrownBy(() -> send("late"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("192.0.2.2:80");
    release();
    peer.expect("FA");
    peer.expectNothing();
  }

  @Test
  void abandonWithUnreadDataResets() {
    // PITFALLS 8: close with unread data sends a reset, not a FIN.
    connected();
    user.reading = false;
    peer.segment("PA").seq(1).ack(1).text("unread").send();
    host.inside(connection::abandon);
    peer.expect("RA").seq(1).ack(7);
    peer.expectNothing();
    host.assertClean();
    assertThat(user.told).doesNotContain("closed");
  }

  @Test
  void abandonWithLentDataThatIsNotCreditedResets() {
    connected();
    user.reading = false;
    peer.segment("PA").seq(1).ack(1).text("lent").send();
    var lent = connection.take();
    host.inside(connection::abandon);
    peer.expect("RA").seq(1);
    lent.release();
    host.assertClean();
  }

  @Test
  void abandonWithLentDataThatIsCreditedCloses() {
    connected();
    user.reading = false;
    peer.segment("PA").seq(1).ack(1).text("lent").send();
    var lent = connection.take();
    host.inside(() -> {
      connection.release();
      connection.credit(4);
      connection.abandon();
    });
    peer.expect("FA").seq(1).ack(5);
    peer.expectNothing();
    lent.release();
    peer.segment("FA").seq(5).ack(2).send();
    peer.expect("A").seq(2).ack(6);
    host.runTo(host.now() + 61 * Host.SECOND);
    host.assertClean();
  }

  @Test
  void abandonSendsWhatIsQueuedAndCloses() {
    connected();
    send(5000, 0);
    host.inside(connection::abandon);
    peer.expect("A").seq(1).length(1460);
    peer.expect("A").seq(1461).length(1460);
    peer.expect("A").seq(2921).length(1460);
    peer.expect("PA").seq(4381).length(620);
    peer.expect("FA").seq(5001);
    assertThat(host.views()).singleElement().matches(v -> v.owner().equals("orphan"));
    peer.segment("A").seq(1).ack(5002).send();
    peer.segment("FA").seq(1).ack(5002).send();
    peer.expect("A").ack(2);
    assertThat(user.told).containsExactly("connected");
    host.runTo(host.now() + 61 * Host.SECOND);
    host.assertClean();
  }

  @Test
  void newDataForAnOrphanResets() {
    connected();
    host.inside(connection::abandon);
    peer.expect("FA").seq(1);
    peer.segment("A").seq(1).ack(2).send();
    peer.segment("PA").seq(1).ack(2).text("nobody reads this").send();
    peer.expect("RA").seq(2);
    host.assertClean();
  }

  @Test
  void anOrphanDoesNotWaitForTheFinForEver() {
    connected();
    host.inside(connection::abandon);
    peer.expect("FA");
    peer.segment("A").seq(1).ack(2).send();
    assertThat(state()).isEqualTo("FIN-WAIT-2");
    peer.expectNothingFor(59_000);
    assertThat(state()).isEqualTo("FIN-WAIT-2");
    peer.expectNothingFor(2_000);
    host.assertClean();
    assertThat(host.portReferences(1024)).isZero();
  }

  @Test
  void aConnectionAbandonedInFinWait2DoesNotWaitForEverEither() {
    connected();
    release();
    peer.expect("FA");
    peer.segment("A").seq(1).ack(2).send();
    peer.expectNothingFor(300_000);
    assertThat(state()).isEqualTo("FIN-WAIT-2");
    host.inside(connection::abandon);
    peer.expectNothingFor(61_000);
    host.assertClean();
  }

  @Test
  void anOrphanWhosePeerVanishesIsGivenUp() {
    connected();
    host.inside(connection::abandon);
    peer.expect("FA");
    host.runTo(host.now() + 300 * Host.SECOND);
    host.assertClean();
  }

  @Test
  void anOrphanAgainstAClosedWindowIsGivenUp() {
    connected();
    peer.segment("A").seq(1).ack(1).win(0).send();
    send("never read");
    host.inside(connection::abandon);
    for (int i = 0; i < 40 && !host.views().isEmpty(); i++) {
      host.runTo(host.now() + 60 * Host.SECOND);
      host.output.sent.clear();
      peer.segment("A").seq(1).ack(1).win(0).send();
      host.output.sent.clear();
    }
    host.assertClean();
  }

  @Test
  void orphansAreLimited() {
    // Of the orphans of a stack a cell keeps its part.
    host = new Host("192.0.2.1", builder().cells(1024));
    int limit = TcpLimits.orphans(1024, MemoryPressure.NONE);
    for (int port = 1; port <= limit + 1; port++) {
      host.output.sent.clear();
      peer = new Peer(host, port, 80);
      connection = host.connect(port, peer.transport(), settings, new RecordingUser());
      peer.theirIss = host.output.sent.poll().header().sequence();
      peer.segment("SA").ack(1).send();
      peer.expect("A");
      host.inside(connection::abandon);
      peer.expect(port <= limit ? "FA" : "RA");
    }
    assertThat(host.views()).hasSize(limit);
  }

  @Test
  void abandonInSynSentForgetsTheConnection() {
    connecting();
    host.inside(connection::abandon);
    peer.expectNothing();
    host.assertClean();
    peer.segment("SA").ack(1).send();
    peer.expect("R").seq(1);
  }

  @Test
  void abandonAfterBothFinsWereSentNeedsNoReset() {
    connected();
    peer.segment("FA").seq(1).ack(1).send();
    peer.expect("A");
    host.inside(connection::abandon);
    peer.expect("FA").seq(1).ack(2);
    peer.segment("A").seq(2).ack(2).send();
    peer.expectNothing();
    host.assertClean();
  }
}
