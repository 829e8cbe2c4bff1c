package org.penstock.core.internal.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.penstock.api.IpAddress;
import org.penstock.api.view.Counter;
import org.penstock.api.view.DropReason;
import org.penstock.core.api.TcpFailure;
import org.penstock.core.internal.ip.IcmpError;
import org.penstock.core.internal.ip.IcmpError.Kind;
import org.penstock.core.internal.wire.TcpOption;

/** RFC 5927, RFC 5461, RFC 1122 §4.2.3.9, RFC 1191: ICMP errors, true and forged. */
class IcmpErrorTest extends TcpScript {

  private void icmp(Kind kind, TcpFailure failure, int sequence, int mtu) {
    host.icmp(
        new IcmpError(
            kind,
            failure,
            IpAddress.parse("203.0.113.1"),
            host.address,
            peer.localPort,
            peer.address,
            peer.port,
            peer.theirIss + sequence,
            1500,
            mtu));
  }

  @ParameterizedTest
  @EnumSource(names = {"REFUSED", "PROHIBITED"})
  void aHardErrorWhileConnectingEndsTheAttempt(Kind hard) {
    // RFC 9293 §3.9.2.2, SHLD-26.
    connecting();
    icmp(hard, TcpFailure.PORT_UNREACHABLE, 0, 0);
    assertThat(user.told).containsExactly("failed PORT_UNREACHABLE");
    assertThat(user.troubles).isEmpty();
    host.assertClean();
  }

  @ParameterizedTest
  @EnumSource(names = {"UNREACHABLE", "PARAMETER_PROBLEM"})
  void aSoftErrorWhileConnectingEndsNothing(Kind soft) {
    // RFC 9293 §3.9.2.2 (MUST-56); MUST-47: told as it comes.
    connecting();
    icmp(soft, TcpFailure.HOST_UNREACHABLE, 0, 0);
    assertThat(state()).isEqualTo("SYN-SENT");
    assertThat(user.told).isEmpty();
    assertThat(user.troubles).containsExactly(TcpFailure.HOST_UNREACHABLE);
    peer.expectAfter(1_000, "S");
    peer.segment("SA").ack(1).mss(MSS).send();
    assertThat(state()).isEqualTo("ESTABLISHED");
    assertThat(user.told).containsExactly("connected");
  }

  @Test
  void aSoftErrorEndsNoPassiveOpenEither() {
    listening(1);
    synReceived();
    icmp(Kind.UNREACHABLE, TcpFailure.NETWORK_UNREACHABLE, 0, 0);
    peer.segment("A").seq(1).ack(1).send();
    assertThat(acceptor.connections.getLast().state()).isEqualTo(TcpState.ESTABLISHED);
    // It was told to nobody, since there was nobody.
    assertThat(acceptor.users.getLast().troubles).isEmpty();

    peer = new Peer(host, 80, 1025);
    synReceived();
    icmp(Kind.REFUSED, TcpFailure.PORT_UNREACHABLE, 0, 0);
    peer.segment("A").seq(1).ack(1).send();
    peer.expect("R");
  }

  @Test
  void theLastSoftErrorIsWhyAnAttemptFails() {
    connecting();
    icmp(Kind.UNREACHABLE, TcpFailure.NETWORK_UNREACHABLE, 0, 0);
    host.runTo(host.now() + 20 * Host.SECOND);
    icmp(Kind.UNREACHABLE, TcpFailure.HOST_UNREACHABLE, 0, 0);
    host.runTo(host.now() + 200 * Host.SECOND);
    assertThat(user.told).containsExactly("failed HOST_UNREACHABLE");
    host.assertClean();
  }

  @Test
  void softErrorsAreToldAsTheyCome() {
    // RFC 9293 §3.9.1.8 (MUST-47).
    connected();
    icmp(Kind.UNREACHABLE, TcpFailure.NETWORK_UNREACHABLE, 0, 0);
    assertThat(user.troubles).isEmpty();
    send("x");
    icmp(Kind.UNREACHABLE, TcpFailure.NETWORK_UNREACHABLE, 1, 0);
    assertThat(user.troubles).containsExactly(TcpFailure.NETWORK_UNREACHABLE);
    icmp(Kind.UNREACHABLE, TcpFailure.HOST_UNREACHABLE, 1, 0);
    icmp(Kind.REFUSED, TcpFailure.PORT_UNREACHABLE, 1, 0);
    assertThat(user.troubles)
        .containsExactly(
            TcpFailure.NETWORK_UNREACHABLE,
            TcpFailure.HOST_UNREACHABLE,
            TcpFailure.PORT_UNREACHABLE);
    assertThat(user.told).containsExactly("connected");
    assertThat(state()).isEqualTo("ESTABLISHED");
  }

