package org.penstock.core.internal.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.penstock.core.api.TcpException;

/** RFC 9293 §3.6.1 and §3.10.7.4, RFC 1337, RFC 1122 §4.2.2.13: TIME-WAIT. */
class TimeWaitTest extends TcpScript {

  private void timeWait() {
    connected();
    release();
    peer.expect("FA");
    peer.segment("FA").seq(1).ack(2).send();
    peer.expect("A").seq(2).ack(2);
    assertThat(host.views()).singleElement().matches(v -> v.state().equals("TIME-WAIT"));
  }

  /** The same for a connection that the peer opened to our port 80. */
  private void timeWaitOfAServer() {
    accepted();
    release();
    peer.expect("FA");
    peer.segment("FA").seq(1).ack(2).send();
    peer.expect("A").seq(2).ack(2);
  }

  @Test
  void lastsTwiceTheMaximumSegmentLifetimeAndHoldsThePort() {
    // PITFALLS 6: neither ended early nor of no length.
    timeWait();
    assertThat(host.portReferences(1024)).isEqualTo(1);
    peer.expectNothingFor(59_999);
    assertThat(host.views()).hasSize(1);
    peer.expectNothingFor(2);
    host.assertClean();
    assertThat(host.portReferences(1024)).isZero();
  }

  @Test
  void lastsAsLongAfterTheClockHasRunForYears() {
    // PITFALLS 6: a clock of 32 bits and milliseconds wraps after 49.7 days.
    host.runTo(Long.MAX_VALUE / 4);
    timeWait();
    peer.expectNothingFor(59_999);
    assertThat(host.views()).hasSize(1);
    peer.expectNothingFor(2);
    host.assertClean();
  }

  @Test
  void thePeersFinSentAgainIsAcknowledgedAndStartsTheTimeAnew() {
    timeWait();
    peer.expectNothingFor(50_000);
    peer.segment("FA").seq(1).ack(2).send();
    peer.expect("A").seq(2).ack(2);
    peer.expectNothingFor(59_000);
    assertThat(host.views()).hasSize(1);
    peer.expectNothingFor(2_000);
    host.assertClean();
  }

  @Test
  void rfc1337AResetDoesNotEndIt() {
    // PITFALLS 6.
    timeWait();
    for (int sequence : new int[] {2, 3, 100}) {
      peer.segment("R").seq(sequence).send();
      peer.segment("RA").seq(sequence).ack(2).send();
    }
    peer.expectNothing();
    assertThat(host.views()).hasSize(1);
  }

  @Test
  void oldDuplicatesAreAnsweredSparinglyAndNotForEver() {
    timeWait();
    for (int i = 0; i < 10; i++) {
      peer.segment("A").seq(1 - 5000).ack(2).text("old").send();
    }
    peer.expect("A").seq(2).ack(2);
    peer.expectNothing();
    peer.segment("A").seq(2).ack(2).send();
    peer.expectNothing();
    peer.expectNothingFor(59_000);
    peer.expectNothingFor(2_000);
    host.assertClean();
  }

  @Test
  void aNewerSynOpensTheConnectionAnew() {
    timeWaitOfAServer();
    int before = peer.theirIss;
    peer.iss += 70_000;
    peer.segment("S").mss(MSS).send();
    peer.theirIss = host.output.sent.peek().header().sequence();
    peer.expect("SA").ack(1);
    assertThat(peer.theirIss - (before + 2)).isPositive();
    peer.segment("A").seq(1).ack(1).send();
    assertThat(acceptor.connections).hasSize(2);
    assertThat(host.views()).filteredOn(v -> v.state().equals("TIME-WAIT")).isEmpty();
    assertThat(host.portReferences(80)).isEqualTo(2);
  }

  @Test
  void theNewConnectionStartsBeyondWhatTheOldOneUsed() {
    accepted();
    // Faster than the clock of RFC 6528, 250 kB/s.
    for (int i = 0; i < 100; i++) {
      send(14_600, 0);
      host.output.sent.clear();
      peer.segment("A").seq(1).ack(1 + (i + 1) * 14_600).send();
    }
    release();
    int end = 1 + 100 * 14_600 + 1;
    host.output.sent.clear();
    peer.segment("FA").seq(1).ack(end).send();
    host.output.sent.clear();
    int last = peer.theirIss + end;
    peer.iss += 70_000;
    peer.segment("S").mss(MSS).send();
    int iss = host.output.sent.peek().header().sequence();
    assertThat(iss - last).isPositive();
  }

  @Test
  void anOlderSynDoesNot() {
    timeWaitOfAServer();
    peer.segment("S").seq(0).send();
    peer.expect("A").seq(2).ack(2);
    assertThat(acceptor.connections).hasSize(1);
  }

  @Test
  void aNewerSynWithoutAListenerDoesNot() {
    timeWait();
    peer.segment("S").seq(70_000).send();
    peer.expect("A").seq(2).ack(2);
    assertThat(host.views()).hasSize(1);
  }

