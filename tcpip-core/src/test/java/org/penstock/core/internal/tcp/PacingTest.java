package org.penstock.core.internal.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** Segments are spread by the rate that congestion control names. */
class PacingTest extends TcpScript {

  private void connectedAt(long bytesPerSecond) {
    host.congestion.add(new FixedRate(bytesPerSecond));
    host.congestion.prefer(FixedRate.NAME);
    settings = settings.withBuffers(65_535, 65_535);
    connected();
    peer.segment("A").seq(1).ack(1).win(65_535).send();
    peer.ignoreSent();
  }

  private int at(int segment) {
    return 1 + segment * MSS;
  }

  @Test
  void twoSegmentsGoAtOnceAndTheNextWhenTheirTimeIsOver() {
    connectedAt(1_000_000);
    long begin = host.now();
    send(7 * MSS, 0);
    for (int pair = 0; pair < 3; pair++) {
      host.runTo(begin + pair * 2_920_000L);
      peer.expect("A").seq(at(2 * pair));
      peer.expect("A").seq(at(2 * pair + 1));
      peer.expectNothing();
      host.runTo(begin + (pair + 1) * 2_920_000L - 1);
      peer.expectNothing();
    }
    host.runTo(begin + 3 * 2_920_000L);
    peer.expect("PA").seq(at(6));
  }

  @Test
  void withoutARateEverythingGoesAtOnceAndNoTimerIsSet() {
    connected();
    send(10 * MSS, 0);
    assertThat(host.output.sent).hasSize(10);
    assertThat(connection.timers().isArmed(ConnectionTimers.PACING)).isFalse();
  }

  @Test
  void acknowledgementsDoNotHastenIt() {
    connectedAt(1_000_000);
    send(10 * MSS, 0);
    peer.ignoreSent();
    peer.segment("A").seq(1).ack(at(2)).send();
    peer.expectNothing();
  }

  @Test
  void aSuperSegmentIsAMillisecondLong() {
    host.output.segmentation = 65_536;
    connectedAt(20_000_000);
    long begin = host.now();
    send(40 * MSS, 0);
    peer.expect("A").seq(1).length(13 * MSS).gso(MSS);
    peer.expect("A").seq(at(13)).length(13 * MSS);
    peer.expectNothing();
    host.runTo(begin + 3 * Host.MILLIS);
    assertThat(connection.sender().unsentText()).isLessThanOrEqualTo(MSS);
  }

  @Test
  void aFastRetransmitDoesNotWait() {
    connectedAt(1_000_000);
    send(20 * MSS, 0);
    host.runTo(host.now() + 15 * Host.MILLIS);
    peer.ignoreSent();
    for (int i = 0; i < 3; i++) {
      peer.segment("A").seq(1).ack(1).send();
    }
    peer.expect("A").seq(1).text(MSS, 0);
  }

  @Test
  void whatHasNothingToSendSetsNoTimer() {
    connectedAt(1_000_000);
    send(2 * MSS, 0);
    peer.ignoreSent();
    peer.segment("A").seq(1).ack(at(1)).send();
    assertThat(connection.timers().isArmed(ConnectionTimers.PACING)).isFalse();
    host.runTo(host.now() + 3 * Host.MILLIS);
    host.check();
  }

  @Test
  void whenPacingEndsTheRestGoesAtOnce() {
    connectedAt(1_000_000);
    send(10 * MSS, 0);
    peer.ignoreSent();
    host.congestion.prefer("newreno");
    peer.segment("A").seq(1).ack(at(2)).send();
    assertThat(host.output.sent).hasSize(8);
  }

  // ---- the bucket itself ----

  @Test
  void overTimeTheRateIsTheOneAskedForHoweverLateTheTimersAre() {
    Random random = new Random(1);
    for (long rate : new long[] {10_000, 1_000_000, 125_000_000, 12_500_000_000L}) {
      Pacing pacing = new Pacing();
      pacing.begin(0);
      long quantum = Pacing.quantum(rate, MSS);
      long sent = 0;
      long now = 0;
      while (now < 20 * Host.SECOND) {
        while (pacing.isDue(rate, MSS, now)) {
          int bytes = (int) Math.min(quantum, 64_000);
          pacing.sent(bytes);
          sent += bytes;
        }
        // Never later than the time that a quantum takes.
        now = Math.max(now + 1, pacing.due(rate)) + random.nextLong(quantum * Host.SECOND / rate);
      }
      double seconds = (double) now / Host.SECOND;
      assertThat(sent / seconds).isCloseTo(rate, within(0.02 * rate));
    }
  }

  @Test
  void afterAnIdleTimeTwoQuantaGoAtOnceAtMost() {
    Pacing pacing = new Pacing();
    pacing.begin(0);
    int sent = 0;
    while (pacing.isDue(1_000_000, MSS, 3_600 * Host.SECOND)) {
      pacing.sent(MSS);
      sent++;
    }
    assertThat(sent).isEqualTo(4);
  }

  @Test
  void aNewRateCountsForWhatIsOwedAlready() {
    Pacing pacing = new Pacing();
    pacing.begin(0);
    assertThat(pacing.isDue(1_000, MSS, 0)).isTrue();
    pacing.sent(2 * MSS);
    assertThat(pacing.isDue(1_000, MSS, 0)).isFalse();
    assertThat(pacing.due(1_000)).isEqualTo(2_920 * Host.MILLIS);
    assertThat(pacing.due(2_000)).isEqualTo(1_460 * Host.MILLIS);
    assertThat(pacing.isDue(1_000_000, MSS, 2_920_000)).isTrue();
  }

  @Test
  void noRateAndNoTimeIsTooMuch() {
    Pacing pacing = new Pacing();
    pacing.begin(Long.MIN_VALUE / 2);
    assertThat(pacing.isDue(Long.MAX_VALUE, MSS, Long.MAX_VALUE / 4)).isTrue();
    pacing.sent(1 << 30);
    assertThat(pacing.due(Long.MAX_VALUE)).isGreaterThan(Long.MAX_VALUE / 4 - Host.SECOND);
    assertThat(pacing.isDue(1, 65_535, Long.MAX_VALUE / 4 + 1)).isFalse();
    assertThat(pacing.due(1)).isGreaterThan(Long.MAX_VALUE / 4);
  }
}
