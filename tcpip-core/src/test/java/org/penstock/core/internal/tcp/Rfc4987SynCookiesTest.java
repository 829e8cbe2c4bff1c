package org.penstock.core.internal.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.penstock.api.view.Counter;
import org.penstock.api.view.DropReason;
import org.penstock.core.api.EcnUse;
import org.penstock.core.api.StackBuilder;
import org.penstock.core.api.SynCookies;
import org.penstock.core.internal.wire.TcpOption;

/** RFC 4987 §3.6 and PITFALLS 24: SYN floods, and cookies against them. */
class Rfc4987SynCookiesTest extends TcpScript {

  @Override
  StackBuilder builder() {
    return new StackBuilder("test").buffers(1 << 20, 1 << 20);
  }

  /** The peer's SYN was sent; takes the cookie out of the answer. */
  private Peer.Expect cookie() {
    peer.theirIss = host.output.sent.peek().header().sequence();
    return peer.expect("SA").seq(0).ack(1);
  }

  private void full() {
    listening(2);
    for (int port = 1; port <= 2; port++) {
      peer = new Peer(host, 80, port);
      peer.segment("S").mss(MSS).send();
    }
    host.output.sent.clear();
    peer = new Peer(host, 80, 3);
  }

  private void always() {
    host = new Host("192.0.2.1", builder().synCookies(SynCookies.ALWAYS));
    listening(8);
  }

  private void acceptedByCookie() {
    connection = acceptor.connections.getLast();
    user = acceptor.users.getLast();
  }

  // ---- no state before the acknowledgement ----

  @Test
  void aFullBacklogIsAnsweredByACookieAndNothingIsRemembered() {
    full();
    peer.segment("S").mss(MSS).send();
    cookie();
    assertThat(host.views()).hasSize(3);
    assertThat(host.cell.timers().size()).isEqualTo(2);
    assertThat(host.count(Counter.TCP_COOKIES_SENT)).isEqualTo(1);
    assertThat(host.count(DropReason.TCP_BACKLOG_FULL)).isZero();
    peer.segment("A").seq(1).ack(1).send();
    acceptedByCookie();
    assertThat(state()).isEqualTo("ESTABLISHED");
    assertThat(host.count(Counter.TCP_COOKIES_ACCEPTED)).isEqualTo(1);
    peer.expectNothing();
  }

  @Test
  void aFloodOfSynsCostsNoMemoryAndKeepsNobodyOut() {
    listening(16);
    for (int port = 1; port <= 20_000; port++) {
      peer = new Peer(host, 80, port);
      peer.segment("S").mss(MSS).stamps(port, 0).send();
      host.output.sent.clear();
    }
    assertThat(host.views()).hasSize(1 + 16);
    for (int port = 30_000; port < 30_010; port++) {
      peer = new Peer(host, 80, port);
      peer.segment("S").mss(MSS).send();
      cookie();
      peer.segment("PA").seq(1).ack(1).text("let me in").send();
      peer.ignoreSent();
      assertThat(acceptor.users.getLast().text()).isEqualTo("let me in");
    }
    // The forged ones give their units back, and then no cookie is needed.
    host.runTo(host.now() + 64 * Host.SECOND);
    host.output.sent.clear();
    long sent = host.count(Counter.TCP_COOKIES_SENT);
    peer = new Peer(host, 80, 40_000);
    peer.segment("S").mss(MSS).send();
    cookie();
    assertThat(host.count(Counter.TCP_COOKIES_SENT)).isEqualTo(sent);
  }

  @Test
  void switchedOffASynBeyondTheBacklogIsDropped() {
    host = new Host("192.0.2.1", builder().synCookies(SynCookies.OFF));
    full();
    peer.segment("S").mss(MSS).send();
    peer.expectNothing();
    assertThat(host.count(DropReason.TCP_BACKLOG_FULL)).isEqualTo(1);
  }

  @Test
  void aQueueThatIsFullGetsNoCookieEither() {
    acceptor.accepting = false;
    always();
    for (int port = 1; port <= 8; port++) {
      peer = new Peer(host, 80, port);
      peer.segment("S").mss(MSS).send();
      cookie();
      peer.segment("A").seq(1).ack(1).send();
    }
    peer = new Peer(host, 80, 9);
    peer.segment("S").mss(MSS).send();
    peer.expectNothing();
    assertThat(host.count(Counter.TCP_LISTEN_OVERFLOWS)).isEqualTo(1);
  }

  @Test
  void aCookieThatComesBackToAFullQueueIsNotAnsweredUntilThereIsRoom() {
    acceptor.accepting = false;
    host = new Host("192.0.2.1", builder().synCookies(SynCookies.ALWAYS));
    listening(1);
    peer.segment("S").mss(MSS).send();
    cookie();
    Peer late = peer;
    peer = new Peer(host, 80, 2);
    peer.segment("S").mss(MSS).send();
    cookie();
    peer.segment("A").seq(1).ack(1).send();
    late.segment("A").seq(1).ack(1).send();
    late.expectNothing();
    assertThat(acceptor.connections).hasSize(1);
    acceptor.listener.accepted();
    late.segment("PA").seq(1).ack(1).text("patience").send();
    assertThat(acceptor.connections).hasSize(2);
    assertThat(acceptor.users.getLast().text()).isEqualTo("patience");
  }

