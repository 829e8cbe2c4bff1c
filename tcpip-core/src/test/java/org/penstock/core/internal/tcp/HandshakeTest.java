package org.penstock.core.internal.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.penstock.api.TransportAddress;
import org.penstock.api.view.Counter;
import org.penstock.api.view.DropReason;
import org.penstock.core.api.TcpException;
import org.penstock.core.api.TcpFailure;
import org.penstock.core.api.TcpSettings;

/** RFC 9293 §3.5: opening a connection. */
class HandshakeTest extends TcpScript {

  @Test
  void activeOpenTransfersAndCloses() {
    connected();
    assertThat(state()).isEqualTo("ESTABLISHED");
    assertThat(user.told).containsExactly("connected");
    send("hello");
    peer.expect("PA").seq(1).ack(1).text("hello");
    peer.segment("PA").seq(1).ack(6).text("world").send();
    assertThat(user.text()).isEqualTo("world");
    release();
    peer.expect("FA").seq(6).ack(6);
    peer.segment("A").seq(6).ack(7).send();
    assertThat(state()).isEqualTo("FIN-WAIT-2");
    peer.segment("FA").seq(6).ack(7).send();
    peer.expect("A").seq(7).ack(7);
    assertThat(state()).isEqualTo("TIME-WAIT");
    assertThat(user.told)
        .containsExactly("connected", "received", "releaseAcknowledged", "released", "closed");
    host.runTo(host.now() + 61 * Host.SECOND);
    host.assertClean();
    assertThat(host.portReferences(1024)).isZero();
  }

  @Test
  void passiveOpenTransfersAndCloses() {
    accepted();
    peer.segment("PA").seq(1).ack(1).text("GET").send();
    assertThat(user.text()).isEqualTo("GET");
    send("body");
    peer.expect("PA").seq(1).ack(4).text("body");
    peer.segment("FA").seq(4).ack(5).send();
    peer.expect("A").seq(5).ack(5);
    assertThat(state()).isEqualTo("CLOSE-WAIT");
    release();
    peer.expect("FA").seq(5).ack(5);
    assertThat(state()).isEqualTo("LAST-ACK");
    peer.segment("A").seq(5).ack(6).send();
    assertThat(user.told).containsExactly("received", "released", "releaseAcknowledged", "closed");
    host.assertClean();
    assertThat(host.portReferences(80)).isEqualTo(1);
  }

  @Test
  void simultaneousOpen() {
    connecting();
    peer.segment("S").mss(MSS).send();
    assertThat(state()).isEqualTo("SYN-RECEIVED");
    peer.expect("SA").seq(0).ack(1);
    // The peer has done the same: of its SYN,ACK only the ACK is new.
    peer.segment("SA").ack(1).mss(MSS).send();
    assertThat(state()).isEqualTo("ESTABLISHED");
    assertThat(user.told).containsExactly("connected");
    peer.expect("A").seq(1).ack(1);
    peer.expectNothing();
  }

  @Test
  void aSynSentAgainWithoutATimeoutCostsNoInitialWindow() {
    connecting();
    peer.segment("S").mss(MSS).send();
    peer.expect("SA").seq(0).ack(1);
    peer.segment("A").seq(1).ack(1).send();
    send(20 * MSS, 0);
    // RFC 6928: ten segments; RFC 5681 §3.1 asks for one only after a SYN that was lost.
    assertThat(host.output.sent).hasSize(10);
  }

  @Test
  void aCopyOfThePeersSynCostsNoInitialWindow() {
    listening(8);
    synReceived();
    peer.segment("S").mss(MSS).send();
    peer.expect("SA").seq(0).ack(1);
    peer.segment("A").seq(1).ack(1).send();
    connection = acceptor.connections.getLast();
    send(20 * MSS, 0);
    assertThat(host.output.sent).hasSize(10);
  }

  @Test
  void aLostSynCostsTheInitialWindow() {
    connecting();
    peer.expectAfter(1000, "S").seq(0);
    peer.segment("SA").ack(1).mss(MSS).send();
    peer.expect("A").seq(1).ack(1);
    send(20 * MSS, 0);
    assertThat(host.output.sent).hasSize(1);
  }

  @Test
  void simultaneousOpenCompletedByAPlainAcknowledgement() {
    connecting();
    peer.segment("S").mss(MSS).send();
    peer.expect("SA").seq(0).ack(1);
    peer.segment("A").seq(1).ack(1).send();
    assertThat(state()).isEqualTo("ESTABLISHED");
    assertThat(user.told).containsExactly("connected");
  }

