package org.penstock.core.internal.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.penstock.core.internal.wire.Octets;
import org.penstock.core.internal.wire.TcpOption;

/** RFC 9293 §3.7.1 and RFC 6691: segment size; RFC 7323 §2: window scale. */
class OptionsTest extends TcpScript {

  @Test
  void ourSynNamesWhatThePathCarriesAndHowWindowsAreScaled() {
    host = new Host("192.0.2.1", builder().buffers(4 << 20, 4 << 20));
    host.output.mtu = 1300;
    peer = new Peer(host, 1024, 80);
    host.connect(1024, peer.transport(), settings, user);
    peer.expect("S")
        .win(65_535)
        .option(new TcpOption.MaximumSegmentSize(1260))
        .option(new TcpOption.WindowScale(7));
  }

  @Test
  void theSynAckScalesOnlyIfTheSynDid() {
    host = new Host("192.0.2.1", builder().buffers(4 << 20, 4 << 20));
    listening(8);
    peer.segment("S").mss(MSS).send();
    assertThat(peer.expect("SA").win(65_535).sent.header().options())
        .containsExactly(new TcpOption.MaximumSegmentSize(1460));
    peer = new Peer(host, 80, 1025);
    peer.segment("S").mss(MSS).scale(0).send();
    peer.theirIss = host.output.sent.peek().header().sequence();
    peer.expect("SA").win(65_535).option(new TcpOption.WindowScale(7));
    peer.segment("A").seq(1).ack(1).send();
    peer.segment("PA").seq(1).ack(1).text("x").send();
    peer.expect("A").win(TcpLimits.INITIAL_RECEIVE >> 7);
  }

  @Test
  void theWindowOfASynIsNotScaledThoseAfterItAre() {
    connecting();
    peer.segment("SA").ack(1).mss(MSS).scale(3).win(2920).send();
    peer.expect("A").seq(1);
    send(20_000, 0);
    peer.expect("A").seq(1);
    peer.expect("A").seq(1461);
    peer.expectNothing();
    peer.segment("A").seq(1).ack(2921).win(1000).send();
    assertThat(connection.sender().window().bytes()).isEqualTo(8000);
    for (int i = 2; i < 7; i++) {
      peer.expect("A").seq(1 + i * 1460);
    }
    peer.expectNothing();
  }

  @Test
  void withoutThePeersScaleOursIsNotUsed() {
    host = new Host("192.0.2.1", builder().buffers(4 << 20, 4 << 20));
    peer = new Peer(host, 1024, 80);
    connected();
    peer.segment("PA").seq(1).ack(1).text("x").send();
    peer.expectAfter(40, "A").win(65_534);
    assertThat(connection.receiver().shift()).isZero();
  }

  @Test
  void aScaleBeyondFourteenIsFourteen() {
    connecting();
    peer.segment("SA").ack(1).scale(200).send();
    peer.segment("A").seq(1).ack(1).win(65_535).send();
    assertThat(connection.sender().window().bytes()).isEqualTo(65_535 << 14);
  }

  @Test
  void thePeersSegmentSizeIsKeptTo() {
    connecting();
    peer.segment("SA").ack(1).mss(700).send();
    peer.expect("A");
    send(1500, 0);
    peer.expect("A").length(700);
    peer.expect("A").length(700);
    peer.expect("PA").length(100);
  }

  @Test
  void withoutAnOptionItIs536() {
    connecting();
    peer.segment("SA").ack(1).send();
    peer.expect("A");
    send(1000, 0);
    peer.expect("A").length(536);
    peer.expect("PA").length(464);
  }

  @Test
  void aPeersTinySegmentSizeIsNotBelieved() {
    connecting();
    peer.segment("SA").ack(1).mss(1).send();
    peer.expect("A");
    send(100, 0);
    peer.expect("A").length(48);
    peer.expect("A").length(48);
    peer.expect("PA").length(4);
  }

  @Test
  void unknownAndBrokenOptionsDoNoHarm() {
    connecting();
    peer.segment("SA")
        .ack(1)
        .option(new TcpOption.Unknown(253, Octets.of((byte) 1, (byte) 2)))
        .mss(1000)
        .send();
    assertThat(state()).isEqualTo("ESTABLISHED");
    assertThat(connection.sender().segmentSize()).isEqualTo(1000);
    peer.segment("PA")
        .seq(1)
        .ack(1)
        .option(new TcpOption.Timestamps(5, 6))
        .option(new TcpOption.WindowScale(9))
        .text("x")
        .send();
    assertThat(user.text()).isEqualTo("x");
    assertThat(connection.sender().window().bytes()).isEqualTo(65_535);
  }

  @Test
  void afterTheSynNoneOfItsOptionsIsSentOrTaken() {
    // RFC 9293 §3.7.1 (MUST-65).
    connecting();
    peer.segment("SA").ack(1).mss(MSS).scale(7).sackPermitted().send();
    assertThat(peer.expect("A").sent.header().options()).isEmpty();
    peer.segment("PA").seq(1).ack(1).mss(700).text("x").send();
    send(1460, 0);
    assertThat(peer.expect("PA").length(1460).sent.header().options()).isEmpty();
  }
}