  @Test
  void timeWaitDoesNotGiveWayToACookie() {
    host = new Host("192.0.2.1", builder().synCookies(SynCookies.ALWAYS));
    listening(8);
    peer.segment("S").mss(MSS).send();
    cookie();
    peer.segment("A").seq(1).ack(1).send();
    acceptedByCookie();
    release();
    peer.expect("FA");
    peer.segment("FA").seq(1).ack(2).send();
    peer.expect("A");
    peer.segment("S").seq(1000).mss(MSS).send();
    peer.expectNothing();
    assertThat(host.views()).hasSize(2);
  }

  // ---- what a cookie is good for ----

  @Test
  void itIsGoodForOneToTwoSlotsOf64Seconds() {
    always();
    peer.segment("S").mss(MSS).send();
    cookie();
    host.runTo(host.now() + 64 * Host.SECOND);
    peer.segment("A").seq(1).ack(1).send();
    acceptedByCookie();
    assertThat(state()).isEqualTo("ESTABLISHED");

    peer = new Peer(host, 80, 2);
    peer.segment("S").mss(MSS).send();
    cookie();
    host.runTo(host.now() + 128 * Host.SECOND);
    peer.segment("A").seq(1).ack(1).send();
    peer.expect("R").seq(1);
    assertThat(acceptor.connections).hasSize(1);
    assertThat(host.count(Counter.TCP_COOKIES_REJECTED)).isEqualTo(1);
  }

  @Test
  void anythingElseOfTheFlowThatIsNotAsItWasIsRefused() {
    always();
    peer.segment("S").mss(MSS).send();
    cookie();
    // Another number of ours, of the peer's, another port, and a SYN.
    peer.segment("A").seq(1).ack(2).send();
    peer.expect("R").seq(2);
    peer.segment("A").seq(2).ack(1).send();
    peer.expect("R").seq(1);
    Peer other = new Peer(host, 80, 1025);
    other.theirIss = peer.theirIss;
    other.segment("A").seq(1).ack(1).send();
    other.expect("R").seq(1);
    peer.segment("SA").seq(1).ack(1).send();
    peer.expect("R").seq(1);
    assertThat(acceptor.connections).isEmpty();
    assertThat(host.views()).hasSize(1);
    assertThat(host.count(Counter.TCP_COOKIES_REJECTED)).isEqualTo(4);
  }

  @Test
  void whereNoneWasSentLatelyNoneIsLookedFor() {
    listening(8);
    peer.segment("A").seq(1).ack(1).send();
    peer.expect("R").seq(1);
    assertThat(host.count(Counter.TCP_COOKIES_REJECTED)).isZero();
  }

  @Test
  void nobodyGuessesOne() {
    always();
    peer.segment("S").mss(MSS).send();
    cookie();
    Random random = new Random(4987);
    for (int i = 0; i < 200_000; i++) {
      peer.segment("A").seq(1).ack(2 + random.nextInt(1 << 24)).send();
      host.output.sent.clear();
    }
    // 24 bits are hashed: by chance one in 84.
    assertThat(acceptor.connections).isEmpty();
  }

  @Test
  void cookiesOfAFlowGrowFromSlotToSlotAndOtherwiseTellNothing() {
    always();
    Set<Integer> hashes = new HashSet<>();
    int before = 0;
    for (int slot = 0; slot < 20; slot++) {
      peer.segment("S").mss(MSS).send();
      cookie();
      int cookie = peer.theirIss;
      if (slot > 0) {
        // RFC 9293 §3.4.1: numbers that were used before are behind.
        assertThat(cookie - before).isBetween(1 << 26, 3 << 26);
      }
      before = cookie;
      hashes.add(cookie & 0xff_ffff);
      host.runTo(host.now() + 64 * Host.SECOND);
    }
    assertThat(hashes).hasSize(20);
  }

  @Test
  void everyStackHasItsOwn() {
    always();
    peer.segment("S").mss(MSS).send();
    cookie();
    int mine = peer.theirIss;
    host = new Host("192.0.2.1", builder().synCookies(SynCookies.ALWAYS), 2, null);
    listening(8);
    peer.segment("S").mss(MSS).send();
    cookie();
    assertThat(peer.theirIss).isNotEqualTo(mine);
  }

  // ---- what it remembers ----

  @Test
  void theSegmentSizeIsTheNextOneBelow() {
    always();
    int port = 100;
    int[][] sizes = {
      {0, 536},
      {1, 48},
      {535, 48},
      {536, 536},
      {1300, 1220},
      {1440, 1440},
      {1460, 1460},
      {9000, 1460}
    };
    for (int[] size : sizes) {
      peer = new Peer(host, 80, port++);
      Peer.Inject syn = peer.segment("S");
      if (size[0] > 0) {
        syn.mss(size[0]);
      }
      syn.send();
      cookie();
      peer.segment("A").seq(1).ack(1).send();
      acceptedByCookie();
      // 9000 is more than our own way carries.
      assertThat(connection.sender().segmentSize()).isEqualTo(size[1]);
    }
  }