  @Test
  void simultaneousOpenOfTwoHosts() {
    Host other = new Host("192.0.2.2", builder());
    RecordingUser otherUser = new RecordingUser();
    LossyPipe pipe = new LossyPipe(host, other, new java.util.Random(1));
    connection = host.connect(1024, TransportAddress.of("192.0.2.2", 80), settings, user);
    other.connect(80, TransportAddress.of("192.0.2.1", 1024), settings, otherUser);
    while (pipe.step(host.now() + Host.SECOND)) {
      // Until nothing happens any more.
    }
    assertThat(user.told).containsExactly("connected");
    assertThat(otherUser.told).containsExactly("connected");
    assertThat(state()).isEqualTo("ESTABLISHED");
  }

  @Test
  void synIsSentAgainForThreeMinutes() {
    connecting();
    for (int seconds : new int[] {1, 2, 4, 8, 16, 32, 60}) {
      peer.expectAfter(seconds * 1000L, "S").seq(0);
    }
    peer.expectNothingFor(59_000);
    assertThat(user.told).isEmpty();
    peer.expectNothingFor(2_000);
    assertThat(user.told).containsExactly("failed TIMED_OUT");
    assertThat(host.count(Counter.TCP_ATTEMPT_FAILS)).isEqualTo(1);
    host.assertClean();
  }

  @Test
  void refusedByReset() {
    connecting();
    peer.segment("RA").seq(0).ack(1).send();
    assertThat(user.told).containsExactly("failed CONNECTION_REFUSED");
    peer.expectNothing();
    host.assertClean();
    assertThat(host.portReferences(1024)).isZero();
  }

  @Test
  void resetWithoutOrWithAWrongAcknowledgementIsIgnoredInSynSent() {
    connecting();
    peer.segment("R").seq(0).send();
    peer.segment("RA").seq(0).ack(7).send();
    peer.expectNothing();
    assertThat(state()).isEqualTo("SYN-SENT");
    assertThat(user.told).isEmpty();
  }

  @Test
  void wrongAcknowledgementInSynSentIsReset() {
    connecting();
    peer.segment("SA").ack(2).send();
    peer.expect("R").seq(2);
    peer.segment("A").seq(9).ack(-4).send();
    peer.expect("R").seq(-4);
    assertThat(state()).isEqualTo("SYN-SENT");
  }

  @Test
  void anOldHalfOpenConnectionIsDetected() {
    // RFC 9293 §3.5.1, figure 9: the peer believes to be connected and acknowledges; our reset
    // tells
    // it better, and our SYN sent again succeeds.
    connecting();
    peer.segment("A").seq(300).ack(100).send();
    peer.expect("R").seq(100);
    peer.expectAfter(1_000, "S").seq(0);
    peer.segment("SA").ack(1).send();
    assertThat(state()).isEqualTo("ESTABLISHED");
  }

  @Test
  void aSegmentWithNeitherSynNorRstIsIgnoredInSynSent() {
    connecting();
    peer.segment("A").seq(5).ack(1).text("x").send();
    peer.expectNothing();
    assertThat(state()).isEqualTo("SYN-SENT");
  }

  @Test
  void synAckWithTextAndFinIsTakenAsAWhole() {
    connecting();
    peer.segment("SAF").ack(1).mss(MSS).text("hi").send();
    peer.expect("A").seq(1).ack(4);
    assertThat(user.text()).isEqualTo("hi");
    assertThat(user.told).containsExactly("connected", "received", "released");
    assertThat(state()).isEqualTo("CLOSE-WAIT");
  }

  @Test
  void lostSynAckIsSentAgainByTimerAndByTheSynRepeated() {
    listening(1);
    synReceived();
    peer.segment("S").mss(MSS).send();
    peer.expect("SA").seq(0).ack(1);
    peer.expectAfter(1_000, "SA").seq(0).ack(1);
    peer.segment("A").seq(1).ack(1).send();
    assertThat(acceptor.connections).hasSize(1);
  }

  @Test
  void synAckIsGivenUpAndItsPlaceInTheBacklogFree() {
    listening(1);
    synReceived();
    for (int seconds : new int[] {1, 2, 4, 8, 16}) {
      peer.expectAfter(seconds * 1000L, "SA");
    }
    peer.expectNothingFor(33_000);
    host.assertClean();
    synReceived();
  }

  @Test
  void acknowledgementOfTheWrongNumberInSynReceivedIsReset() {
    listening(1);
    synReceived();
    peer.segment("A").seq(1).ack(0).send();
    peer.expect("R").seq(0);
    peer.segment("A").seq(1).ack(2).send();
    peer.expect("R").seq(2);
    assertThat(acceptor.connections).isEmpty();
    peer.segment("A").seq(1).ack(1).send();
    assertThat(acceptor.connections).hasSize(1);
  }

  @Test
  void textOnTheHandshakesLastSegmentReachesTheUser() {
    listening(1);
    synReceived();
    peer.segment("PA").seq(1).ack(1).text("GET /").send();
    assertThat(acceptor.users.getLast().text()).isEqualTo("GET /");
  }