  @Test
  void aForgedErrorIsIgnored() {
    // PITFALLS 24: the quoted sequence number must be in flight.
    connecting();
    icmp(Kind.REFUSED, TcpFailure.PORT_UNREACHABLE, 1, 0);
    icmp(Kind.REFUSED, TcpFailure.PORT_UNREACHABLE, -1, 0);
    assertThat(state()).isEqualTo("SYN-SENT");
    assertThat(host.count(DropReason.ICMP_IGNORED)).isEqualTo(2);
  }

  @Test
  void anErrorLaterIsSoft() {
    connected();
    send("x");
    peer.expect("PA");
    icmp(Kind.REFUSED, TcpFailure.PORT_UNREACHABLE, 1, 0);
    assertThat(state()).isEqualTo("ESTABLISHED");
    peer.segment("A").seq(1).ack(2).send();
    send("y");
    peer.expect("PA");
    icmp(Kind.UNREACHABLE, TcpFailure.NETWORK_UNREACHABLE, 2, 0);
    host.runTo(host.now() + 700 * Host.SECOND);
    assertThat(user.told).endsWith("failed NETWORK_UNREACHABLE");
  }

  @Test
  void progressForgetsASoftError() {
    connected();
    send("x");
    icmp(Kind.UNREACHABLE, TcpFailure.NETWORK_UNREACHABLE, 1, 0);
    peer.segment("A").seq(1).ack(2).send();
    send("y");
    host.runTo(host.now() + 700 * Host.SECOND);
    assertThat(user.told).endsWith("failed TIMED_OUT");
  }

  @Test
  void aRouterThatTakesLessMakesSegmentsSmallerAtOnce() {
    connected();
    send(2920, 0);
    peer.expect("A").length(1460);
    peer.expect("PA").length(1460);
    long window = connection.sender().congestion().window();
    icmp(Kind.TOO_BIG, TcpFailure.NETWORK_UNREACHABLE, 1, 1000);
    peer.expect("A").seq(1).text(960, 0);
    peer.ignoreSent();
    // RFC 1191 §6.5: no sign of congestion.
    assertThat(connection.sender().congestion().window()).isEqualTo(window);
    assertThat(host.count(Counter.TCP_TIMEOUTS)).isZero();
    peer.segment("A").seq(1).ack(2921).send();
    send(2000, 0);
    peer.expect("A").length(960);
    peer.expect("A").length(960);
    peer.expect("PA").length(80);
  }

  /** RFC 1191 §3.1: what fits there says nothing about the way back. */
  @Test
  void whatARouterTakesIsSentAndNotAnnounced() {
    connected();
    send(1460, 0);
    peer.expect("PA").length(1460);
    icmp(Kind.TOO_BIG, TcpFailure.NETWORK_UNREACHABLE, 1, 1000);
    peer.expect("A").seq(1).length(960);
    peer.ignoreSent();

    peer = new Peer(host, 1025, 80);
    host.connect(1025, peer.transport(), settings, new RecordingUser());
    peer.expect("S").option(new TcpOption.MaximumSegmentSize(1460));
  }

  @Test
  void aForgedOrSenselessSizeIsIgnored() {
    connected();
    send(1460, 0);
    peer.expect("PA");
    icmp(Kind.TOO_BIG, TcpFailure.NETWORK_UNREACHABLE, 1461, 1000);
    icmp(Kind.TOO_BIG, TcpFailure.NETWORK_UNREACHABLE, 0, 1000);
    icmp(Kind.TOO_BIG, TcpFailure.NETWORK_UNREACHABLE, 1, 60);
    icmp(Kind.TOO_BIG, TcpFailure.NETWORK_UNREACHABLE, 1, 1500);
    icmp(Kind.TOO_BIG, TcpFailure.NETWORK_UNREACHABLE, 1, 9000);
    assertThat(connection.sender().segmentSize()).isEqualTo(1460);
    peer.expectNothing();
  }

  @Test
  void anErrorForTimeWaitOrNobodyIsIgnored() {
    icmp(Kind.REFUSED, TcpFailure.PORT_UNREACHABLE, 0, 0);
    connected();
    release();
    peer.segment("FA").seq(1).ack(2).send();
    icmp(Kind.REFUSED, TcpFailure.PORT_UNREACHABLE, 1, 0);
    assertThat(host.count(DropReason.ICMP_IGNORED)).isEqualTo(2);
    assertThat(host.views()).hasSize(1);
  }
}