  @Test
  void withoutTimestampsThereIsNoScaleAndNoSack() {
    always();
    peer.segment("S").mss(MSS).scale(7).sackPermitted().send();
    assertThat(cookie().sent.header().options())
        .containsExactly(new TcpOption.MaximumSegmentSize(1460));
    peer.segment("A").seq(1).ack(1).win(1000).send();
    acceptedByCookie();
    assertThat(connection.options().isScaling()).isFalse();
    assertThat(connection.options().hasSack()).isFalse();
    assertThat(connection.sender().window().bytes()).isEqualTo(1000);
    assertThat(connection.receiver().shift()).isZero();
  }

  @Test
  void scaleAndSackRideInTheTimestamps() {
    always();
    int port = 100;
    for (int offered = 0; offered < 32; offered++) {
      int scale = (offered & 15) - 1;
      boolean sack = offered >= 16;
      peer = new Peer(host, 80, port++);
      host.runTo(host.now() + 13 * Host.MILLIS);
      Peer.Inject syn = peer.segment("S").mss(MSS).stamps(700, 0);
      if (scale >= 0) {
        syn.scale(scale);
      }
      if (sack) {
        syn.sackPermitted();
      }
      syn.send();
      Peer.Expect answer = cookie().echo(700);
      assertThat(answer.sent.header().options()).hasSize(2 + (scale >= 0 ? 1 : 0) + (sack ? 1 : 0));
      int stamp = answer.stamps().value();
      peer.segment("A").seq(1).ack(1).win(100).stamps(701, stamp).send();
      acceptedByCookie();
      assertThat(connection.options().isScaling()).isEqualTo(scale >= 0);
      assertThat(connection.options().hasSack()).isEqualTo(sack);
      assertThat(connection.options().hasTimestamps()).isTrue();
      assertThat(connection.sender().window().bytes()).isEqualTo(100 << Math.max(0, scale));
      // RFC 7323 §5.4: the clock of the connection goes on from there, and not backwards.
      int now = connection.timestamps().value(host.now());
      assertThat(now - stamp).isBetween(0, 128);
      assertThat(connection.timestamps().recent()).isEqualTo(701);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "PASSIVE, SEW, true, true",
    "ON, SEW, true, true",
    "OFF, SEW, true, false",
    "PASSIVE, S, true, false",
    "PASSIVE, SE, true, false",
    "PASSIVE, SEW, false, false",
  })
  void ecnRidesInTheTimestamps(EcnUse use, String syn, boolean timestamps, boolean granted) {
    host = new Host("192.0.2.1", builder().synCookies(SynCookies.ALWAYS).ecn(use));
    listening(8);
    Peer.Inject asked = peer.segment(syn).mss(MSS);
    (timestamps ? asked.stamps(700, 0) : asked).send();
    peer.theirIss = host.output.sent.peek().header().sequence();
    Peer.Expect answer = peer.expect(granted ? "SAE" : "SA").seq(0).ack(1).ecn(0);
    Peer.Inject last = peer.segment("A").seq(1).ack(1);
    (timestamps ? last.stamps(701, answer.stamps().value()) : last).send();
    acceptedByCookie();
    send("x");
    peer.expect("PA").ecn(granted ? Ecn.ECT : Ecn.NOT_ECT);
  }

  @Test
  void aPeerThatForgetsItsTimestampsHasNone() {
    always();
    peer.segment("S").mss(MSS).scale(7).stamps(700, 0).send();
    cookie();
    peer.segment("A").seq(1).ack(1).win(100).send();
    acceptedByCookie();
    assertThat(connection.options().hasTimestamps()).isFalse();
    assertThat(connection.options().isScaling()).isFalse();
  }

  @Test
  void aTransferOverAConnectionThatACookieBroughtBack() {
    always();
    peer.segment("S").mss(MSS).scale(7).sackPermitted().stamps(700, 0).send();
    int stamp = cookie().stamps().value();
    // The acknowledgement was lost, and data is the first to come.
    peer.segment("PA").seq(1).ack(1).win(512).text("question").stamps(701, stamp).send();
    acceptedByCookie();
    assertThat(user.text()).isEqualTo("question");
    peer.expect("A").ack(9);
    send("answer");
    peer.expect("PA").seq(1).ack(9).text("answer");
    peer.expectAfter(connection.sender().rtt().timeout() / Host.MILLIS, "PA").text("answer");
    peer.segment("A").seq(9).ack(7).win(512).stamps(702, stamp).send();
    release();
    peer.expect("FA").seq(7);
    peer.segment("FA").seq(9).ack(8).stamps(703, stamp).send();
    assertThat(user.told).endsWith("closed");
  }

  @Test
  void aResetOfAHandshakeInACookieHasNothingToEnd() {
    always();
    peer.segment("S").mss(MSS).send();
    cookie();
    peer.segment("R").seq(1).send();
    peer.expectNothing();
    peer.segment("A").seq(1).ack(1).send();
    acceptedByCookie();
    assertThat(state()).isEqualTo("ESTABLISHED");
  }
}
