package org.penstock.core.internal.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.penstock.core.api.StackBuilder;
import org.penstock.core.internal.wire.TcpOption;

/** RFC 7323 §3 and §4: negotiation of timestamps, what they say, and the room they take. */
class Rfc7323TimestampsTest extends TcpScript {

  @Override
  StackBuilder builder() {
    return new StackBuilder("test").buffers(1 << 20, 1 << 20);
  }

  private void connectedWithTimestamps() {
    connecting();
    peer.segment("SA").ack(1).mss(MSS).scale(7).stamps(700, 0).send();
    peer.expect("A").seq(1).ack(1).echo(700);
  }

  // ---- negotiation, §3.2 ----

  @Test
  void ourSynOffersThemAndEchoesNothing() {
    host.connect(1024, peer.transport(), settings, user);
    peer.expect("S").echo(0);
  }

  @Test
  void theSynAckHasThemOnlyIfTheSynDid() {
    listening(8);
    peer.segment("S").mss(MSS).stamps(900, 0).send();
    peer.expect("SA").echo(900);
    peer = new Peer(host, 80, 1025);
    peer.segment("S").mss(MSS).send();
    peer.expect("SA").noStamps();
  }

  @Test
  void aStackThatIsToldNotToDoesNeitherOfferNorAnswer() {
    host = new Host("192.0.2.1", builder().timestamps(false));
    peer = new Peer(host, 1024, 80);
    host.connect(1024, peer.transport(), settings, user);
    peer.expect("S").noStamps();
    listening(8);
    peer.segment("S").mss(MSS).stamps(900, 0).send();
    peer.expect("SA").noStamps();
  }

  @Test
  void everyCombinationInBothRoles() {
    for (int offered = 0; offered < 8; offered++) {
      boolean scale = (offered & 1) != 0;
      boolean sack = (offered & 2) != 0;
      boolean stamps = (offered & 4) != 0;
      for (boolean active : new boolean[] {false, true}) {
        host = new Host("192.0.2.1", builder());
        peer = new Peer(host, 1024, 80);
        acceptor = new RecordingAcceptor();
        user = new RecordingUser();
        open(active, scale, sack, stamps);
        NegotiatedOptions options = connection.options();
        assertThat(options.isScaling()).isEqualTo(scale);
        assertThat(options.hasSack()).isEqualTo(sack);
        assertThat(options.hasTimestamps()).isEqualTo(stamps);
        send("question");
        Peer.Expect sent = peer.expect("PA").text("question");
        assertThat(sent.sent.header().options()).hasSize(stamps ? 1 : 0);
        Peer.Inject answer = peer.segment("PA").seq(1).ack(9).text("answer");
        (stamps ? answer.stamps(5, sent.stamps().value()) : answer).send();
        assertThat(user.text()).isEqualTo("answer");
        assertThat(connection.sender().hasInFlight()).isFalse();
      }
    }
  }

  private void open(boolean active, boolean scale, boolean sack, boolean stamps) {
    Peer.Inject syn;
    if (active) {
      connecting();
      syn = peer.segment("SA").ack(1).mss(MSS);
    } else {
      listening(8);
      syn = peer.segment("S").mss(MSS);
    }
    if (scale) {
      syn.scale(3);
    }
    if (sack) {
      syn.sackPermitted();
    }
    if (stamps) {
      syn.stamps(4, 0);
    }
    syn.send();
    if (active) {
      peer.expect("A");
      return;
    }
    FakeOutput.Sent answer = host.output.sent.poll();
    peer.theirIss = answer.header().sequence();
    assertThat(answer.header().options())
        .hasSize(1 + (offers(scale) + offers(sack) + offers(stamps)));
    Peer.Inject third = peer.segment("A").seq(1).ack(1);
    (stamps ? third.stamps(4, 0) : third).send();
    connection = acceptor.connections.getLast();
    user = acceptor.users.getLast();
  }

  private static int offers(boolean it) {
    return it ? 1 : 0;
  }

  @Test
  void inASimultaneousOpenToo() {
    connecting();
    peer.segment("S").mss(MSS).sackPermitted().stamps(50, 0).send();
    peer.expect("SA").seq(0).ack(1).option(new TcpOption.SackPermitted()).echo(50);
    peer.segment("SA").seq(0).ack(1).mss(MSS).sackPermitted().stamps(51, 0).send();
    assertThat(state()).isEqualTo("ESTABLISHED");
    peer.expect("A").echo(51);
  }

