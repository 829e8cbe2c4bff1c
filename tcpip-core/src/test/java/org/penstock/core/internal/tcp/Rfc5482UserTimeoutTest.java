package org.penstock.core.internal.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.penstock.core.api.TcpSettings;
import org.penstock.core.internal.wire.TcpOption;

/** RFC 5482: what both sides tell each other of how long they wait. */
class Rfc5482UserTimeoutTest extends TcpScript {

  @BeforeEach
  void enable() {
    settings = TcpSettings.DEFAULT.withUserTimeoutOption(true);
  }

  private static TcpOption.UserTimeout seconds(int seconds) {
    return new TcpOption.UserTimeout(false, seconds);
  }

  private static boolean hasOption(Peer.Expect segment) {
    return segment.sent.header().options().stream()
        .anyMatch(TcpOption.UserTimeout.class::isInstance);
  }

  private long timeout() {
    return connection.userTimeout().nanos();
  }

  // ---- telling ----

  @Test
  void ourSynAndTheFirstSegmentAfterItTell() {
    settings = settings.withUserTimeout(250 * Host.SECOND);
    connection = host.connect(1024, peer.transport(), settings, user);
    peer.theirIss = host.output.sent.peek().header().sequence();
    peer.expect("S").option(seconds(250));
    peer.segment("SA").ack(1).mss(MSS).send();
    peer.expect("A").option(seconds(250));
    send("x");
    assertThat(hasOption(peer.expect("PA"))).isFalse();
  }

  @Test
  void soDoTheSynAckAndTheFirstSegmentAfterIt() {
    settings = settings.withUserTimeout(250 * Host.SECOND);
    accepted();
    send("x");
    peer.expect("PA").option(seconds(250));
  }

  @Test
  void besideTimestampsAndBlocksThereIsRoom() {
    settings = settings.withUserTimeout(100_000 * Host.SECOND);
    connecting();
    peer.segment("SA").ack(1).mss(MSS).sackPermitted().stamps(1, 0).deliver();
    for (int i = 1; i < 6; i += 2) {
      peer.segment("A").seq(1 + 100 * i).ack(1).stamps(1, 0).text(100, 100 * i).deliver();
    }
    host.finish();
    Peer.Expect first = peer.expect("A").option(new TcpOption.UserTimeout(true, 1667));
    assertThat(first.sent.header().headerLength()).isLessThanOrEqualTo(60);
    first.sack(301, 401, 101, 201);
    peer.expect("A").sack(501, 601, 301, 401, 101, 201);
  }

  @Test
  void aChangeIsTold() {
    settings = settings.withUserTimeout(250 * Host.SECOND);
    connected();
    host.inside(() -> connection.settings(settings.withUserTimeout(300 * Host.SECOND)));
    peer.expect("A").option(seconds(300));
    host.inside(() -> connection.settings(settings.withUserTimeout(300 * Host.SECOND)));
    peer.expectNothing();
  }

  @Test
  void aFullSegmentStaysOneTheNextThatHasRoomTells() {
    settings = settings.withUserTimeout(250 * Host.SECOND);
    accepted();
    send(1470, 0);
    assertThat(hasOption(peer.expect("A").length(1460))).isFalse();
    peer.expect("PA").length(10).option(seconds(250));
  }

  @Test
  void unlessEnabledNothingIsToldOrTaken() {
    settings = TcpSettings.DEFAULT.withUserTimeout(250 * Host.SECOND);
    connection = host.connect(1024, peer.transport(), settings, user);
    peer.theirIss = host.output.sent.peek().header().sequence();
    assertThat(hasOption(peer.expect("S"))).isFalse();
    settings = TcpSettings.DEFAULT;
    host = new Host("192.0.2.1", builder());
    peer = new Peer(host, 1024, 80);
    connecting();
    peer.segment("SA").ack(1).mss(MSS).option(seconds(200)).send();
    assertThat(timeout()).isZero();
  }

  // ---- taking ----

  @Test
  void withoutOneOfOurOwnThePeersIsTaken() {
    connecting();
    peer.segment("SA").ack(1).mss(MSS).option(seconds(200)).send();
    peer.expect("A");
    assertThat(timeout()).isEqualTo(200 * Host.SECOND);
    peer.segment("A").seq(1).ack(1).option(seconds(300)).send();
    assertThat(timeout()).isEqualTo(300 * Host.SECOND);
    send("nobody is there");
    host.runTo(host.now() + 299 * Host.SECOND);
    assertThat(user.told).noneMatch(what -> what.startsWith("failed"));
    host.runTo(host.now() + 2 * Host.SECOND);
    assertThat(user.told).endsWith("failed TIMED_OUT");
  }

  @Test
  void withinLimits() {
    connected();
    peer.segment("A").seq(1).ack(1).option(seconds(1)).send();
    assertThat(timeout()).isEqualTo(100 * Host.SECOND);
    peer.segment("A").seq(1).ack(1).option(new TcpOption.UserTimeout(true, 30_000)).send();
    assertThat(timeout()).isEqualTo(3600 * Host.SECOND);
    peer.segment("A").seq(1).ack(1).option(seconds(0)).send();
    assertThat(timeout()).isEqualTo(3600 * Host.SECOND);
  }

  @Test
  void ourOwnStands() {
    settings = settings.withUserTimeout(30 * Host.SECOND);
    connected();
    peer.segment("A").seq(1).ack(1).option(seconds(500)).send();
    assertThat(timeout()).isEqualTo(30 * Host.SECOND);
  }

  @Test
  void whatIsNotAcceptableAsksForNothing() {
    connected();
    peer.segment("A").seq(-100_000).ack(1).option(seconds(500)).send();
    peer.segment("A").seq(1).ack(100_000).option(seconds(500)).send();
    assertThat(timeout()).isZero();
  }
}
