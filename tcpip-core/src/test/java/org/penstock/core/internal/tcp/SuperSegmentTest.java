package org.penstock.core.internal.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.penstock.api.view.Counter;
import org.penstock.core.api.StackBuilder;
import org.penstock.core.api.TcpSettings;

/** Segmentation and receive coalescing by the device. */
class SuperSegmentTest extends TcpScript {

  @Override
  StackBuilder builder() {
    return new StackBuilder("test").buffers(1 << 20, 1 << 20);
  }

  private void offloaded() {
    settings = TcpSettings.DEFAULT.withBuffers(1 << 20, 1 << 20);
    connecting();
    host.output.segmentation = 65_535;
    peer.segment("SA").ack(1).mss(MSS).scale(7).win(65_535).send();
    peer.expect("A");
    peer.window = 8192;
  }

  @Test
  void theWindowIsFilledByOneSuperSegmentOfFullSegments() {
    offloaded();
    send(200_000, 0);
    peer.expect("A").seq(1).text(14_600, 0).gso(1460);
    peer.expectNothing();
    assertThat(host.count(Counter.TCP_OUT_SEGMENTS)).isEqualTo(2 + 10);
    peer.segment("A").seq(1).ack(14_601).send();
    peer.expect("A").seq(14_601).text(29_200, 14_600).gso(1460);
    peer.segment("A").seq(1).ack(43_801).send();
    peer.expect("A").seq(43_801).length(40 * 1460).gso(1460);
    peer.segment("A").seq(1).ack(102_201).send();
    // Up to 44 segments, the whole of 64 KiB.
    peer.expect("A").seq(102_201).length(44 * 1460).gso(1460);
  }

  @Test
  void theTailRidesAlongAndPushes() {
    offloaded();
    send(10_000, 0);
    peer.expect("PA").text(10_000, 0).gso(1460);
    send(1000, 0);
    peer.expectNothing();
  }

  @Test
  void aSingleSegmentIsNoSuperSegment() {
    offloaded();
    send(1460, 0);
    peer.expect("PA").length(1460).gso(0);
  }

  @Test
  void aRetransmissionAfterATimeoutMayBeSuperToo() {
    offloaded();
    send(14_600, 0);
    peer.expect("PA").length(14_600);
    peer.expectAfter(200, "A").seq(1).length(1460).gso(0);
    peer.segment("A").seq(1).ack(1461).send();
    peer.expect("A").seq(1461).text(2920, 1460).gso(1460);
    assertThat(host.count(Counter.TCP_RETRANSMITTED)).isEqualTo(3);
  }

  @Test
  void whereAcknowledgementsAreOnTheWayALongerSuperSegmentIsWaitedFor() {
    offloaded();
    int acknowledged = 1;
    send(1_000_000, 0);
    while (connection.sender().inFlight() < 3 * 64_240) {
      FakeOutput.Sent sent = host.output.sent.poll();
      acknowledged = sent.end() - peer.theirIss;
      peer.segment("A").seq(1).ack(acknowledged).send();
    }
    host.output.sent.clear();
    int fresh = 0;
    for (int i = 1; i <= 88; i++) {
      peer.segment("A").seq(1).ack(acknowledged + i * 1460).send();
      for (FakeOutput.Sent sent = host.output.sent.poll();
          sent != null;
          sent = host.output.sent.poll()) {
        assertThat(sent.text().length).isEqualTo(64_240);
        fresh++;
      }
    }
    assertThat(fresh).isGreaterThan(1);
  }

  @Test
  void aSuperSegmentReceivedIsOneLongSegment() {
    offloaded();
    peer.segment("PA").seq(1).ack(1).text(43_800, 0).gso(1460).send();
    peer.expect("A").ack(43_801);
    peer.expectNothing();
    assertThat(user.read.toByteArray()).isEqualTo(Peer.pattern(43_800, 0));
  }

  @Test
  void aSuperSegmentAheadOfAGapIsAsManyDuplicates() {
    offloaded();
    peer.segment("A").seq(1461).ack(1).text(5 * 1460 + 10, 1460).gso(1460).send();
    for (int i = 0; i < 6; i++) {
      peer.expect("A").ack(1);
    }
    peer.expectNothing();
    peer.segment("A").seq(1).ack(1).text(1460, 0).send();
    peer.expect("A").ack(1 + 6 * 1460 + 10);
    assertThat(user.read.toByteArray()).isEqualTo(Peer.pattern(6 * 1460 + 10, 0));
  }

  @Test
  void aSuperSegmentBeyondTheWindowIsTakenInPart() {
    offloaded();
    user.reading = false;
    for (int at = 0; at < 1_040_000; at += 40_000) {
      peer.segment("A").seq(1 + at).ack(1).text(40_000, at).gso(1460).send();
    }
    peer.ignoreSent();
    int room = connection.receiver().window();
    assertThat(room).isBetween(1, 40_000);
    peer.segment("A").seq(1_040_001).ack(1).text(40_000, 1_040_000).gso(1460).send();
    peer.expect("A").ack(1_040_001 + room).win(0);
    user.readAll(connection);
    assertThat(user.read.toByteArray()).isEqualTo(Peer.pattern(1_040_000 + room, 0));
  }

  @Test
  void onePassesTheDriverWithoutAChecksum() {
    offloaded();
    host.checksum = org.penstock.api.buffer.ChecksumState.PARTIAL;
    peer.segment("PA").seq(1).ack(1).text(20_000, 0).gso(1460).send();
    assertThat(user.read.size()).isEqualTo(20_000);
  }

  @Test
  void largePayloadsStayWhereTheyAreAndSmallOnesAreCopied() {
    offloaded();
    user.reading = false;
    peer.segment("PA").seq(1).ack(1).text(1000, 0).send();
    assertThat(host.landingsOut()).isEqualTo(1);
    peer.segment("PA").seq(1001).ack(1).text(100, 1000).send();
    assertThat(host.landingsOut()).isEqualTo(1);
    var first = connection.take();
    assertThat(first.length()).isEqualTo(1100);
    first.release();
    connection.credit(1100);
    peer.segment("PA").seq(1101).ack(1).text(400, 1100).send();
    assertThat(host.landingsOut()).isZero();
    host.keepable = false;
    peer.segment("PA").seq(1501).ack(1).text(1460, 1500).send();
    assertThat(host.landingsOut()).isZero();
    user.readAll(connection);
    assertThat(user.read.toByteArray()).isEqualTo(Peer.pattern(1860, 1100));
  }
}