  @Test
  void textOnASynIsNotAcknowledged() {
    listening(1);
    peer.segment("S").text("early").send();
    peer.theirIss = host.output.sent.peek().header().sequence();
    peer.expect("SA").ack(1);
    peer.segment("PA").seq(1).ack(1).text("early").send();
    assertThat(acceptor.users.getLast().text()).isEqualTo("early");
  }

  @Test
  void segmentsOfNoConnectionAreReset() {
    peer.segment("A").seq(3).ack(9).send();
    peer.expect("R").seq(9);
    peer.segment("S").seq(0).text("abc").send();
    peer.expect("RA").ack(4);
    peer.segment("F").seq(0).send();
    peer.expect("RA").ack(1);
    peer.segment("R").seq(0).send();
    peer.segment("RA").seq(0).ack(1).send();
    peer.expectNothing();
    assertThat(host.count(DropReason.NO_TCP_CONNECTION)).isEqualTo(5);
  }

  @Test
  void aListenerAnswersAnAcknowledgementByResetAndIgnoresTheRest() {
    listening(1);
    peer.segment("A").seq(3).ack(9).send();
    peer.expect("R").seq(9);
    peer.segment("SA").seq(3).ack(9).send();
    peer.expect("R").seq(9);
    peer.segment("R").seq(3).send();
    peer.segment("F").seq(3).text("x").send();
    peer.expectNothing();
  }

  @Test
  void dataQueuedAndReleasedBeforeTheHandshakeEndsFollowsIt() {
    connecting();
    send("early");
    release();
    peer.expectNothing();
    peer.segment("SA").ack(1).mss(MSS).send();
    peer.expect("FPA").seq(1).ack(1).text("early");
    assertThat(state()).isEqualTo("FIN-WAIT-1");
    assertThat(user.told).containsExactly("connected");
  }

  @Test
  void aSecondConnectionBetweenTheSameAddressesIsRefused() {
    connected();
    assertThatThrownBy(() -> host.tcp.connect(connection.local(), peer.transport(), settings, user))
        .isInstanceOfSatisfying(
            TcpException.class, e -> assertThat(e.failure()).isEqualTo(TcpFailure.ADDRESS_IN_USE))
        .hasMessageContaining("192.0.2.1:1024 to 192.0.2.2:80");
  }

  @Test
  void withoutARouteNothingBegins() {
    host.output.routed = false;
    assertThatThrownBy(() ->
            host.tcp.connect(TransportAddress.of("192.0.2.1", 5), peer.transport(), settings, user))
        .isInstanceOfSatisfying(
            TcpException.class,
            e -> assertThat(e.failure()).isEqualTo(TcpFailure.NETWORK_UNREACHABLE));
    host.assertClean();
  }

  @Test
  void twoListenersOnOneAddressAreRefusedAndTheSpecificOneComesFirst() throws Exception {
    RecordingAcceptor special = new RecordingAcceptor();
    listening(2);
    special.listener =
        host.tcp.listen(TransportAddress.of("192.0.2.1", 80), 1, TcpSettings.DEFAULT, special);
    assertThatThrownBy(() ->
            host.tcp.listen(TransportAddress.of("192.0.2.1", 80), 1, TcpSettings.DEFAULT, special))
        .isInstanceOf(TcpException.class);
    synReceived();
    peer.segment("A").seq(1).ack(1).send();
    assertThat(special.connections).hasSize(1);
    assertThat(acceptor.connections).isEmpty();
    assertThat(host.portReferences(80)).isEqualTo(3);
    special.listener.close();
    acceptor.listener.close();
    assertThat(host.portReferences(80)).isEqualTo(1);
  }

  @Test
  void aSynToABroadcastAddressIsIgnored() {
    listening(1);
    var landing = host.small();
    var header =
        new org.penstock.core.internal.wire.TcpHeader(9, 80, 1, 0, 2, 100, 0, java.util.List.of());
    header.writeTo(landing.segment(), 34);
    landing.describe(0, 54, 0);
    landing.checksum(org.penstock.api.buffer.ChecksumState.VALID);
    host.deliver(peer.address, landing, 34, 20, false);
    host.finish();
    peer.expectNothing();
  }

  @Test
  void aSynInTheWindowReturnsAPassiveOpenToListen() {
    // RFC 9293 §3.10.7.4, fourth.
    listening(1);
    synReceived();
    peer.segment("S").seq(5).send();
    peer.expectNothing();
    host.assertClean();
    assertThat(acceptor.connections).isEmpty();
    // The only place of the backlog is free again.
    synReceived();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "224.0.0.1", "255.255.255.255", "192.0.2.255"})
  void nobodyConnectsToWhatIsNoSingleHost(String address) {
    // RFC 9293 §3.9.2.3 (MUST-46).
    assertThatThrownBy(() ->
            host.tcp.connect(
                TransportAddress.of("192.0.2.1", 5),
                TransportAddress.of(address, 80),
                settings,
                user))
        .isInstanceOf(TcpException.class)
        .hasMessageContaining(address);
    peer.expectNothing();
    host.assertClean();
  }
}