  // ---- RFC 6191, RFC 7323 ----

  private void timeWaitWithTimestamps() {
    listening(8);
    peer.segment("S").mss(MSS).stamps(1000, 0).send();
    peer.theirIss = host.output.sent.poll().header().sequence();
    peer.segment("A").seq(1).ack(1).stamps(1001, 0).send();
    connection = acceptor.connections.getLast();
    release();
    peer.expect("FA");
    peer.segment("FA").seq(1).ack(2).stamps(1002, 0).send();
    peer.expect("A").seq(2).ack(2).echo(1002);
  }

  private boolean isOpenedAnew() {
    FakeOutput.Sent answer = host.output.sent.poll();
    return Peer.flags("SA") == answer.header().flags();
  }

  @Test
  void rfc6191ASynWithANewerTimestampOpensTheConnectionWhateverItsSequenceNumber() {
    timeWaitWithTimestamps();
    peer.segment("S").seq(-1_000_000).mss(MSS).stamps(1003, 0).send();
    assertThat(isOpenedAnew()).isTrue();
    assertThat(host.views()).filteredOn(v -> v.state().equals("TIME-WAIT")).isEmpty();
  }

  @Test
  void rfc6191ASynWithAnOlderTimestampDoesNotHoweverHighItsSequenceNumber() {
    timeWaitWithTimestamps();
    peer.segment("S").seq(1_000_000).mss(MSS).stamps(1001, 0).send();
    assertThat(isOpenedAnew()).isFalse();
    assertThat(host.views()).filteredOn(v -> v.state().equals("TIME-WAIT")).hasSize(1);
  }

  @Test
  void rfc6191WhereTheTimestampIsTheSameTheSequenceNumberDecides() {
    timeWaitWithTimestamps();
    peer.segment("S").seq(-1000).mss(MSS).stamps(1002, 0).send();
    assertThat(isOpenedAnew()).isFalse();
    peer.segment("S").seq(1000).mss(MSS).stamps(1002, 0).send();
    assertThat(isOpenedAnew()).isTrue();
  }

  @Test
  void rfc6191WithoutATimestampTheSequenceNumberDecides() {
    timeWaitWithTimestamps();
    peer.segment("S").seq(-1000).mss(MSS).send();
    assertThat(isOpenedAnew()).isFalse();
    peer.segment("S").seq(1000).mss(MSS).send();
    assertThat(isOpenedAnew()).isTrue();
  }

  @Test
  void rfc6191AfterAConnectionWithoutTimestampsTheyDoNotHelp() {
    timeWaitOfAServer();
    peer.segment("S").seq(-1000).mss(MSS).stamps(5, 0).send();
    assertThat(isOpenedAnew()).isFalse();
    peer.segment("S").seq(1000).mss(MSS).stamps(5, 0).send();
    assertThat(isOpenedAnew()).isTrue();
  }

  @Test
  void ourTimestampsGoOnWhereTheOldConnectionEnded() {
    timeWaitWithTimestamps();
    int last = connection.timestamps().value(host.now());
    host.runTo(host.now() + 500 * Host.MILLIS);
    peer.segment("S").seq(1000).mss(MSS).stamps(1500, 0).send();
    assertThat(peer.new Expect(host.output.sent.poll()).stamps().value() - last).isEqualTo(500);
  }

  @Test
  void anOldFinDoesNotStartTheTimeAnew() {
    timeWaitWithTimestamps();
    peer.expectNothingFor(50_000);
    peer.segment("FA").seq(1).ack(2).stamps(900, 0).send();
    peer.expect("A").seq(2).ack(2);
    peer.expectNothingFor(11_000);
    assertThat(host.views()).filteredOn(v -> v.state().equals("TIME-WAIT")).isEmpty();
  }

  @Test
  void weDoNotConnectBetweenTheSameAddressesMeanwhile() {
    timeWait();
    assertThatThrownBy(() -> host.tcp.connect(connection.local(), peer.transport(), settings, user))
        .isInstanceOf(TcpException.class)
        .hasMessageContaining("same addresses and ports exists");
  }

  @Test
  void manyEndInTheirOrderAndNoneIsLeft() {
    for (int port = 2000; port < 2500; port++) {
      peer = new Peer(host, port, 80);
      user = new RecordingUser();
      connection = host.connect(port, peer.transport(), settings, user);
      peer.theirIss = host.output.sent.poll().header().sequence();
      peer.segment("SA").ack(1).send();
      release();
      peer.segment("FA").seq(1).ack(2).send();
      host.output.sent.clear();
      host.runTo(host.now() + 10 * Host.MILLIS);
    }
    assertThat(host.views()).hasSize(500);
    host.runTo(host.now() + 57 * Host.SECOND);
    assertThat(host.views()).hasSizeBetween(295, 305);
    host.runTo(host.now() + 5 * Host.SECOND);
    host.assertClean();
  }
}
