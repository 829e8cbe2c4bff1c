package org.penstock.core.internal.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;
import org.penstock.core.api.StackBuilder;
import org.penstock.core.api.TcpSettings;

/** Buffers that follow need: the receive window what the user takes, the send queue the window. */
class BufferSizingTest extends TcpScript {

  private static final int MOST = 4 << 20;
  private static final int INITIAL = 128 << 10;
  private static final long RTT = 50 * Host.MILLIS;

  private int sent = 1;

  @Override
  StackBuilder builder() {
    return new StackBuilder("test").buffers(MOST, MOST);
  }

  private void connectedOver(long rtt) {
    connecting();
    host.runTo(host.now() + rtt);
    peer.segment("SA").ack(1).mss(MSS).scale(7).send();
    peer.expect("A");
  }

  private int window() {
    return connection.receiver().edge() - connection.receiver().next();
  }

  /** The peer sends that much, spread evenly over a time. */
  private void roundTrip(int bytes, long time) {
    long begin = host.now();
    for (int done = 0; done < bytes; ) {
      int part = Math.min(bytes - done, MSS);
      peer.segment("A").seq(sent).ack(1).text(part, sent).send();
      sent += part;
      done += part;
      host.runTo(begin + time * done / bytes);
    }
    peer.ignoreSent();
  }

  // ---- receiving ----

  @Test
  void theFirstWindowIsSmallAndItsScaleIsForTheLargest() {
    connecting();
    peer.segment("SA").ack(1).mss(MSS).scale(7).send();
    int scale = connection.receiver().shift();
    assertThat(0xffff << scale).isGreaterThanOrEqualTo(MOST);
    assertThat(0xffff << scale - 1).isLessThan(MOST);
    peer.expect("A").win(INITIAL >>> scale);
  }

  @Test
  void aPeerInSlowStartFindsARoomyWindowInEachRoundTrip() {
    connectedOver(RTT);
    int flight = 10 * MSS;
    while (flight < MOST / 2) {
      assertThat(window()).isGreaterThan(flight * 9 / 10);
      roundTrip(flight, RTT);
      flight *= 2;
    }
    roundTrip(flight, RTT);
    assertThat(window()).isBetween(MOST - MSS, MOST);
    assertThat(user.read.size()).isEqualTo(sent - 1);
  }

  @Test
  void underASteadyPeerTheLimitComesToRest() {
    connectedOver(RTT);
    for (int i = 0; i < 10; i++) {
      roundTrip(200_000, RTT);
    }
    int limit = connection.receiver().limit();
    // Two round trips' worth, and what the growth at the beginning promised.
    assertThat(limit).isBetween(400_000, 1_300_000);
    for (int i = 0; i < 50; i++) {
      roundTrip(200_000, RTT);
    }
    assertThat(connection.receiver().limit()).isEqualTo(limit);
  }

  @Test
  void aPeerThatSendsLittleKeepsTheFirstLimit() {
    connectedOver(RTT);
    for (int i = 0; i < 50; i++) {
      roundTrip(20_000, RTT);
    }
    assertThat(connection.receiver().limit()).isEqualTo(INITIAL);
  }

  @Test
  void aUserThatDoesNotTakeKeepsTheFirstLimit() {
    connectedOver(RTT);
    user.reading = false;
    roundTrip(window(), RTT);
    host.runTo(host.now() + 10 * RTT);
    assertThat(connection.receiver().limit()).isEqualTo(INITIAL);
    assertThat(connection.receiver().queue().bytes()).isEqualTo(INITIAL);
  }

  @Test
  void aRoundTripShorterThanAUsersTurnGrowsAsWell() {
    connectedOver(20_000);
    for (int i = 0; i < 20; i++) {
      roundTrip(window(), 2 * Host.MILLIS);
    }
    assertThat(connection.receiver().limit()).isEqualTo(MOST);
  }

  @Test
  void theWindowNeverMovesBackWhileItGrows() {
    connectedOver(RTT);
    int edge = connection.receiver().edge();
    for (int i = 0; i < 40; i++) {
      user.reading = i % 3 != 0;
      roundTrip(Math.min(window(), 300_000), RTT);
      assertThat(connection.receiver().edge() - edge).isNotNegative();
      edge = connection.receiver().edge();
    }
  }

  @Test
  void aLimitThatTheUserNamesHoldsFromTheBeginningAndDoesNotGrow() {
    settings = TcpSettings.DEFAULT.withBuffers(0, 1 << 20);
    connectedOver(RTT);
    assertThat(window()).isBetween((1 << 20) - 256, 1 << 20);
    for (int i = 0; i < 10; i++) {
      roundTrip(window(), RTT);
    }
    assertThat(connection.receiver().limit()).isEqualTo(1 << 20);
  }

  @Test
  void aChangeOfOtherSettingsDoesNotTakeBackWhatHasGrown() {
    connectedOver(RTT);
    for (int i = 0; i < 10; i++) {
      roundTrip(window(), RTT);
    }
    host.inside(() -> connection.settings(TcpSettings.DEFAULT.withNoDelay(true)));
    assertThat(connection.receiver().limit()).isEqualTo(MOST);
  }

  // ---- sending ----

  @Test
  void theSendQueueTakesTwiceTheCongestionWindow() {
    connectedOver(RTT);
    assertThat(connection.sendRoom()).isEqualTo(256 << 10);
    connection.sender().congestion().state().window(1 << 20);
    assertThat(connection.sendRoom()).isEqualTo(2 << 20);
    connection.sender().congestion().state().window(64 << 20);
    assertThat(connection.sendRoom()).isEqualTo(MOST);
  }

  @Test
  void aSendLimitThatTheUserNamesHolds() {
    settings = TcpSettings.DEFAULT.withBuffers(1 << 20, 0);
    connectedOver(RTT);
    assertThat(connection.sendRoom()).isEqualTo(1 << 20);
    connection.sender().congestion().state().window(64 << 20);
    assertThat(connection.sendRoom()).isEqualTo(1 << 20);
  }

  @Test
  void aSendQueueWhoseWindowCollapsedDoesNotStandStill() {
    // PITFALLS 18: the auto-tuned send buffer stalls.
    connectedOver(RTT);
    peer.window = 0xffff;
    byte[] bytes = Peer.pattern(6 << 20, 1);
    int[] given = {0};
    user.reaction =
        (what, of) -> {
          int count =
              of.send(MemorySegment.ofArray(bytes), given[0], bytes.length - given[0], true);
          given[0] += count;
        };
    host.inside(() -> user.reaction.accept("begin", connection));
    int acknowledged = 1;
    long begin = host.now();
    boolean lost = false;
    while (acknowledged <= bytes.length && host.now() - begin < 60 * Host.SECOND) {
      if (!lost && acknowledged > 3 << 20) {
        // Everything is lost at the height of the window, and more than the limit is queued then.
        lost = true;
        host.output.sent.clear();
        host.runTo(host.now() + 2 * Host.SECOND);
        assertThat(connection.queued()).isGreaterThan(connection.sendRoom());
      }
      while (!host.output.sent.isEmpty()) {
        var segment = host.output.sent.poll();
        int from = segment.header().sequence() - peer.theirIss;
        if (from <= acknowledged && from + segment.text().length > acknowledged) {
          acknowledged = from + segment.text().length;
        }
      }
      host.runTo(host.now() + RTT);
      peer.segment("A").seq(1).ack(acknowledged).send();
    }
    assertThat(given[0]).isEqualTo(bytes.length);
    assertThat(acknowledged).isEqualTo(bytes.length + 1);
  }
}
