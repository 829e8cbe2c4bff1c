package org.penstock.core.internal.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.penstock.core.api.EcnUse;
import org.penstock.core.api.IpSettings;
import org.penstock.core.api.StackBuilder;
import org.penstock.core.api.SynCookies;
import org.penstock.core.api.TcpSettings;

/** RFC 9293 §3.9.1.9 and §3.9.2: the DiffServ field and the time to live are the user's. */
class IpSettingsTest extends TcpScript {

  private static final int EXPEDITED = 46;
  private static final int LOW_DELAY = 26;

  private static TcpSettings with(int dscp, int timeToLive) {
    return TcpSettings.DEFAULT.withIp(new IpSettings(dscp, timeToLive));
  }

  @Test
  void everySegmentOfAConnectionCarriesThem() {
    // MUST-48, MUST-49: from the SYN on.
    settings = with(EXPEDITED, 3);
    connection = host.connect(1024, peer.transport(), settings, user);
    peer.theirIss = host.output.sent.peek().header().sequence();
    peer.expect("S").ip(EXPEDITED, 3);
    peer.segment("SA").ack(1).mss(MSS).send();
    peer.expect("A").ip(EXPEDITED, 3);
    send("x");
    peer.expect("PA").ip(EXPEDITED, 3);
    peer.expectAfter(200, "PA").ip(EXPEDITED, 3);
    release();
    peer.expect("FA").ip(EXPEDITED, 3);
    peer.segment("FA").seq(1).ack(3).send();
    peer.expect("A").ip(EXPEDITED, 3);
    assertThat(state()).isEqualTo("TIME-WAIT");
    peer.segment("FA").seq(1).ack(3).send();
    peer.expect("A").ip(EXPEDITED, 3);
  }

  @Test
  void nobodyAsksForAnythingByDefault() {
    connected();
    send("x");
    peer.expect("PA").ip(0, 64);
    // What belongs to no connection is nobody's.
    settings = with(EXPEDITED, 3);
    new Peer(host, 9, 9).segment("S").send();
    assertThat(host.output.sent.poll().dscp()).isZero();
  }

  @Test
  void aListenersConnectionsHaveItsOwn() {
    settings = with(LOW_DELAY, 5);
    listening(8);
    peer.segment("S").mss(MSS).send();
    peer.theirIss = host.output.sent.peek().header().sequence();
    peer.expect("SA").ip(LOW_DELAY, 5);
    peer.segment("A").seq(1).ack(1).send();
    connection = acceptor.connections.getLast();
    send("x");
    peer.expect("PA").ip(LOW_DELAY, 5);
    host.inside(connection::abort);
    peer.expect("RA").ip(LOW_DELAY, 5);
  }

  @Test
  void soHaveItsCookies() {
    host = new Host("192.0.2.1", new StackBuilder("test").synCookies(SynCookies.ALWAYS));
    settings = with(LOW_DELAY, 5);
    listening(1);
    peer.segment("S").mss(MSS).send();
    peer.expect("SA").ip(LOW_DELAY, 5);
  }

  @Test
  void theyChangeWhileItLives() {
    // SHLD-21, SHLD-22.
    connected();
    send("x");
    peer.expect("PA").ip(0, 64);
    host.inside(() -> connection.settings(with(EXPEDITED, 200)));
    peer.expectAfter(200, "PA").ip(EXPEDITED, 200);
    peer.segment("A").seq(1).ack(2).send();
    send("y");
    peer.expect("PA").seq(2).ip(EXPEDITED, 200);
    host.inside(() -> connection.settings(with(0, 0)));
    peer.segment("A").seq(1).ack(3).send();
    send("z");
    peer.expect("PA").ip(0, 64);
  }

  @Test
  void theEcnFieldStaysTheStacks() {
    host = new Host("192.0.2.1", new StackBuilder("test").ecn(EcnUse.ON));
    peer = new Peer(host, 1024, 80);
    settings = with(63, 0);
    connection = host.connect(1024, peer.transport(), settings, user);
    peer.theirIss = host.output.sent.peek().header().sequence();
    peer.expect("SEW").ip(63, 64).ecn(Ecn.NOT_ECT);
    peer.segment("SAE").ack(1).mss(MSS).send();
    peer.expect("A").ip(63, 64).ecn(Ecn.NOT_ECT);
    send("x");
    peer.expect("PA").ip(63, 64).ecn(Ecn.ECT);
    // What arrives is told without its two bits, too.
    peer.segment("PA").seq(1).ack(2).text("y").dscp(LOW_DELAY).ecn(Ecn.CE).send();
    assertThat(connection.receivedDscp()).isEqualTo(LOW_DELAY);
  }

  @Test
  void whatThePeerSendsIsTold() {
    // MAY-9: independent of what we send.
    connected();
    assertThat(connection.receivedDscp()).isZero();
    peer.segment("PA").seq(1).ack(1).text("x").dscp(EXPEDITED).send();
    assertThat(connection.receivedDscp()).isEqualTo(EXPEDITED);
    send("y");
    peer.expect("PA").ip(0, 64);
    // Not by what can't be the peer's.
    peer.segment("PA").seq(70_000).ack(1).text("z").dscp(1).send();
    assertThat(connection.receivedDscp()).isEqualTo(EXPEDITED);
    peer.segment("A").seq(2).ack(2).send();
    assertThat(connection.receivedDscp()).isZero();
  }

  @Test
  void whatDoesNotFitTheHeaderIsRefused() {
    assertThatThrownBy(() -> IpSettings.DEFAULT.withDscp(64)).hasMessageContaining("64");
    assertThatThrownBy(() -> IpSettings.DEFAULT.withDscp(-1)).hasMessageContaining("-1");
    assertThatThrownBy(() -> IpSettings.DEFAULT.withTimeToLive(256)).hasMessageContaining("256");
    assertThatThrownBy(() -> IpSettings.DEFAULT.withTimeToLive(-1)).hasMessageContaining("-1");
    assertThat(IpSettings.DEFAULT.withDscp(63).withTimeToLive(255))
        .isEqualTo(new IpSettings(63, 255));
  }
}