  @Test
  void aSynThatWasSentAgainIsAnsweredWithItsNewerValue() {
    listening(8);
    peer.segment("S").mss(MSS).stamps(1000, 0).send();
    peer.theirIss = host.output.sent.peek().header().sequence();
    peer.expect("SA").echo(1000);
    peer.segment("S").mss(MSS).stamps(2000, 0).send();
    peer.expect("SA").echo(2000);
  }

  // ---- on segments, §3.2 and §5.4 ----

  @Test
  void everySegmentCarriesThem() {
    connectedWithTimestamps();
    send(3000, 0);
    peer.expect("A").echo(700);
    peer.expect("A").echo(700);
    peer.expect("PA").echo(700);
    peer.segment("PA").seq(1).ack(3001).stamps(701, 0).text("x").send();
    peer.expectAfter(40, "A").echo(701);
    release();
    peer.expect("FA").echo(701);
    peer.segment("FA").seq(2).ack(3002).stamps(702, 0).send();
    peer.expect("A").echo(702);
    // And what is left of it in TIME-WAIT.
    peer.segment("FA").seq(2).ack(3002).stamps(702, 0).send();
    peer.expect("A").seq(3002).ack(3).echo(702);
  }

  @Test
  void aResetTellsThemToo() {
    connectedWithTimestamps();
    host.inside(connection::abort);
    peer.expect("RA").echo(700);
  }

  @Test
  void withoutThePeersTheyAreNotSent() {
    connected();
    send("x");
    peer.expect("PA").noStamps();
    host.inside(connection::abort);
    peer.expect("RA").noStamps();
  }

  @Test
  void theClockTicksEachMillisecond() {
    connectedWithTimestamps();
    send("a");
    int first = peer.expect("PA").stamps().value();
    peer.segment("A").seq(1).ack(2).stamps(701, first).send();
    host.runTo(host.now() + 1234 * Host.MILLIS);
    send("b");
    assertThat(peer.expect("PA").stamps().value() - first).isEqualTo(1234);
  }

  @Test
  void theClocksOfConnectionsDifferThoseOfASocketPairDoNot() {
    host.connect(1024, peer.transport(), settings, user);
    int first = peer.expect("S").stamps().value();
    peer = new Peer(host, 1025, 80);
    Connection second = host.connect(1025, peer.transport(), settings, new RecordingUser());
    int other = peer.expect("S").stamps().value();
    assertThat(Math.abs(other - first)).isGreaterThan(1000);
    host.inside(second::abort);
    host.runTo(host.now() + 10 * Host.MILLIS);
    host.connect(1025, peer.transport(), settings, new RecordingUser());
    assertThat(peer.expect("S").stamps().value() - other).isEqualTo(10);
    Host another = new Host("192.0.2.1", builder(), 2, null);
    peer = new Peer(another, 1024, 80);
    another.connect(1024, peer.transport(), settings, new RecordingUser());
    assertThat(Math.abs(peer.expect("S").stamps().value() - first)).isGreaterThan(1000);
  }

  // ---- what is echoed, §4.3 ----

  @Test
  void theEchoIsOfTheSegmentThatTheAcknowledgementWaitedFor() {
    connectedWithTimestamps();
    peer.segment("A").seq(1).ack(1).stamps(710, 0).text(1000, 0).deliver();
    peer.segment("A").seq(1001).ack(1).stamps(711, 0).text(1000, 1000).send();
    // §4.3 (A): delayed acknowledgements echo the earliest.
    peer.expect("A").ack(2001).echo(710);
  }

  @Test
  void aSegmentAheadOfAGapIsNotEchoed() {
    // §4.3 (B).
    connectedWithTimestamps();
    peer.segment("A").seq(1).ack(1).stamps(710, 0).text(1000, 0).deliver();
    host.inside(() -> connection.receiver().acknowledgeNow());
    peer.expect("A").ack(1001).echo(710);
    peer.segment("A").seq(2001).ack(1).stamps(712, 0).text(1000, 2000).send();
    peer.expect("A").ack(1001).echo(710);
    // §4.3 (C): what fills the gap is.
    peer.segment("A").seq(1001).ack(1).stamps(720, 0).text(1000, 1000).send();
    peer.expect("A").ack(3001).echo(720);
  }

  // ---- round-trip times, §4.1 ----

