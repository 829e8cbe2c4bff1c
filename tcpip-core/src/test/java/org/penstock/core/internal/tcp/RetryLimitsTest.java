package org.penstock.core.internal.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.penstock.api.view.Counter;
import org.penstock.core.api.TcpFailure;
import org.penstock.core.api.TcpSettings;

/** RFC 9293 §3.8.3: R1, where IP and the user hear of it, and R2, where a connection ends. */
class RetryLimitsTest extends TcpScript {

  private int doubts() {
    return host.output.doubted.size();
  }

  @Test
  void thirdRetransmissionHasIpLookAtTheWayAndTellsTheUser() {
    connected();
    send(MSS, 0);
    peer.expect("PA").length(MSS);
    host.output.mtu = 1000;
    peer.expectAfter(200, "PA").length(MSS);
    peer.expectAfter(400, "PA").length(MSS);
    assertThat(doubts()).isZero();
    assertThat(user.troubles).isEmpty();
    peer.expectAfter(800, "A").length(960);
    // MUST-20 a: what is sent from now on goes where IP says now.
    assertThat(host.output.doubted).hasSize(1);
    assertThat(host.output.doubted.getFirst().remote()).isEqualTo(peer.address);
    // SHLD-9: the user is told, once; IP each time.
    assertThat(user.troubles).containsExactly(TcpFailure.TIMED_OUT);
    assertThat(state()).isEqualTo("ESTABLISHED");
    host.runTo(host.now() + 10 * Host.SECOND);
    assertThat(doubts()).isGreaterThan(1);
    assertThat(user.troubles).hasSize(1);
  }

  @Test
  void answersBeforeThatMakeNoTrouble() {
    connected();
    for (int i = 0; i < 5; i++) {
      send("x");
      host.runTo(host.now() + 900 * Host.MILLIS);
      peer.ignoreSent();
      peer.segment("A").seq(1).ack(2 + i).send();
    }
    assertThat(host.count(Counter.TCP_RETRANSMITTED)).isGreaterThanOrEqualTo(3);
    assertThat(doubts()).isZero();
    assertThat(user.troubles).isEmpty();
  }

  @Test
  void afterProgressItIsToldAnew() {
    connected();
    send("x");
    host.runTo(host.now() + 5 * Host.SECOND);
    assertThat(user.troubles).hasSize(1);
    peer.segment("A").seq(1).ack(2).send();
    send("y");
    host.runTo(host.now() + 60 * Host.SECOND);
    assertThat(user.troubles).hasSize(2);
  }

  @Test
  void bothLimitsAreTheUsers() {
    // MUST-21.
    settings = TcpSettings.DEFAULT.withRetransmissions(1, 4);
    connected();
    send("lost");
    peer.expect("PA");
    peer.expectAfter(200, "PA");
    assertThat(user.troubles).containsExactly(TcpFailure.TIMED_OUT);
    peer.expectAfter(400, "PA");
    peer.expectAfter(800, "PA");
    peer.expectAfter(1_600, "PA");
    peer.expectNothingFor(3_100);
    peer.expectAfter(100, "RA");
    assertThat(user.told).containsExactly("connected", "failed TIMED_OUT");
    assertThat(user.troubles).hasSize(1);
    host.assertClean();
  }

  @Test
  void changedWhileItLivesTheyCountAtOnce() {
    connected();
    send("lost");
    host.runTo(host.now() + 10 * Host.SECOND);
    assertThat(state()).isEqualTo("ESTABLISHED");
    host.inside(() -> connection.settings(TcpSettings.DEFAULT.withRetransmissions(0, 2)));
    host.runTo(host.now() + 10 * Host.SECOND);
    assertThat(user.told).endsWith("failed TIMED_OUT");
  }

  @Test
  void aSynThatStaysUnansweredMakesTroubleToo() {
    connecting();
    peer.expectAfter(1_000, "S");
    peer.expectAfter(2_000, "S");
    assertThat(user.troubles).isEmpty();
    peer.expectAfter(4_000, "S");
    assertThat(user.troubles).containsExactly(TcpFailure.TIMED_OUT);
    assertThat(doubts()).isEqualTo(1);
    // The number of retransmissions is that of data: a SYN goes on for three minutes (MUST-23).
    host.inside(() -> connection.settings(TcpSettings.DEFAULT.withRetransmissions(0, 4)));
    host.runTo(host.now() + 170 * Host.SECOND);
    assertThat(state()).isEqualTo("SYN-SENT");
    host.runTo(host.now() + 20 * Host.SECOND);
    assertThat(user.told).containsExactly("failed TIMED_OUT");
  }

  @Test
  void soDoWindowProbesThatStayUnanswered() {
    connected();
    peer.segment("A").seq(1).ack(1).win(0).send();
    send("waiting");
    host.runTo(host.now() + Host.SECOND);
    assertThat(user.troubles).isEmpty();
    host.runTo(host.now() + 10 * Host.SECOND);
    assertThat(user.troubles).containsExactly(TcpFailure.TIMED_OUT);
    // A peer that answers keeps its window closed for as long as it likes.
    connected(1025);
    peer.segment("A").seq(1).ack(1).win(0).send();
    send("waiting");
    for (int i = 0; i < 600; i++) {
      host.runTo(host.now() + 100 * Host.MILLIS);
      if (!host.output.sent.isEmpty()) {
        peer.ignoreSent();
        peer.segment("A").seq(1).ack(1).win(0).send();
      }
    }
    assertThat(user.troubles).isEmpty();
  }

  private void connected(int port) {
    peer = new Peer(host, port, 80);
    user = new RecordingUser();
    host.output.sent.clear();
    connection = host.connect(port, peer.transport(), settings, user);
    peer.theirIss = host.output.sent.peek().header().sequence();
    peer.segment("SA").ack(1).mss(MSS).send();
    peer.ignoreSent();
  }

  @Test
  void nobodyIsToldOfAHandshakeThatNobodyAskedFor() {
    listening(1);
    synReceived();
    host.runTo(host.now() + 20 * Host.SECOND);
    assertThat(doubts()).isPositive();
    peer.segment("A").seq(1).ack(1).send();
    assertThat(acceptor.users.getLast().troubles).isEmpty();
  }

  @Test
  void aUserMayEndItThere() {
    connected();
    user.reaction =
        (what, of) -> {
          if (what.startsWith("troubled")) {
            of.abort();
          }
        };
    send("lost");
    host.runTo(host.now() + 5 * Host.SECOND);
    assertThat(user.told).containsExactly("connected");
    host.assertClean();
  }
}
