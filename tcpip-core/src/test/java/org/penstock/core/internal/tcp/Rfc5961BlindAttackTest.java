package org.penstock.core.internal.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.penstock.api.view.Counter;
import org.penstock.api.view.DropReason;
import org.penstock.core.api.StackBuilder;
import org.penstock.core.internal.hash.SipHash;

/** RFC 5961, PITFALLS 24: resets, SYNs and data of somebody who does not see the connection. */
class Rfc5961BlindAttackTest extends TcpScript {

  @Override
  StackBuilder builder() {
    return super.builder().cells(1);
  }

  @Test
  void aResetInTheWindowIsChallenged() {
    connected();
    peer.segment("R").seq(2).send();
    peer.expect("A").seq(1).ack(1);
    assertThat(state()).isEqualTo("ESTABLISHED");
    assertThat(host.count(Counter.TCP_CHALLENGE_ACKS)).isEqualTo(1);
    // The true peer, if it has really forgotten us, resets by the number that we named.
    peer.segment("R").seq(1).send();
    assertThat(user.told).endsWith("failed CONNECTION_RESET");
  }

  @Test
  void aResetOutsideTheWindowIsDropped() {
    connected();
    peer.segment("R").seq(0).send();
    peer.segment("R").seq(1 + 65_535 + 1).send();
    peer.expectNothing();
    assertThat(state()).isEqualTo("ESTABLISHED");
    assertThat(host.count(DropReason.TCP_OUT_OF_WINDOW)).isEqualTo(2);
  }

  @Test
  void aSynIsChallengedWhereverItStands() {
    connected();
    for (int sequence : new int[] {1, 1000, -5000, 1 << 30}) {
      peer.segment("S").seq(sequence).send();
      peer.expect("A").seq(1).ack(1);
      assertThat(state()).isEqualTo("ESTABLISHED");
      peer.expectNothingFor(600);
    }
  }

  @Test
  void aPeerThatStartedAnewIsDetectedByItsSyn() {
    // RFC 9293 §3.5.1: half-open connections.
    connected();
    peer.segment("S").seq(-100_000).send();
    peer.expect("A").seq(1).ack(1);
    peer.segment("R").seq(1).send();
    assertThat(user.told).endsWith("failed CONNECTION_RESET");
  }

  @Test
  void challengesAreThrottled() {
    connected();
    for (int i = 0; i < 100; i++) {
      peer.segment("R").seq(2 + i).send();
      peer.segment("S").seq(2 + i).send();
    }
    peer.expect("A");
    peer.expectNothing();
    assertThat(host.count(DropReason.TCP_CHALLENGE_LIMITED)).isEqualTo(199);
    host.runTo(host.now() + 501 * Host.MILLIS);
    peer.segment("R").seq(2).send();
    peer.expect("A");
  }

  @Test
  void twoSidesThatDisagreeDoNotAnswerEachOtherForEver() {
    // PITFALLS 2.
    connected();
    int answers = 0;
    for (int i = 0; i < 100; i++) {
      peer.segment("A").seq(1 - 10_000).ack(1).send();
      answers += host.output.sent.isEmpty() ? 0 : 1;
      host.output.sent.clear();
      host.runTo(host.now() + Host.MILLIS);
    }
    assertThat(answers).isEqualTo(1);
  }

  @Test
  void anAcknowledgementOfWhatWasNeverSentIsNotAccepted() {
    // PITFALLS 9.
    connected();
    send("x");
    peer.expect("PA");
    peer.segment("A").seq(1).ack(3).send();
    peer.expect("A").seq(2);
    assertThat(host.count(DropReason.TCP_BAD_ACK)).isEqualTo(1);
    assertThat(user.acknowledged).isZero();
    peer.segment("PA").seq(1).ack(100_000).text("data with it is dropped").send();
    assertThat(user.text()).isEmpty();
  }

  @Test
  void dataWithAnAcknowledgementTooOldIsNotAccepted() {
    connected();
    peer.segment("A").seq(1).ack(1).win(1000).send();
    // MAX.SND.WND is the 65,535 of the handshake.
    peer.segment("PA").seq(1).ack(1 - 65_535).text("old, but possible").send();
    assertThat(user.text()).isEqualTo("old, but possible");
    peer.segment("PA").seq(18).ack(1 - 65_536).text("impossible").send();
    assertThat(user.text()).isEqualTo("old, but possible");
    peer.segment("PA").seq(18).ack(Integer.MIN_VALUE + 2).text("impossible").send();
    assertThat(user.text()).isEqualTo("old, but possible");
  }

  @Test
  void aSegmentWithoutAcknowledgementIsDropped() {
    connected();
    peer.segment("P").seq(1).text("no ACK").send();
    assertThat(user.text()).isEmpty();
    peer.expectNothing();
  }

  @Test
  void inSynReceivedAResetMustHitTheNumberAsWell() {
    listening(1);
    synReceived();
    peer.segment("R").seq(2).send();
    peer.expect("A").seq(1).ack(1);
    assertThat(host.views()).hasSize(2);
    peer.segment("R").seq(1).send();
    assertThat(host.views()).hasSize(1);
  }

  @Test
  void challengesOfAllConnectionsTogetherAreLimited() {
    // Each connection is challenged once, so that only the budget limits them.
    listening(4_000);
    for (int port = 1; port <= 4_000; port++) {
      peer = new Peer(host, 80, port);
      host.output.sent.clear();
      synReceived();
      peer.segment("A").seq(1).ack(1).send();
      peer.segment("R").seq(5).send();
    }
    long first = host.count(Counter.TCP_CHALLENGE_ACKS);
    // The one cell of this stack has the whole stack's share, 1,000 in a second on average.
    assertThat(first).isBetween(500L, 1_500L);
    assertThat(host.count(DropReason.TCP_CHALLENGE_LIMITED)).isEqualTo(4_000 - first);
    host.runTo(host.now() + Host.SECOND);
    host.output.sent.clear();
    peer.segment("R").seq(5).send();
    peer.expect("A");
  }

  @Test
  void theLimitOfASecondTellsNothingOfTheNextOrOfAnotherCell() {
    // CVE-2016-5696: by counting what is left of a known limit one sees what others have used.
    SipHash secret = new SipHash(1, 2);
    List<Integer> shares = new ArrayList<>();
    for (int cell = 0; cell < 4; cell++) {
      ChallengeBudget budget = new ChallengeBudget(secret, cell, 4);
      for (int second = 0; second < 50; second++) {
        int taken = 0;
        while (budget.take(second * Host.SECOND + taken)) {
          taken++;
        }
        assertThat(taken).isBetween(125, 375);
        shares.add(taken);
      }
    }
    assertThat(new HashSet<>(shares)).hasSizeGreaterThan(100);
    assertThat(shares.stream().mapToInt(n -> n).average().orElseThrow()).isBetween(235.0, 265.0);
  }
}