  @Test
  void aRetransmissionGivesASampleAndEndsTheBackOff() {
    connectedWithTimestamps();
    send("x");
    peer.expect("PA");
    peer.expectAfter(200, "PA");
    peer.expectAfter(400, "PA");
    host.runTo(host.now() + 30 * Host.MILLIS);
    int echo = connection.timestamps().value(host.now() - 30 * Host.MILLIS);
    long before = connection.sender().rtt().smoothed();
    peer.segment("A").seq(1).ack(2).stamps(701, echo).send();
    assertThat(connection.sender().rtt().isBackedOff()).isFalse();
    assertThat(connection.sender().rtt().smoothed()).isGreaterThan(before);
    assertThat(connection.sender().rtt().timeout()).isBetween(200 * Host.MILLIS, 230 * Host.MILLIS);
  }

  @Test
  void withoutTimestampsItGivesNone() {
    connected();
    send("x");
    peer.expect("PA");
    peer.expectAfter(200, "PA");
    host.runTo(host.now() + 30 * Host.MILLIS);
    long before = connection.sender().rtt().smoothed();
    peer.segment("A").seq(1).ack(2).send();
    assertThat(connection.sender().rtt().isBackedOff()).isTrue();
    assertThat(connection.sender().rtt().smoothed()).isEqualTo(before);
  }

  @Test
  void anEchoOfATimeThatWasNeverIsNotBelieved() {
    connectedWithTimestamps();
    send("x");
    peer.expect("PA");
    peer.expectAfter(200, "PA");
    long before = connection.sender().rtt().smoothed();
    int never = connection.timestamps().value(host.now()) + 1;
    peer.segment("A").seq(1).ack(2).stamps(701, never).send();
    assertThat(connection.sender().hasInFlight()).isFalse();
    assertThat(connection.sender().rtt().smoothed()).isEqualTo(before);
  }

  @Test
  void appendixGOneSampleARoundTrip() {
    connectedWithTimestamps();
    send(14_480, 0);
    int first = connection.timestamps().value(host.now());
    peer.ignoreSent();
    host.runTo(host.now() + 50 * Host.MILLIS);
    peer.segment("A").seq(1).ack(1449).stamps(702, first).send();
    long once = connection.sender().rtt().smoothed();
    for (int i = 2; i < 10; i++) {
      peer.segment("A").seq(1).ack(1 + i * 1448).stamps(702, first).send();
    }
    assertThat(connection.sender().rtt().smoothed()).isEqualTo(once);
  }

  @Test
  void aLostSynCostsNoSampleWhereTheAnswerEchoesIt() {
    connecting();
    int sent = peer.expectAfter(1000, "S").stamps().value();
    host.runTo(host.now() + 40 * Host.MILLIS);
    peer.segment("SA").ack(1).mss(MSS).stamps(700, sent).send();
    peer.expect("A");
    assertThat(connection.sender().rtt().smoothed()).isEqualTo(41 * Host.MILLIS);
    assertThat(connection.sender().rtt().timeout()).isLessThan(Host.SECOND);
  }

  // ---- room, RFC 6691 ----

  @Test
  void rfc6691TheyAreTakenOffTheTextAndNotOffTheMssOption() {
    connecting();
    peer.segment("SA").ack(1).mss(1000).scale(7).stamps(700, 0).send();
    peer.expect("A");
    assertThat(connection.sender().segmentSize()).isEqualTo(988);
    send(2000, 0);
    peer.expect("A").length(988);
    peer.expect("A").length(988);
    peer.expect("PA").length(24);
    listening(8);
    peer.segment("S").mss(MSS).stamps(900, 0).send();
    peer.expect("SA").option(new TcpOption.MaximumSegmentSize(1460));
  }

  @Test
  void superSegmentsAreFullOnesOfTheSmallerSize() {
    connecting();
    host.output.segmentation = 65_535;
    peer.segment("SA").ack(1).mss(MSS).scale(7).win(65_535).stamps(700, 0).send();
    peer.expect("A");
    peer.window = 8192;
    send(400_000, 0);
    int acknowledged = 1;
    int longest = 0;
    for (int i = 0; i < 12 && !host.output.sent.isEmpty(); i++) {
      FakeOutput.Sent sent = host.output.sent.poll();
      assertThat(sent.gsoSize()).isEqualTo(1448);
      assertThat(sent.text().length + sent.header().headerLength() + 20)
          .isLessThanOrEqualTo(65_535);
      longest = Math.max(longest, sent.text().length);
      acknowledged += sent.text().length;
      peer.segment("A").seq(1).ack(acknowledged).stamps(701 + i, 0).send();
    }
    assertThat(longest).isEqualTo(45 * 1448);
  }
}
